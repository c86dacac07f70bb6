import { int8Array, type Queryable, textArray } from '@tmws/postgres';
import type { GroupPlace, NewNotification } from '../ports.ts';

/** As `AlertWriting.notify`. The group's row is locked before its notifications, as everywhere. */
export async function putNotifications(
  tx: Queryable,
  schema: string,
  group: GroupPlace,
  notifications: readonly NewNotification[],
  nowMs: number,
): Promise<boolean> {
  const { namespace, routeId, groupKey, labels, flushAtMs } = group;
  const [row] = await tx.query<{ no: bigint }>(
    `INSERT INTO ${schema}.groups AS g (namespace, route_id, group_key, labels, flush_ms) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (namespace, route_id, group_key) DO UPDATE SET flush_ms = g.flush_ms RETURNING no`,
    [namespace, routeId, groupKey, JSON.stringify(labels), Math.floor(flushAtMs)],
  );
  if (row === undefined) throw new Error('a group was neither made nor found');
  const sending = await tx.query(
    `SELECT 1 AS one FROM ${schema}.notifications
     WHERE group_no = $1 AND (status = 'sending' OR (status = 'digested' AND finished_ms IS NULL))`,
    [row.no],
  );
  if (sending.length > 0) return false;
  if (notifications.length === 0) return true;
  await tx.query(
    `UPDATE ${schema}.notifications SET status = 'superseded', finished_ms = $3
     WHERE group_no = $1 AND integration = ANY($2::text[]) AND status = 'pending'`,
    [row.no, textArray(notifications.map(({ integration }) => integration)), Math.floor(nowMs)],
  );
  await tx.query(
    `INSERT INTO ${schema}.notifications (id, namespace, group_no, group_key, receiver, integration, status, reason, doc, firing, resolved,
       created_ms, due_ms)
     SELECT u.id::uuid, $1, $2, $3, u.receiver, u.integration, 'pending', u.reason, u.doc, u.firing, u.resolved, u.at_ms, u.at_ms
     FROM unnest($4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::bigint[])
       AS u(id, receiver, integration, reason, doc, firing, resolved, at_ms)`,
    [
      namespace,
      row.no,
      groupKey,
      textArray(notifications.map(({ id }) => id)),
      textArray(notifications.map(({ receiver }) => receiver)),
      textArray(notifications.map(({ integration }) => integration)),
      textArray(notifications.map(({ reason }) => reason)),
      textArray(notifications.map(({ doc }) => doc)),
      textArray(notifications.map(({ firing }) => firing.join(' '))),
      textArray(notifications.map(({ resolved }) => resolved.join(' '))),
      int8Array(notifications.map(() => BigInt(Math.floor(nowMs)))),
    ],
  );
  return true;
}
