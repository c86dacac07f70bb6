import { isResolved } from '../domain/alert.ts';
import { compareText } from '../domain/go-text.ts';
import { labelNames, type LabelSet, labelValue } from '../domain/label-set.ts';
import type { NotificationDoc, StoredAlert } from '../ports.ts';

export type { NotificationDoc } from '../ports.ts';

/** Of alerts that are told together; the firing ones first, each in the order of job, instance and all labels, as Alertmanager has them. An alert that fires has no end: year 1 stands for it, as Alertmanager writes it. */
export function notificationDoc(
  alerts: readonly StoredAlert[],
  about: Pick<NotificationDoc, 'receiver' | 'groupLabels' | 'groupKey' | 'externalURL'>,
  nowMs: number,
): NotificationDoc {
  const sorted = alerts.toSorted((a, b) => compareLabels(a.labels, b.labels));
  const firing = sorted.filter((alert) => !isResolved(alert, nowMs));
  const resolved = sorted.filter((alert) => isResolved(alert, nowMs));
  return {
    ...about,
    status: firing.length > 0 ? 'firing' : 'resolved',
    alerts: [...firing, ...resolved].map((alert) => ({
      status: isResolved(alert, nowMs) ? 'resolved' : 'firing',
      labels: alert.labels,
      annotations: alert.annotations,
      startsAt: new Date(alert.startsAtMs).toISOString(),
      endsAt: isResolved(alert, nowMs) ? new Date(alert.endsAtMs).toISOString() : '0001-01-01T00:00:00Z',
      generatorURL: alert.generatorUrl,
      fingerprint: alert.fingerprint,
    })),
    commonLabels: commonOf(alerts.map(({ labels }) => labels)),
    commonAnnotations: commonOf(alerts.map(({ annotations }) => annotations)),
  };
}

function compareLabels(a: LabelSet, b: LabelSet): number {
  for (const name of ['job', 'instance']) {
    const order = compareText(labelValue(a, name), labelValue(b, name));
    if (order !== 0) return order;
  }
  const [ofA, ofB] = [labelNames(a), labelNames(b)];
  if (ofA.length !== ofB.length) return ofA.length - ofB.length;
  for (const [at, name] of ofA.entries()) {
    const order = compareText(name, ofB[at] ?? '') || compareText(labelValue(a, name), labelValue(b, name));
    if (order !== 0) return order;
  }
  return 0;
}

/** What all of them say alike. */
function commonOf(sets: readonly LabelSet[]): LabelSet {
  const [first, ...rest] = sets;
  if (first === undefined) return {};
  return Object.fromEntries(
    Object.entries(first).filter(([name, value]) => rest.every((set) => Object.hasOwn(set, name) && set[name] === value)),
  );
}
