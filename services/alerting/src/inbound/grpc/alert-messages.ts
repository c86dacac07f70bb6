// Alerts and groups as messages.
import type { MessageInitShape } from '@bufbuild/protobuf';
import { type Timestamp, timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { Alert, AlertCountsSchema, AlertGroupSchema, AlertSchema, NotificationSchema } from '@tmws/contracts';
import { commonLabels, type LabelSet, labelValue } from '../../domain/label-set.ts';
import { type AlertPolicy, rulesFor } from '../../domain/policy.ts';
import type { StoredAlert } from '../../ports.ts';
import type { LedgerEntry } from '../../read-ports.ts';
import type { AlertCounts } from '../../usecases/count-alerts.ts';
import type { FiringAlert } from '../../usecases/firing-alerts.ts';
import type { ShownGroup } from '../../usecases/list-groups.ts';

export type AlertMessage = Exclude<MessageInitShape<typeof AlertSchema>, Alert>;
export type GroupMessage = MessageInitShape<typeof AlertGroupSchema>;
export type NotificationMessage = MessageInitShape<typeof NotificationSchema>;

/** 0001 to 9999, which is what a Timestamp holds. */
export const instant = (ms: number): Timestamp =>
  timestampFromMs(Math.min(253_402_300_799_999, Math.max(-62_135_596_800_000, Math.floor(ms))));

/** Alerts and groups as messages. @param policy  in force now */
export function alertMessages(policy: () => AlertPolicy) {
  const firing = (found: FiringAlert): AlertMessage => firingMessage(found, policy());
  return {
    firing,
    alert: (alert: StoredAlert, as: ShownAs): AlertMessage => alertMessage(alert, as, policy()),
    /** With so many of its alerts at most. */
    group: (shown: ShownGroup, most: number): GroupMessage => groupMessage(shown, most, firing),
  };
}

export type AlertMessages = ReturnType<typeof alertMessages>;

interface ShownAs {
  readonly status: 'firing' | 'resolved';
  readonly state: string;
  readonly receivers: readonly string[];
  readonly mutes?: Pick<FiringAlert['status'], 'silencedBy' | 'inhibitedBy' | 'mutedBy'>;
}

/** An alert that fires, or fired lately. */
function alertMessage(alert: StoredAlert, { status, state, receivers, mutes }: ShownAs, policy: AlertPolicy): AlertMessage {
  const { fingerprint, labels, annotations, generatorUrl, assignee, acknowledged } = alert;
  return {
    fingerprint,
    labels: { ...labels },
    annotations: { ...annotations },
    status,
    state,
    startsAt: instant(alert.startsAtMs),
    ...(Number.isFinite(alert.endsAtMs) && { endsAt: instant(alert.endsAtMs) }),
    updatedAt: instant(alert.updatedAtMs),
    generatorUrl,
    receivers: [...new Set(receivers)],
    silencedBy: [...(mutes?.silencedBy ?? [])],
    inhibitedBy: [...(mutes?.inhibitedBy ?? [])],
    mutedBy: [...(mutes?.mutedBy ?? [])],
    assignee,
    flapping: alert.handling?.damping?.flap.flapping === true,
    ...escalationOf(alert, policy),
    ...(acknowledged !== undefined && {
      acknowledgement: { by: acknowledged.by, at: instant(acknowledged.atMs), comment: acknowledged.comment },
    }),
  };
}

function escalationOf(alert: StoredAlert, policy: AlertPolicy): Pick<AlertMessage, 'escalation'> {
  const steps = rulesFor(policy, alert.labels).escalation?.steps;
  const state = alert.handling?.escalation;
  if (steps === undefined || state === undefined) return {};
  const next = alert.acknowledged === undefined ? steps[state.step] : undefined;
  return {
    escalation: {
      step: state.step,
      steps: steps.length,
      ...(next !== undefined && { nextReceiver: next.receiver, nextAt: instant(state.sinceMs + next.afterMs) }),
    },
  };
}

const firingMessage = ({ alert, state, status, placements }: FiringAlert, policy: AlertPolicy): AlertMessage => {
  const receivers = placements.map(({ route }) => route.options.receiver);
  return alertMessage(alert, { status: 'firing', state, receivers, mutes: status }, policy);
};

function groupMessage(
  { group, waiting, last, firedLastHour }: ShownGroup,
  most: number,
  firing: (found: FiringAlert) => AlertMessage,
): GroupMessage {
  const { id, route, labels, alerts } = group;
  const first = alerts[0]?.alert.labels ?? {};
  return {
    id,
    receiver: route.options.receiver,
    labels: { ...labels },
    commonLabels: without(commonLabels(alerts.map(({ alert }) => alert.labels)), labels),
    commonAnnotations: { ...commonLabels(alerts.map(({ alert }) => alert.annotations)) },
    severity: labelValue(first, 'severity'),
    startsAt: instant(group.startsAtMs),
    alertCount: alerts.length,
    suppressedCount: group.suppressed,
    acknowledgedCount: group.acknowledged,
    flappingCount: group.flapping,
    alerts: alerts.slice(0, most).map(firing),
    firedLastHour: [...firedLastHour],
    ...(waiting !== undefined && { nextAt: instant(waiting.nextMs) }),
    ...(last !== undefined && { lastNotification: notificationMessage(last, id) }),
  };
}

const without = (labels: LabelSet, others: LabelSet): Record<string, string> =>
  Object.fromEntries(Object.entries(labels).filter(([name]) => !Object.hasOwn(others, name)));

export const countsMessage = (counts: AlertCounts): MessageInitShape<typeof AlertCountsSchema> => ({
  ...counts,
  bySeverity: { ...counts.bySeverity },
});

export function notificationMessage(entry: LedgerEntry, groupId: string): NotificationMessage {
  const { id, receiver, integration, status, reason, firing, resolved, attempts, error, receipt, finishedMs } = entry;
  const waits = status === 'pending';
  return {
    id,
    groupId,
    groupLabels: { ...entry.groupLabels },
    receiver,
    integration,
    status,
    reason,
    firing: [...firing],
    resolved: [...resolved],
    createdAt: instant(entry.createdAtMs),
    attempts,
    error,
    receipt,
    replayOf: entry.replayOf ?? '',
    digest: entry.digest ?? '',
    ...(waits && { dueAt: instant(entry.dueMs) }),
    ...(finishedMs !== undefined && { finishedAt: instant(finishedMs) }),
  };
}
