// Groups of alerts, as they are told together.
import type { AlertGroupJson, ListAlertGroupsResponseJson, NotificationJson } from '@tmws/contracts/alerting';
import { type Alert, instantMs, type Labels, readAlert } from './alert.ts';

export interface Notification {
  readonly id: string;
  readonly groupId: string;
  readonly groupLabels: Labels;
  readonly receiver: string;
  readonly integration: string;
  readonly status: string;
  readonly reason: string;
  readonly firing: readonly string[];
  readonly resolved: readonly string[];
  readonly createdMs: number;
  readonly attempts: number;
  readonly dueMs: number | undefined;
  readonly finishedMs: number | undefined;
  readonly error: string;
  readonly receipt: string;
  /** The dead letter that it sends again. */
  readonly replayOf: string;
  /** The digest it went in. */
  readonly digest: string;
}

export interface AlertGroup {
  readonly id: string;
  readonly receiver: string;
  readonly labels: Labels;
  readonly commonLabels: Labels;
  readonly commonAnnotations: Labels;
  readonly severity: string;
  readonly startsMs: number;
  readonly alertCount: number;
  readonly suppressedCount: number;
  readonly acknowledgedCount: number;
  readonly flappingCount: number;
  readonly alerts: readonly Alert[];
  readonly nextMs: number | undefined;
  readonly told: Notification | undefined;
  readonly fired: readonly number[];
  /** It was shown, and its last alert ended since. */
  readonly gone?: boolean;
}

export interface Counts {
  readonly firing: number;
  readonly active: number;
  readonly suppressed: number;
  readonly damped: number;
  readonly acknowledged: number;
  readonly severities: Readonly<Record<string, number>>;
}

export interface GroupsPage {
  readonly items: readonly AlertGroup[];
  readonly cursor: string;
  readonly total: number;
  readonly counts: Counts;
  readonly lastFiredMs: number | undefined;
  readonly revision: string;
}

export function readGroupsPage(json: ListAlertGroupsResponseJson): GroupsPage {
  const { counts = {} } = json;
  return {
    items: (json.items ?? []).map(readGroup),
    cursor: json.nextCursor ?? '',
    total: json.total ?? 0,
    counts: {
      firing: counts.firing ?? 0,
      active: counts.active ?? 0,
      suppressed: counts.suppressed ?? 0,
      damped: counts.damped ?? 0,
      acknowledged: counts.acknowledged ?? 0,
      severities: counts.bySeverity ?? {},
    },
    lastFiredMs: instantMs(json.lastFiredAt),
    revision: json.revision ?? '0',
  };
}

export function readGroup(json: AlertGroupJson): AlertGroup {
  return {
    id: json.id ?? '',
    receiver: json.receiver ?? '',
    labels: json.labels ?? {},
    commonLabels: json.commonLabels ?? {},
    commonAnnotations: json.commonAnnotations ?? {},
    severity: json.severity ?? '',
    startsMs: instantMs(json.startsAt) ?? 0,
    alertCount: json.alertCount ?? 0,
    suppressedCount: json.suppressedCount ?? 0,
    acknowledgedCount: json.acknowledgedCount ?? 0,
    flappingCount: json.flappingCount ?? 0,
    alerts: (json.alerts ?? []).map(readAlert),
    nextMs: instantMs(json.nextAt),
    told: json.lastNotification && readNotification(json.lastNotification),
    fired: json.firedLastHour ?? [],
  };
}

export function readNotification(json: NotificationJson): Notification {
  return {
    id: json.id ?? '',
    groupId: json.groupId ?? '',
    groupLabels: json.groupLabels ?? {},
    receiver: json.receiver ?? '',
    integration: json.integration ?? '',
    status: json.status ?? 'pending',
    reason: json.reason ?? '',
    firing: json.firing ?? [],
    resolved: json.resolved ?? [],
    createdMs: instantMs(json.createdAt) ?? 0,
    attempts: json.attempts ?? 0,
    dueMs: instantMs(json.dueAt),
    finishedMs: instantMs(json.finishedAt),
    error: json.error ?? '',
    receipt: json.receipt ?? '',
    replayOf: json.replayOf ?? '',
    digest: json.digest ?? '',
  };
}

/** The labels all of its alerts share. */
export const sharedLabels = ({ labels, commonLabels }: AlertGroup): Labels => ({ ...commonLabels, ...labels });

/** Alerts that are told of and that nobody looks after. As alerts may be both suppressed and acknowledged, at least so many. */
export function waitingCount({ alertCount, suppressedCount, acknowledgedCount, alerts, gone }: AlertGroup): number {
  if (gone === true) return 0;
  if (alerts.length === alertCount)
    return alerts.filter(({ state, acknowledged }) => state === 'active' && acknowledged === undefined).length;
  return Math.max(0, alertCount - suppressedCount - acknowledgedCount);
}

/** Whether somebody must act on it. */
export const needsSomebody = (group: AlertGroup): boolean => waitingCount(group) > 0;

/** "3 groups need you". @param more  there are groups that are not loaded, the least urgent ones */
export function headline(groups: readonly AlertGroup[], more: boolean): string {
  const needed = groups.filter(needsSomebody).length;
  if (needed === 0) return 'Nothing needs you';
  if (more && needed === groups.length) return `${needed} groups or more need you`;
  return needed === 1 ? '1 group needs you' : `${needed} groups need you`;
}

/** Its alerts with the same owner or none: `ann`, `ann and 2 others`; undefined: it is nobody's. */
export function ownersOf({ alerts }: AlertGroup): string | undefined {
  const names = [...new Set(alerts.map(({ assignee, acknowledged }) => assignee || (acknowledged?.by ?? '')).filter(Boolean))];
  const [first, ...others] = names;
  if (first === undefined) return undefined;
  return others.length === 0 ? first : `${first} and ${others.length === 1 ? others.join('') : `${others.length} others`}`;
}

/** The escalation that comes next; undefined where none will. */
export function nextEscalation({ alerts }: AlertGroup): { next: string; nextMs: number } | undefined {
  const coming = alerts.flatMap(({ escalation, acknowledged }) =>
    escalation === undefined || escalation.next === '' || acknowledged !== undefined ? [] : [escalation],
  );
  return coming.toSorted((a, b) => a.nextMs - b.nextMs)[0];
}

export interface SparkBar {
  readonly x: number;
  readonly height: number;
}

/** Bars of a sparkline, `high` at most; a part in which something fired is never lower than 1. */
export function sparkBars(fired: readonly number[], high: number): SparkBar[] {
  const most = Math.max(1, ...fired);
  return fired.map((count, x) => ({ x, height: count === 0 ? 0 : Math.max(1, (count / most) * high) }));
}

/** The sparkline in a sentence. */
export function sparkWords(fired: readonly number[]): string {
  const all = fired.reduce((sum, count) => sum + count, 0);
  if (all === 0) return 'None began firing in the last hour';
  return `${all} began firing in the last hour`;
}
