import { type Database, int4Array, int8Array, partitionsOf, type Queryable, textArray } from '@tmws/postgres';
import type { DueGroup, GroupOutcome, LedgerStore, NewNotification, Notified, TakenNotification } from '../ports.ts';
import { finishing } from './ledger-finish.ts';
import { changedAlerts, changedSilences } from './postgres-alert-store.ts';
import { bucketOf } from './store-batch.ts';

/** How long a notification stays with who took it. Sinks answer in less. */
export const leaseSeconds = 30;

interface GroupRow {
  no: bigint;
  namespace: string;
  route_id: string;
  group_key: string;
  labels: string;
  flush_ms: bigint;
  notified: string;
  last_revision: bigint;
}

interface NotificationRow {
  id: string;
  namespace: string;
  group_no: bigint;
  group_key: string;
  receiver: string;
  integration: string;
  reason: string;
  doc: string;
  firing: string;
  resolved: string;
  created_ms: bigint;
  attempts: number;
  epoch: number;
}

/**
 * Groups and notifications in Postgres.
 *
 * A notification is `pending` → `sending` (with an owner, a lease and an epoch) → `sent`, `pending` again, or `dead`; a pending one
 * whose group has changed is `superseded` by the next. A group's row is locked before its notifications, everywhere.
 */
export function openPostgresLedgerStore(db: Database, schema: string): LedgerStore {
  const partitions = partitionsOf(db, schema, ['history']);
  const finish = finishing(db, schema);
  return {
    async flush(nowMs, limit, owner, look) {
      return await db.transaction(async (tx) => {
        const rows = await tx.query<GroupRow>(
          `SELECT no, namespace, route_id, group_key, labels, flush_ms, notified,
             coalesce(pg_sequence_last_value('${schema}.revision'::regclass), 0) AS last_revision FROM ${schema}.groups
           WHERE flush_ms <= $1 ORDER BY flush_ms LIMIT $2 FOR UPDATE SKIP LOCKED`,
          [Math.floor(nowMs), limit],
        );
        if (rows.length === 0) return { due: 0, taken: [] };
        const open = await openOf(tx, schema, rows);
        const due = rows.map((row) => groupOf(row, open.get(row.no) ?? new Map()));
        // No revision is committed that was not given before, so who knows the last one given knows all.
        const last = rows.reduce((most, row) => (row.last_revision > most ? row.last_revision : most), 0n);
        const outcomes = await look(due, {
          changedAlerts: async (after) => (after >= last ? [] : await changedAlerts(tx, schema, after)),
          changedSilences: async (after) => (after >= last ? [] : await changedSilences(tx, schema, after)),
        });
        const taken = await apply(tx, schema, due, outcomes, owner, nowMs);
        return { due: rows.length, taken };
      });
    },

    async nextDueMs() {
      const [row] = await db.query<{ next: bigint | null }>(
        `SELECT least((SELECT min(flush_ms) FROM ${schema}.groups), (SELECT min(due_ms) FROM ${schema}.notifications WHERE status = 'pending'),
           (SELECT min(extract(epoch FROM lease_until) * 1000)::bigint FROM ${schema}.notifications WHERE status = 'sending')) AS next`,
      );
      return row?.next === null || row === undefined ? undefined : Number(row.next);
    },

    async take(nowMs, limit, owner) {
      const rows = await db.query<NotificationRow>(
        `UPDATE ${schema}.notifications SET status = 'sending', owner = $3, lease_until = now() + interval '${leaseSeconds} s',
           attempts = attempts + 1, epoch = epoch + 1
         WHERE id IN (SELECT id FROM ${schema}.notifications
           WHERE (status = 'pending' AND due_ms <= $1) OR (status = 'sending' AND lease_until < now())
           ORDER BY due_ms LIMIT $2 FOR UPDATE SKIP LOCKED)
         RETURNING *`,
        [Math.floor(nowMs), limit, owner],
      );
      return rows.map(takenOf);
    },

    async finish(notification, delivery, nowMs, told) {
      if (told.entries.length > 0) await partitions.ensure(bucketOf(nowMs));
      return await finish({ notification, delivery, nowMs, told });
    },
  };
}

async function openOf(tx: Queryable, schema: string, rows: readonly GroupRow[]) {
  const open = await tx.query<{ group_no: bigint; integration: string; status: 'pending' | 'sending' }>(
    `SELECT group_no, integration, status FROM ${schema}.notifications
     WHERE group_no = ANY($1::bigint[]) AND status IN ('pending', 'sending') FOR UPDATE`,
    [int8Array(rows.map(({ no }) => no))],
  );
  const found = new Map<bigint, Map<string, 'pending' | 'sending'>>();
  for (const { group_no: no, integration, status } of open) {
    const ofGroup = found.get(no) ?? new Map<string, 'pending' | 'sending'>();
    found.set(no, ofGroup.set(integration, status));
  }
  return found;
}

async function apply(
  tx: Queryable,
  schema: string,
  due: readonly DueGroup[],
  outcomes: readonly GroupOutcome[],
  owner: string,
  nowMs: number,
): Promise<TakenNotification[]> {
  const byNo = new Map(due.map((group) => [group.no, group]));
  const forgotten = outcomes.filter((outcome) => outcome.forget === true).map(({ no }) => no);
  const kept = outcomes.flatMap((outcome) => (outcome.forget === true ? [] : [outcome]));
  await outcomesWritten(tx, schema, forgotten, kept, byNo, nowMs);
  const taken = kept.flatMap(({ no, notifications }) => {
    const group = byNo.get(no);
    return group === undefined ? [] : notifications.map((each) => begun(each, group, nowMs));
  });
  if (taken.length > 0) {
    const replaces = taken.some(({ groupNo, integration }) => byNo.get(groupNo)?.open.get(integration) === 'pending');
    await insertTaken(tx, schema, taken, owner, replaces);
  }
  return taken;
}

type KeptOutcome = Exclude<GroupOutcome, { forget: true }>;

/** Groups that go, those that stay, and of these what is remembered though nothing is sent. */
async function outcomesWritten(
  tx: Queryable,
  schema: string,
  forgotten: readonly bigint[],
  kept: readonly KeptOutcome[],
  byNo: ReadonlyMap<bigint, DueGroup>,
  nowMs: number,
): Promise<void> {
  if (forgotten.length > 0) await tx.query(`DELETE FROM ${schema}.groups WHERE no = ANY($1::bigint[])`, [int8Array(forgotten)]);
  if (kept.length === 0) return;
  const notified = kept.map(({ no, remembered }) =>
    remembered.size === 0 ? null : JSON.stringify(Object.fromEntries([...(byNo.get(no)?.notified ?? []), ...remembered])),
  );
  await tx.query(
    `UPDATE ${schema}.groups g SET flush_ms = u.flush_ms, flushed_ms = $3, notified = coalesce(u.notified, g.notified)
     FROM unnest($1::bigint[], $2::bigint[], $4::text[]) AS u(no, flush_ms, notified) WHERE g.no = u.no`,
    [
      int8Array(kept.map(({ no }) => no)),
      int8Array(kept.map(({ nextFlushMs }) => BigInt(Math.floor(nextFlushMs)))),
      Math.floor(nowMs),
      textArray(notified),
    ],
  );
}

const begun = (each: NewNotification, { namespace, no, groupKey }: DueGroup, nowMs: number): TakenNotification => ({
  ...each,
  namespace,
  groupNo: no,
  groupKey,
  createdAtMs: Math.floor(nowMs),
  attempts: 1,
  epoch: 1,
});

/** @param replaces  whether one that waits may be in the place of one of these */
async function insertTaken(
  tx: Queryable,
  schema: string,
  taken: readonly TakenNotification[],
  owner: string,
  replaces: boolean,
): Promise<void> {
  const groups = int8Array(taken.map(({ groupNo }) => groupNo));
  const integrations = textArray(taken.map(({ integration }) => integration));
  if (replaces)
    await tx.query(
      `UPDATE ${schema}.notifications n SET status = 'superseded', finished_ms = $3
     FROM unnest($1::bigint[], $2::text[]) AS u(group_no, integration)
     WHERE n.group_no = u.group_no AND n.integration = u.integration AND n.status = 'pending'`,
      [groups, integrations, taken[0]?.createdAtMs ?? 0],
    );
  await tx.query(
    `INSERT INTO ${schema}.notifications (id, namespace, group_no, group_key, receiver, integration, status, reason, doc, firing, resolved,
       created_ms, attempts, due_ms, owner, lease_until, epoch)
     SELECT id::uuid, namespace, group_no, group_key, receiver, integration, 'sending', reason, doc, firing, resolved,
       created_ms, attempts, created_ms, $13, now() + interval '${leaseSeconds} s', epoch
     FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[],
       $11::bigint[], $12::int[], $14::int[])
       AS u(id, namespace, group_no, group_key, receiver, integration, reason, doc, firing, resolved, created_ms, attempts, epoch)`,
    [
      textArray(taken.map(({ id }) => id)),
      textArray(taken.map(({ namespace }) => namespace)),
      groups,
      textArray(taken.map(({ groupKey }) => groupKey)),
      textArray(taken.map(({ receiver }) => receiver)),
      integrations,
      textArray(taken.map(({ reason }) => reason)),
      textArray(taken.map(({ doc }) => doc)),
      textArray(taken.map(({ firing }) => firing.join(' '))),
      textArray(taken.map(({ resolved }) => resolved.join(' '))),
      int8Array(taken.map(({ createdAtMs }) => BigInt(createdAtMs))),
      int4Array(taken.map(({ attempts }) => attempts)),
      owner,
      int4Array(taken.map(({ epoch }) => epoch)),
    ],
  );
}

const words = (text: string): string[] => (text === '' ? [] : text.split(' '));

function groupOf(row: GroupRow, open: DueGroup['open']): DueGroup {
  return {
    no: row.no,
    namespace: row.namespace,
    routeId: row.route_id,
    groupKey: row.group_key,
    labels: JSON.parse(row.labels) as DueGroup['labels'],
    dueMs: Number(row.flush_ms),
    notified: new Map(Object.entries(JSON.parse(row.notified) as Record<string, Notified>)),
    open,
  };
}

function takenOf(row: NotificationRow): TakenNotification {
  return {
    id: row.id,
    namespace: row.namespace,
    groupNo: row.group_no,
    groupKey: row.group_key,
    receiver: row.receiver,
    integration: row.integration,
    reason: row.reason,
    doc: row.doc,
    firing: words(row.firing),
    resolved: words(row.resolved),
    createdAtMs: Number(row.created_ms),
    attempts: row.attempts,
    epoch: row.epoch,
  };
}
