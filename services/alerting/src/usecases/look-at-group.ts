import { randomUUID } from 'node:crypto';
import { nextFlush } from '../domain/grouping.ts';
import { dampedBy } from '../domain/handling.ts';
import { alertStatus, routeMutes } from '../domain/muting.ts';
import { aboutOf, decideNotify, notifiedName } from '../domain/notify-decision.ts';
import type { DueGroup, GroupOutcome, NewNotification, Notified, StoredAlert } from '../ports.ts';
import { asTold } from './as-told.ts';
import { notificationDoc } from './group-doc.ts';
import { isEscalationRoute, lookAtEscalation } from './look-at-escalation.ts';
import type { Telling } from './telling.ts';

export type { Integration, Telling } from './telling.ts';

/** While something is on its way a group is looked at again after this. */
const soonMs = 1_000;
/** A group of a route that is not known here: another replica may have read another file. Loading a file forgets those of no route. */
const strangeMs = 5_000;

/**
 * What to tell of a group that is due, and when to look at it again.
 *
 *   L1  alerts that something mutes are in no message, and none of them counts as resolved for it
 *   L2  a message is about alerts that fire, and resolved ones that the same integration was told of as firing
 *   L3  a repeat is left out while all that fires is acknowledged or flaps
 *   L4  a group is forgotten once history says that all its alerts are resolved, and everybody who was told that they fire was told so
 *   L5  an alert that begins to flap is told once, and when it is calm what it is then (as-told.ts)
 *   L6  a message that was tried and waits is not replaced by one about the same: the receiver may have taken it, and knows it by its id
 *   L7  what was refused for good is not said again at each look (refusals.ts)
 */
export function lookAtGroup(group: DueGroup, telling: Telling, nowMs: number): GroupOutcome {
  if (isEscalationRoute(group.routeId)) return lookAtEscalation(group, telling, nowMs);
  const { board, routes, intervals, integrationsOf, externalUrl } = telling;
  const { no, namespace, routeId, groupKey } = group;
  const route = routes.get(routeId);
  if (route === undefined) return { no, nextFlushMs: nowMs + strangeMs, notifications: [], remembered: new Map() };
  const members = board.members(namespace, routeId, groupKey);
  const mutedBy = routeMutes(route, intervals, nowMs);
  const inhibition = board.inhibition(namespace);
  const heard = members.filter((alert) => {
    const silences = board.silencesFor(namespace, alert.labels);
    return alertStatus(alert, { silences, inhibition, mutedBy }, nowMs).state === 'active';
  });
  const { receiver, groupIntervalMs, repeatIntervalMs } = route.options;
  const notifications: NewNotification[] = [];
  const remembered = new Map<string, Notified>();
  let busy = false;
  let held = false;
  for (const { name, sendResolved } of integrationsOf(receiver)) {
    const last = group.notified.get(notifiedName(receiver, name));
    const { firing, resolved, flapping, begins, calmed } = asTold(members, heard, last, nowMs);
    const flaps = flapping.join(' ') === (last?.flapping ?? []).join(' ') ? undefined : flapping;
    if (firing.length + resolved.length === 0 && flaps === undefined) continue;
    if (group.open.get(name) === 'sending') {
      busy = true;
      continue;
    }
    const found = last?.handle === undefined ? {} : { handle: last.handle };
    const now = { firing: fingerprints(firing), resolved: fingerprints(resolved) };
    if (group.tried?.get(name) === aboutOf(now)) continue;
    if (telling.refusals?.holds({ groupNo: no, receiver, integration: name }, now, route.options, nowMs) === true) {
      held = true;
      continue;
    }
    const decided = decideNotify(last, now, { sendResolved, repeatIntervalMs }, nowMs);
    const calm = calmed && !decided.notify;
    const reason = begins.length > 0 ? 'flapping' : calm ? 'calm' : decided.reason;
    const lookedAfter = (alert: StoredAlert): boolean =>
      alert.acknowledged !== undefined || dampedBy(alert, nowMs) === 'flapping';
    if (reason === 'repeat' && firing.every(lookedAfter)) continue;
    if (flaps !== undefined) {
      // With the message, or without: what is said of flapping is said once.
      const { firing: told = [], resolved: ended = [], atMs = nowMs } = last ?? {};
      const kept = { ...found, firing: [...new Set([...told, ...begins])], resolved: ended, atMs };
      remembered.set(notifiedName(receiver, name), { ...kept, ...(flaps.length > 0 && { flapping: flaps }) });
    }
    if (!decided.notify && begins.length === 0 && !calm) {
      if (decided.remember)
        remembered.set(notifiedName(receiver, name), { ...found, ...now, atMs: nowMs, ...(flapping.length > 0 && { flapping }) });
      continue;
    }
    const about = sendResolved ? [...firing, ...resolved] : firing;
    const doc = notificationDoc(about, { receiver, groupLabels: group.labels, groupKey, externalURL: externalUrl }, nowMs);
    notifications.push({ id: randomUUID(), receiver, integration: name, reason, doc: JSON.stringify(doc), ...now });
  }
  const quiet = (alert: StoredAlert): boolean => alert.told === 'resolved' && dampedBy(alert, nowMs) === undefined;
  const over = members.every(quiet) && notifications.length === 0 && !busy && !held && group.open.size === 0;
  if (over) return { no, forget: true };
  return {
    no,
    nextFlushMs: busy ? nowMs + soonMs : nextFlush(group.dueMs, groupIntervalMs, nowMs),
    notifications,
    remembered,
  };
}

const fingerprints = (alerts: readonly StoredAlert[]): string[] => alerts.map(({ fingerprint }) => fingerprint);
