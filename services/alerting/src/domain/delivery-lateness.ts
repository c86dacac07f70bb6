// How long it took from an event until a person was told.
import type { LabelSet } from './label-set.ts';
import { labelValue } from './label-set.ts';
import type { LastNotified } from './notify-decision.ts';

/** The promise: an alert in under five minutes. */
export const promisedMs = 5 * 60_000;
/** An alert that began longer before it came is one that nobody could have told sooner: its sender sends it again and again. */
const oldMs = 60 * 60_000;

const seen = new Set(['slack', 'slack_bot', 'email', 'sendgrid', 'webhook', 'signed_webhook']);

export const kindOf = (integration: string): string => integration.slice(0, Math.max(0, integration.indexOf('/')));

/** Whether people see what is sent there, or something that calls them. A SIEM is looked into afterwards. */
export const isSeenByPeople = (integration: string): boolean => seen.has(kindOf(integration));

/** When what an alert tells of happened: its start, unless that is so long before it came that the sender only repeats it. */
export const happenedMs = (startsAtMs: number, receivedMs: number): number =>
  startsAtMs > receivedMs || receivedMs - startsAtMs > oldMs ? receivedMs : startsAtMs;

/** Of alerts that fire, those of which no person was told by any integration of their group. @param told  by name */
export function firstTold(firing: readonly string[], told: ReadonlyMap<string, LastNotified>): string[] {
  const known = new Set(
    [...told].flatMap(([name, last]) => (isSeenByPeople(name.slice(name.lastIndexOf(' ') + 1)) ? last.firing : [])),
  );
  return known.size === 0 ? [...firing] : firing.filter((each) => !known.has(each));
}

const severities = new Set(['critical', 'error', 'high', 'warning', 'info', 'low']);

/** One of a few words, whatever the label holds. */
export function severityWord(labels: LabelSet): string {
  const word = labelValue(labels, 'severity').toLowerCase();
  return word === '' ? 'none' : severities.has(word) ? word : 'other';
}
