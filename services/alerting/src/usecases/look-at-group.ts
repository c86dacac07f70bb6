import { randomUUID } from 'node:crypto';
import { isResolved } from '../domain/alert.ts';
import { nextFlush } from '../domain/grouping.ts';
import { alertStatus, routeMutes } from '../domain/muting.ts';
import { decideNotify, notifiedName } from '../domain/notify-decision.ts';
import type { Route } from '../domain/route-tree.ts';
import type { TimeInterval } from '../domain/time-interval.ts';
import type { DueGroup, GroupOutcome, NewNotification, Notified, StoredAlert } from '../ports.ts';
import type { Board } from './board.ts';
import { notificationDoc } from './group-doc.ts';

/** One integration of a receiver: told and retried by itself. */
export interface Integration {
  /** `slack/0`: its kind and its place in the receiver. */
  readonly name: string;
  readonly sendResolved: boolean;
}

export interface Telling {
  readonly board: Board;
  readonly routes: ReadonlyMap<string, Route>;
  readonly intervals: ReadonlyMap<string, TimeInterval>;
  readonly integrationsOf: (receiver: string) => readonly Integration[];
  readonly externalUrl: string;
}

/** While something is on its way a group is looked at again after this. */
const soonMs = 1_000;
/** A group of a route that is not known here: another replica may have read another file. Loading a file forgets those of no route. */
const strangeMs = 5_000;

/**
 * What to tell of a group that is due, and when to look at it again.
 *
 *   L1  alerts that something mutes are in no message, and none of them counts as resolved for it
 *   L2  a message is about alerts that fire, and resolved ones that the same integration was told of as firing
 *   L3  a repeat is left out while all that fires is acknowledged
 *   L4  a group is forgotten once history says that all its alerts are resolved, and everybody who was told that they fire was told so
 */
export function lookAtGroup(
  group: DueGroup,
  { board, routes, intervals, integrationsOf, externalUrl }: Telling,
  nowMs: number,
): GroupOutcome {
  const { no, namespace, routeId, groupKey } = group;
  const route = routes.get(routeId);
  if (route === undefined) return { no, nextFlushMs: nowMs + strangeMs, notifications: [], remembered: new Map() };
  const members = board.members(namespace, routeId, groupKey);
  const mutedBy = routeMutes(route, intervals, nowMs);
  const by = { silences: [...board.silences(namespace)], inhibition: board.inhibition(namespace), mutedBy };
  const heard = members.filter((alert) => alertStatus(alert, by, nowMs).state === 'active');
  const { receiver, groupIntervalMs, repeatIntervalMs } = route.options;
  const notifications: NewNotification[] = [];
  const remembered = new Map<string, Notified>();
  let busy = false;
  for (const { name, sendResolved } of integrationsOf(receiver)) {
    const last = group.notified.get(notifiedName(receiver, name));
    const [firing, resolved] = [heard.filter((alert) => !isResolved(alert, nowMs)), heard.filter(wasTold(last, nowMs))];
    if (firing.length + resolved.length === 0) continue;
    if (group.open.get(name) === 'sending') {
      busy = true;
      continue;
    }
    const now = { firing: fingerprints(firing), resolved: fingerprints(resolved) };
    const { notify, remember, reason } = decideNotify(last, now, { sendResolved, repeatIntervalMs }, nowMs);
    if (reason === 'repeat' && firing.every(({ acknowledged }) => acknowledged !== undefined)) continue;
    if (!notify) {
      if (remember) remembered.set(notifiedName(receiver, name), { ...now, atMs: nowMs });
      continue;
    }
    const about = sendResolved ? [...firing, ...resolved] : firing;
    const doc = notificationDoc(about, { receiver, groupLabels: group.labels, groupKey, externalURL: externalUrl }, nowMs);
    notifications.push({ id: randomUUID(), receiver, integration: name, reason, doc: JSON.stringify(doc), ...now });
  }
  const over = members.every(({ told }) => told === 'resolved') && notifications.length === 0 && !busy && group.open.size === 0;
  if (over) return { no, forget: true };
  return {
    no,
    nextFlushMs: busy ? nowMs + soonMs : nextFlush(group.dueMs, groupIntervalMs, nowMs),
    notifications,
    remembered,
  };
}

const fingerprints = (alerts: readonly StoredAlert[]): string[] => alerts.map(({ fingerprint }) => fingerprint);

const wasTold =
  (last: Notified | undefined, nowMs: number) =>
  (alert: StoredAlert): boolean =>
    isResolved(alert, nowMs) && last?.firing.includes(alert.fingerprint) === true;
