import { type Database, partitionsOf, type Queryable } from '@tmws/postgres';
import { notifiedName } from '../domain/notify-decision.ts';
import type { LedgerStore } from '../ledger-ports.ts';
import type { AlertStore, Notified, TakenNotification } from '../ports.ts';
import { digestWaiting } from './ledger-digest.ts';
import { finishing } from './ledger-finish.ts';
import { leaseSeconds, lockOpen, readDue, supersede, writeOutcomes } from './ledger-flush.ts';
import { postpone } from './ledger-postpone.ts';
import { deadSince, replayDead } from './ledger-replay.ts';
import { changedAlerts, changedSilences } from './postgres-alert-store.ts';
import { claimFirst } from './first-tellings.ts';
import { bucketOf } from './store-batch.ts';

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
  progress: string;
  replay_of: string | null;
  /** Of its group; null: it is forgotten. */
  notified: string | null;
}

/**
 * Groups and notifications in Postgres.
 *
 * A notification is `pending` → `sending` (with an owner, a lease and an epoch) → `sent`, `pending` again, or `dead`; a pending one
 * whose group has changed is `superseded` by the next, one that waits for its turn may go in a digest and is `digested`, and a dead one
 * that is sent again as another is `replayed`. A group's row is locked before its notifications, everywhere; several at once
 * only where those that others hold are left out, or by the one writer of alerts.
 */
export function openPostgresLedgerStore(db: Database, schema: string): LedgerStore {
  const partitions = partitionsOf(db, schema, ['history']);
  const finish = finishing(db, schema);
  return {
    async flush(nowMs, limit, owner, look) {
      const read = await readDue(db, schema, nowMs, limit, false);
      if (read.due.length === 0) return { due: 0, taken: [] };
      // Those that wait to be sent may be taken meanwhile by whoever holds none of these groups.
      if (read.due.some(({ open }) => [...open.values()].includes('pending'))) {
        return await flushLocked(db, schema, nowMs, limit, owner, look);
      }
      const outcomes = await look([...read.due], changesUpTo(db, schema, read.lastRevision));
      return { due: read.due.length, taken: (await writeOutcomes(db, schema, read, outcomes, owner, nowMs)).taken };
    },

    async flushFresh(groups, outcomes, owner, nowMs) {
      const versions = new Map(groups.map(({ no, version }) => [no, version]));
      const { taken, written } = await writeOutcomes(db, schema, { due: groups, versions }, outcomes, owner, nowMs);
      return { taken, left: groups.length - written };
    },

    nextDue: () => nextDue(db, schema),

    async nextDueMs() {
      const { groupMs, notificationMs } = await nextDue(db, schema);
      const ms = Math.min(groupMs ?? Infinity, notificationMs ?? Infinity);
      return ms === Infinity ? undefined : ms;
    },

    async take(nowMs, limit, owner) {
      const rows = await db.query<NotificationRow>(
        `UPDATE ${schema}.notifications n SET status = 'sending', owner = $3, lease_until = now() + interval '${leaseSeconds} s',
           attempts = attempts + 1, epoch = epoch + 1
         WHERE id IN (SELECT id FROM ${schema}.notifications
           WHERE (status = 'pending' AND due_ms <= $1) OR (status = 'sending' AND lease_until < now())
           ORDER BY due_ms LIMIT $2 FOR UPDATE SKIP LOCKED)
         RETURNING n.*, (SELECT notified FROM ${schema}.groups g WHERE g.no = n.group_no) AS notified`,
        [Math.floor(nowMs), limit, owner],
        { prepared: true },
      );
      return rows.map(takenOf);
    },

    async finish(notification, delivery, nowMs, told) {
      if (told.entries.length > 0) await partitions.ensure(bucketOf(nowMs));
      return await finish({ notification, delivery, nowMs, told });
    },

    postpone: (taken) => postpone(db, schema, taken),
    digest: (to, nowMs, decide) => db.transaction((tx) => digestWaiting(tx, schema, to, nowMs, decide)),
    async replay(chosen, by, nowMs, eventsOf) {
      await partitions.ensure(bucketOf(nowMs));
      return await db.transaction((tx) => replayDead(tx, schema, chosen, by, nowMs, eventsOf));
    },
    deadSince: (sinceMs, limit) => deadSince(db, schema, sinceMs, limit),
    claimFirst: (occurrences) => claimFirst(db, schema, occurrences),
  };
}

async function nextDue(db: Database, schema: string) {
  const [row] = await db.query<{ group_ms: bigint | null; notification_ms: bigint | null }>(
    `SELECT (SELECT min(flush_ms) FROM ${schema}.groups) AS group_ms,
       least((SELECT min(due_ms) FROM ${schema}.notifications WHERE status = 'pending'),
         (SELECT (extract(epoch FROM min(lease_until)) * 1000)::bigint FROM ${schema}.notifications WHERE status = 'sending')) AS notification_ms`,
    [],
    { prepared: true },
  );
  const ms = (value: bigint | null | undefined): number | undefined => (typeof value === 'bigint' ? Number(value) : undefined);
  return { groupMs: ms(row?.group_ms), notificationMs: ms(row?.notification_ms) };
}

async function flushLocked(
  db: Database,
  schema: string,
  ...[nowMs, limit, owner, look]: Parameters<LedgerStore['flush']>
): ReturnType<LedgerStore['flush']> {
  return await db.transaction(async (tx) => {
    const read = await readDue(tx, schema, nowMs, limit, true);
    const due = await lockOpen(tx, schema, read.due);
    const outcomes = await look(due, changesUpTo(tx, schema, read.lastRevision));
    await supersede(tx, schema, outcomes, nowMs);
    const { taken } = await writeOutcomes(tx, schema, { ...read, due }, outcomes, owner, nowMs);
    return { due: due.length, taken };
  });
}

const changesUpTo = (on: Queryable, schema: string, last: bigint): Pick<AlertStore, 'changedAlerts' | 'changedSilences'> => ({
  changedAlerts: async (after) => (after >= last ? [] : await changedAlerts(on, schema, after)),
  changedSilences: async (after) => (after >= last ? [] : await changedSilences(on, schema, after)),
});

const words = (text: string): string[] => (text === '' ? [] : text.split(' '));

function takenOf(row: NotificationRow): TakenNotification {
  const told = JSON.parse(row.notified ?? '{}') as Readonly<Record<string, Notified>>;
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
    handle: told[notifiedName(row.receiver, row.integration)]?.handle ?? '',
    progress: row.progress,
    ...(row.replay_of !== null && { replayOf: row.replay_of }),
  };
}
