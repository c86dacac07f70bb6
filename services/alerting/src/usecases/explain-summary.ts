import { isResolved } from '../domain/alert.ts';
import { clockText } from '../domain/explanation-words.ts';
import type { StoredAlert } from '../ports.ts';
import type { GroupOutlook, IntegrationOutlook } from './group-outlook.ts';

export interface MutedBecause {
  readonly by: 'silence' | 'inhibition' | 'time interval' | 'flapping' | 'unsteady';
  readonly id: string;
  readonly reason: string;
}

interface Summed {
  readonly about: StoredAlert;
  /** undefined: there is no such alert, only its labels. */
  readonly alert: StoredAlert | undefined;
  readonly muted: readonly MutedBecause[];
  readonly groups: readonly GroupOutlook[];
}

/** Who would hear of it now, in a sentence or two. */
export function summaryOf({ about, alert, muted, groups }: Summed, nowMs: number): string {
  const told = groups.flatMap((group) => group.integrations.map((each) => ({ group, each })));
  const next = told.filter(({ each }) => each.notify);
  const before = told.filter(({ each }) => !each.notify && each.lastToldMs !== undefined);
  const mutes = muted.filter(({ by }) => by !== 'time interval');
  const because = mutes.length > 0 ? mutes : muted;
  const sentences = [
    ...next.map(({ group, each }) => `${who(group, each)} is told ${whenText(group.nextMs, nowMs)}.`),
    ...before.map(
      ({ group, each }) => `${who(group, each)} was told at ${clockText(each.lastToldMs ?? nowMs, nowMs)}; ${each.reason}.`,
    ),
  ];
  const acknowledged = alert?.acknowledged;
  const owner =
    acknowledged === undefined ? '' : ` ${acknowledged.by} acknowledged it at ${clockText(acknowledged.atMs, nowMs)}.`;
  if (next.length > 0) return `${sentences.join(' ')}${owner}`;
  if (isResolved(about, nowMs))
    return `Nobody: it ended at ${clockText(about.endsAtMs, nowMs)}.${before.length > 0 ? ` ${sentences.join(' ')}` : ''}`;
  if (because.length > 0) return `Nobody: ${because.map(({ reason }) => reason).join('; ')}.${owner}`;
  if (told.length === 0) {
    const receivers = [...new Set(groups.map(({ receiver }) => JSON.stringify(receiver)))].join(' and ');
    return `Nobody: receiver ${receivers} has nothing to tell by; give it a webhook, Slack or mail in the configuration.`;
  }
  if (sentences.length > 0) return `Nobody new. ${sentences.join(' ')}${owner}`;
  return `Nobody: ${[...new Set(told.map(({ each }) => each.reason))].join('; ')}.${owner}`;
}

const who = ({ receiver }: GroupOutlook, { integration }: IntegrationOutlook): string => `${receiver} (${integration})`;

const whenText = (ms: number, nowMs: number): string =>
  ms <= nowMs + 1000 ? 'at once' : ms - nowMs < 120_000 ? `in ${Math.ceil((ms - nowMs) / 1000)} s` : `at ${clockText(ms, nowMs)}`;
