// Dead letters, and sending them again.
import { randomUUID } from 'node:crypto';
import { enqueue, type Queryable, textArray } from '@tmws/postgres';
import type { DeadLetter, LedgerStore, Replayed } from '../ledger-ports.ts';
import type { HistoryEntry } from '../ports.ts';
import { remember } from './postgres-alert-store.ts';

interface DeadRow {
  id: string;
  namespace: string;
  receiver: string;
  integration: string;
  digest: string | null;
  firing: string;
  resolved: string;
}

/**
 * As `LedgerStore.replay`. A replay belongs to no group: it stands beside what the group tells by itself, and takes nobody's place.
 *
 *   R1  a dead letter is replayed once, however many ask for it at a time
 *   R2  what went in a digest that is replayed too goes in that, and not by itself
 */
export async function replayDead(
  tx: Queryable,
  schema: string,
  ...[chosen, by, nowMs, eventsOf]: Parameters<LedgerStore['replay']>
): Promise<Replayed> {
  const found = await lockChosen(tx, schema, chosen);
  const some = found.slice(0, chosen.limit);
  const ids = new Set(some.map(({ id }) => id));
  const alone = some.filter(({ digest }) => digest === null || !ids.has(digest));
  if (alone.length === 0) return { replayed: [], more: false };
  const replays = alone.map((row) => ({ row, id: randomUUID() }));
  const replayed = await tx.query<{ id: string }>(
    `UPDATE ${schema}.notifications SET status = 'replayed'
     WHERE status = 'dead' AND (id = ANY($1::text[]::uuid[]) OR digest = ANY($2::text[]::uuid[])) RETURNING id`,
    [textArray([...ids]), textArray([...ids])],
  );
  await tx.query(
    `INSERT INTO ${schema}.notifications (id, namespace, group_no, group_key, receiver, integration, status, reason, doc, firing, resolved,
       created_ms, due_ms, replay_of)
     SELECT u.replay, n.namespace, nextval(pg_get_serial_sequence('${schema}.groups', 'no')), n.group_key, n.receiver, n.integration,
       'pending', 'replay', n.doc, n.firing, n.resolved, $3, $3, n.id
     FROM ${schema}.notifications n JOIN unnest($1::text[]::uuid[], $2::text[]::uuid[]) AS u(id, replay) ON u.id = n.id`,
    [textArray(replays.map(({ row }) => row.id)), textArray(replays.map(({ id }) => id)), Math.floor(nowMs)],
  );
  const entries = replays.flatMap(({ row, id }) => entriesOf(row, id, by, nowMs));
  await remember(tx, schema, entries);
  await enqueue(tx, schema, eventsOf(entries));
  return { replayed: replayed.map(({ id }) => id), more: found.length > chosen.limit };
}

async function lockChosen(tx: Queryable, schema: string, chosen: Parameters<LedgerStore['replay']>[0]): Promise<DeadRow[]> {
  const columns = 'n.id, n.namespace, n.receiver, n.integration, n.digest, n.firing, n.resolved';
  if (chosen.ids !== undefined) {
    return await tx.query<DeadRow>(
      `SELECT ${columns} FROM ${schema}.notifications n WHERE n.namespace = $1 AND n.id = ANY($2::text[]::uuid[]) AND n.status = 'dead'
       ORDER BY n.id FOR UPDATE`,
      [chosen.namespace, textArray(chosen.ids)],
    );
  }
  return await tx.query<DeadRow>(
    `SELECT ${columns} FROM ${schema}.notifications n
     WHERE n.namespace = $1 AND n.status = 'dead' AND ($2 = '' OR n.receiver = $2) AND n.finished_ms >= $3
       AND NOT EXISTS (SELECT 1 FROM ${schema}.notifications d WHERE d.id = n.digest AND d.status = 'dead')
     ORDER BY n.finished_ms, n.id LIMIT $4 FOR UPDATE`,
    [chosen.namespace, chosen.receiver, Math.floor(chosen.sinceMs), chosen.limit + 1],
  );
}

const words = (text: string): string[] => (text === '' ? [] : text.split(' '));

function entriesOf(
  { namespace, receiver, integration, id, ...row }: DeadRow,
  replay: string,
  by: string,
  atMs: number,
): HistoryEntry[] {
  const doc = { by, notification: replay, replayOf: id, receiver, integration };
  return [...words(row.firing), ...words(row.resolved)].map((fingerprint) => ({
    namespace,
    fingerprint,
    atMs,
    kind: 'replayed',
    doc,
  }));
}

/** As `LedgerStore.deadSince`. */
export async function deadSince(on: Queryable, schema: string, sinceMs: number, limit: number): Promise<DeadLetter[]> {
  const rows = await on.query<{
    namespace: string;
    receiver: string;
    integration: string;
    firing: string;
    resolved: string;
    finished_ms: bigint;
    error: string;
  }>(
    `SELECT namespace, receiver, integration, firing, resolved, finished_ms, error FROM ${schema}.notifications
     WHERE status = 'dead' AND finished_ms >= $1 ORDER BY finished_ms DESC LIMIT $2`,
    [Math.floor(sinceMs), limit],
  );
  return rows.map(({ finished_ms: finishedMs, firing, resolved, ...row }) => ({
    ...row,
    firing: words(firing),
    resolved: words(resolved),
    finishedMs: Number(finishedMs),
  }));
}
