// Escalations in the ledger: a group for each receiver that a step told of an alert. Steps put their messages there themselves; what is
// left is to say that the alert is resolved.
import { randomUUID } from 'node:crypto';
import { notifiedName } from '../domain/notify-decision.ts';
import type { DueGroup, GroupOutcome, GroupPlace, KnownAlert, NewNotification } from '../ports.ts';
import { notificationDoc } from './group-doc.ts';
import type { Telling } from './telling.ts';

const routePrefix = 'escalation/';
const keyPrefix = 'escalation:';
const beatMs = 60_000;
/** While a message about it is on its way. */
const soonMs = 2_000;

/** No route's id: those begin with their matchers. */
export const escalationRoute = (receiver: string): string => `${routePrefix}${receiver}`;
export const isEscalationRoute = (routeId: string): boolean => routeId.startsWith(routePrefix);

export const escalationGroup = ({ namespace, fingerprint, labels }: KnownAlert, receiver: string, nowMs: number): GroupPlace => ({
  namespace,
  routeId: escalationRoute(receiver),
  groupKey: `${keyPrefix}${fingerprint}`,
  labels,
  flushAtMs: nowMs + beatMs,
});

/**
 * What to tell the receiver of a step that was taken.
 *
 *   E1  it hears that the alert is resolved, once, also if something mutes it by then; the group is forgotten after it
 *   E2  an alert that fires again before that is heard of as one that never ended
 */
export function lookAtEscalation(
  { no, namespace, routeId, groupKey, labels, notified, open }: DueGroup,
  { board, integrationsOf, externalUrl }: Pick<Telling, 'board' | 'integrationsOf' | 'externalUrl'>,
  nowMs: number,
): GroupOutcome {
  const later = (ms: number, notifications: readonly NewNotification[] = []): GroupOutcome => ({
    no,
    nextFlushMs: nowMs + ms,
    notifications,
    remembered: new Map(),
  });
  if (open.size > 0) return later(soonMs);
  const receiver = routeId.slice(routePrefix.length);
  const alert = board.alert(namespace, groupKey.slice(keyPrefix.length));
  if (alert?.told === 'firing') return later(beatMs);
  const about = { receiver, groupLabels: labels, groupKey, externalURL: externalUrl };
  const notifications = integrationsOf(receiver).flatMap(({ name, sendResolved }): NewNotification[] => {
    const told = notified.get(notifiedName(receiver, name))?.firing ?? [];
    if (alert === undefined || !sendResolved || !told.includes(alert.fingerprint)) return [];
    const doc = JSON.stringify(notificationDoc([{ ...alert, endsAtMs: Math.min(alert.endsAtMs, nowMs) }], about, nowMs));
    const resolved = [alert.fingerprint];
    return [{ id: randomUUID(), receiver, integration: name, reason: 'all resolved', doc, firing: [], resolved }];
  });
  return notifications.length === 0 ? { no, forget: true } : later(soonMs, notifications);
}
