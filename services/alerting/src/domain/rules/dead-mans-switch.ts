// The dead-man switch: an alert that fires because others do not come.
import { formatInstant } from '../instant.ts';
import type { LabelSet } from '../label-set.ts';
import { formatMatchers } from '../matcher.ts';
import type { WatchRule } from '../policy.ts';
import { formatPrometheusDuration } from '../prometheus-duration.ts';
import type { MadeAlert } from './rule.ts';

export const deadMansSwitch = 'DeadMansSwitch';
export const watchSource = 'watch';
/** Expected alerts are those pushed without a namespace, and theirs is this one. */
export const watchedNamespace = 'default';

/** What is remembered of a watch. */
export interface WatchState {
  /** When one that matches came last, or when the watch began. */
  readonly heardMs: number;
  /** While it fires. */
  readonly silence?: { readonly sinceMs: number; readonly endsAtMs: number; readonly labels: LabelSet };
}

/** The end it is given, and given anew by half: a process that is started again within it does not take silence for a return. */
const lastsMs = 24 * 3_600_000;

/**
 * What a watch amounts to now, and its alert where that begins, goes on or ends.
 *
 *   D1  it fires once none has come for `withinMs`, unless `hold` (then nobody may be called silent yet), and ends when one comes
 *   D2  what was heard in the future was heard now: a clock that stepped back does not make anybody alive
 */
export function decideSilence(
  watch: WatchRule,
  before: WatchState | undefined,
  heardMs: number,
  hold: boolean,
  nowMs: number,
): { state: WatchState; alerts: readonly MadeAlert[] } {
  const { name, matchers, withinMs, labels: own } = watch;
  const lastMs = Math.min(nowMs, Math.max(before?.heardMs ?? nowMs, heardMs));
  const silence = before?.silence;
  if (nowMs - lastMs < withinMs) return { state: { heardMs: lastMs }, alerts: endOf(before, nowMs) };
  if (silence === undefined && hold) return { state: { heardMs: lastMs }, alerts: [] };
  if (silence !== undefined && silence.endsAtMs - nowMs > lastsMs / 2) return { state: { heardMs: lastMs, silence }, alerts: [] };
  const labels = silence?.labels ?? {
    severity: 'critical',
    ...own,
    alertname: deadMansSwitch,
    tmws_source: watchSource,
    watch: name,
  };
  const next = { sinceMs: silence?.sinceMs ?? nowMs, endsAtMs: nowMs + lastsMs, labels };
  const within = formatPrometheusDuration(withinMs);
  const annotations = {
    summary: `no alert of ${name} has come for ${within}`,
    description: `${formatMatchers(matchers)} is expected every ${within}; the last came ${formatInstant(lastMs)}, or the watch began then`,
  };
  return { state: { heardMs: lastMs, silence: next }, alerts: [alertOf(next, next.endsAtMs, annotations)] };
}

/** The end of its alert, if it fires. */
export function endOf(state: WatchState | undefined, nowMs: number): readonly MadeAlert[] {
  if (state?.silence === undefined) return [];
  return [alertOf(state.silence, nowMs, { summary: `it is heard from again` })];
}

function alertOf(
  { sinceMs, labels }: NonNullable<WatchState['silence']>,
  endsAtMs: number,
  annotations: Readonly<Record<string, string>>,
): MadeAlert {
  const startsAt = formatInstant(Math.min(sinceMs, endsAtMs));
  return { namespace: watchedNamespace, posted: { labels, annotations, startsAt, endsAt: formatInstant(endsAtMs) } };
}
