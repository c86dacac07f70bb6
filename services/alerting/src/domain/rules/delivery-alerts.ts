// Alerts about telling itself: that alerts are not told in time, and that messages do not arrive.
import { formatInstant } from '../instant.ts';
import type { LabelSet } from '../label-set.ts';
import type { MadeAlert } from './rule.ts';

export const deliverySource = 'alerting';

/** Whether an alert is one of these: what becomes of it raises nothing more. */
export const isAboutDelivery = (labels: LabelSet): boolean =>
  labels.tmws_source === deliverySource && (labels.alertname === 'DeliveryLate' || labels.alertname === 'DeliveryFailing');

/** Nobody says that one is over: it ends by itself when nobody says any more that it goes on. */
export const lastsMs = 90_000;

/** Alerts of people in a hurry that nobody was told of. @param names  of these alerts */
export function deliveryLate(namespace: string, receiver: string, names: readonly string[], nowMs: number): MadeAlert {
  const labels = { alertname: 'DeliveryLate', severity: 'critical', tmws_source: deliverySource, receiver };
  const some = [...new Set(names)].toSorted();
  const more = some.length > 5 ? ` and ${some.length - 5} more` : '';
  return made(namespace, labels, nowMs, {
    summary: `${receiver} is not told of critical alerts within 5m`,
    description: `nobody was told of ${some.slice(0, 5).join(', ')}${more}; GET /api/v1/notifications?receiver= says what became of the messages`,
  });
}

export function deliveryFailing(
  namespace: string,
  { receiver, integration }: { readonly receiver: string; readonly integration: string },
  why: 'dead' | 'circuit',
  error: string,
  nowMs: number,
): MadeAlert {
  const labels = { alertname: 'DeliveryFailing', severity: 'warning', tmws_source: deliverySource, receiver, integration };
  return made(namespace, labels, nowMs, {
    summary: `messages to ${receiver} by ${integration} do not arrive`,
    description:
      why === 'circuit'
        ? 'it has failed again and again for 5m and is left alone most of the time; messages wait'
        : `there are dead letters: ${error}; tmws notification replay sends them again`,
  });
}

const made = (namespace: string, labels: LabelSet, nowMs: number, annotations: Readonly<Record<string, string>>): MadeAlert => ({
  namespace,
  posted: { labels, annotations, startsAt: formatInstant(nowMs), endsAt: formatInstant(nowMs + lastsMs) },
});
