import type { LabelSet } from '../domain/label-set.ts';
import type { StoredAlert } from '../ports.ts';
import { isResolved } from '../domain/alert.ts';

/** The data of a notification: Alertmanager's webhook body of version 4, which its templates read too. */
export interface NotificationDoc {
  readonly receiver: string;
  readonly status: 'firing' | 'resolved';
  readonly alerts: readonly {
    readonly status: 'firing' | 'resolved';
    readonly labels: LabelSet;
    readonly annotations: LabelSet;
    readonly startsAt: string;
    readonly endsAt: string;
    readonly generatorURL: string;
    readonly fingerprint: string;
  }[];
  readonly groupLabels: LabelSet;
  readonly commonLabels: LabelSet;
  readonly commonAnnotations: LabelSet;
  readonly externalURL: string;
  readonly groupKey: string;
}

/** Of alerts that are told together; the firing ones first. An alert that fires has no end: year 1 stands for it, as Alertmanager writes it. */
export function notificationDoc(
  alerts: readonly StoredAlert[],
  about: Pick<NotificationDoc, 'receiver' | 'groupLabels' | 'groupKey' | 'externalURL'>,
  nowMs: number,
): NotificationDoc {
  const firing = alerts.filter((alert) => !isResolved(alert, nowMs));
  const resolved = alerts.filter((alert) => isResolved(alert, nowMs));
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

/** What all of them say alike. */
function commonOf(sets: readonly LabelSet[]): LabelSet {
  const [first, ...rest] = sets;
  if (first === undefined) return {};
  return Object.fromEntries(
    Object.entries(first).filter(([name, value]) => rest.every((set) => Object.hasOwn(set, name) && set[name] === value)),
  );
}
