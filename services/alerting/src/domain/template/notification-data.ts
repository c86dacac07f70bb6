// What templates and receivers are told of a group. Source: Alertmanager's "Notification template reference".
import { type Alert, isResolved } from '../alert.ts';
import { commonLabels, type LabelSet } from '../label-set.ts';
import { List, StringMap, Struct, Time, type Value } from './values.ts';

export interface NotifiedAlert {
  readonly status: 'firing' | 'resolved';
  readonly labels: LabelSet;
  readonly annotations: LabelSet;
  readonly startsAtMs: number;
  /** undefined while it fires: its end is not known, whatever its timeout. */
  readonly endsAtMs: number | undefined;
  readonly generatorUrl: string;
  readonly fingerprint: string;
}

export interface NotificationData {
  readonly receiver: string;
  /** Firing if any alert fires. */
  readonly status: 'firing' | 'resolved';
  readonly alerts: readonly NotifiedAlert[];
  readonly groupLabels: LabelSet;
  readonly commonLabels: LabelSet;
  readonly commonAnnotations: LabelSet;
  readonly externalUrl: string;
}

/** The data of a message about these alerts, as they are at `nowMs`, in their order. */
export function notificationData(
  of: { readonly receiver: string; readonly groupLabels: LabelSet; readonly externalUrl: string },
  alerts: readonly Alert[],
  nowMs: number,
): NotificationData {
  const notified = alerts.map((alert): NotifiedAlert => {
    const resolved = isResolved(alert, nowMs);
    return {
      status: resolved ? 'resolved' : 'firing',
      labels: alert.labels,
      annotations: alert.annotations,
      startsAtMs: alert.startsAtMs,
      endsAtMs: resolved ? alert.endsAtMs : undefined,
      generatorUrl: alert.generatorUrl,
      fingerprint: alert.fingerprint,
    };
  });
  return {
    ...of,
    status: notified.some(({ status }) => status === 'firing') ? 'firing' : 'resolved',
    alerts: notified,
    commonLabels: commonLabels(alerts.map(({ labels }) => labels)),
    commonAnnotations: commonLabels(alerts.map(({ annotations }) => annotations)),
  };
}

const map = (labels: LabelSet): StringMap => new StringMap(Object.entries(labels));

/** The data as `.` of a template. */
export const dataValue = (data: NotificationData): Value =>
  new Struct('template.Data', {
    Receiver: data.receiver,
    Status: data.status,
    Alerts: alertList(data.alerts.map((alert) => ({ alert, value: alertValue(alert) }))),
    GroupLabels: map(data.groupLabels),
    CommonLabels: map(data.commonLabels),
    CommonAnnotations: map(data.commonAnnotations),
    ExternalURL: data.externalUrl,
  });

const alertValue = (alert: NotifiedAlert): Struct =>
  new Struct('template.Alert', {
    Status: alert.status,
    Labels: map(alert.labels),
    Annotations: map(alert.annotations),
    StartsAt: new Time(alert.startsAtMs),
    EndsAt: new Time(alert.endsAtMs),
    GeneratorURL: alert.generatorUrl,
    Fingerprint: alert.fingerprint,
  });

function alertList(all: readonly { alert: NotifiedAlert; value: Struct }[]): List {
  const only = (status: string) => () => alertList(all.filter(({ alert }) => alert.status === status));
  return new List(
    all.map(({ value }) => value),
    'template.Alerts',
    { Firing: only('firing'), Resolved: only('resolved') },
  );
}
