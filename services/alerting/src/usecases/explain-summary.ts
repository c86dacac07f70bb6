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
  /** Who hears of it if nobody acknowledges it; empty: nobody does. */
  readonly escalation: string;
}

/** Who would hear of it now, in a sentence or two. */
export function summaryOf({ about, alert, muted, groups, escalation }: Summed, nowMs: number): string {
  const told = groups.flatMap((group) => group.integrations.map((each) => ({ group, each })));
  const next = told.filter(({ each }) => each.notify);
  const before = told.filter(({ each }) => !each.notify && each.lastToldMs !== undefined);
  const damped = muted.filter(({ by }) => by === 'unsteady' || by === 'flapping');
  const mutes = muted.filter((each) => each.by !== 'time interval' && !damped.includes(each));
  const because = mutes.length > 0 ? mutes : muted.filter((each) => !damped.includes(each));
  const sentences = [
    ...next.map(({ group, each }) => `${who(group, each)} is told ${whenText(group.nextMs, nowMs)}.`),
    ...before.map(
      ({ group, each }) => `${who(group, each)} was told at ${clockText(each.lastToldMs ?? nowMs, nowMs)}; ${each.reason}.`,
    ),
  ];
  const acknowledged = alert?.acknowledged;
  const owner =
    acknowledged !== undefined
      ? ` ${acknowledged.by} acknowledged it at ${clockText(acknowledged.atMs, nowMs)}.`
      : escalation === ''
        ? ''
        : ` ${escalation}`;
  if (next.length > 0) {
    const also = damped.map(({ reason }) => ` ${reason.slice(0, 1).toUpperCase()}${reason.slice(1)}.`).join('');
    return `${sentences.join(' ')}${also}${owner}`;
  }
  if (damped.length > 0 && because.length === 0) {
    const yet = damped.some(({ by }) => by === 'unsteady') ? 'Nobody yet' : 'Nobody';
    return `${yet}: ${damped.map(({ reason }) => reason).join('; ')}.${owner}`;
  }
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
