import { int8Array, type Queryable, textArray } from '@tmws/postgres';
import type { LedgerStore, NewDigest, WaitingNotification } from '../ledger-ports.ts';

interface WaitingRow {
  id: string;
  namespace: string;
  receiver: string;
  integration: string;
  reason: string;
  doc: string;
  firing: string;
  resolved: string;
  created_ms: bigint;
  due_ms: bigint;
}

/** What is looked at of what waits. The rest is the next look's. */
const mostAtOnce = 1_000;

/** One that was tried keeps its name, under which the receiver may have it; one that stands for others is not put into another. */
const mayGoIn = `status = 'pending' AND attempts = 0 AND replay_of IS NULL AND reason <> 'digest'`;

/** As `LedgerStore.digest`. A digest belongs to no group: its number is that of none. */
export async function digestWaiting(
  tx: Queryable,
  schema: string,
  { receiver, integration }: Parameters<LedgerStore['digest']>[0],
  nowMs: number,
  decide: Parameters<LedgerStore['digest']>[2],
): Promise<number> {
  const found = await tx.query<{ id: string; group_no: bigint }>(
    `SELECT id, group_no FROM ${schema}.notifications WHERE receiver = $1 AND integration = $2 AND ${mayGoIn}
     ORDER BY due_ms LIMIT ${mostAtOnce}`,
    [receiver, integration],
  );
  if (found.length === 0) return 0;
  const held = await tx.query<{ no: bigint }>(
    `SELECT no FROM ${schema}.groups WHERE no = ANY($1::bigint[]) FOR UPDATE SKIP LOCKED`,
    [int8Array(found.map((each) => each.group_no))],
  );
  const rows = await tx.query<WaitingRow>(
    `SELECT id, namespace, receiver, integration, reason, doc, firing, resolved, created_ms, due_ms FROM ${schema}.notifications
     WHERE id = ANY($1::text[]::uuid[]) AND group_no = ANY($2::bigint[]) AND ${mayGoIn} ORDER BY created_ms, id FOR UPDATE SKIP LOCKED`,
    [textArray(found.map(({ id }) => id)), int8Array(held.map(({ no }) => no))],
  );
  const digests = decide(rows.map(waitingOf));
  const inside = digests.flatMap(({ id, of }) => of.map((each) => ({ id: each, digest: id })));
  if (inside.length === 0) return 0;
  await tx.query(
    `UPDATE ${schema}.notifications n SET status = 'digested', digest = u.digest
     FROM unnest($1::text[]::uuid[], $2::text[]::uuid[]) AS u(id, digest) WHERE n.id = u.id`,
    [textArray(inside.map(({ id }) => id)), textArray(inside.map(({ digest }) => digest))],
  );
  await insertDigests(tx, schema, digests, nowMs);
  return inside.length;
}

const words = (text: string): string[] => (text === '' ? [] : text.split(' '));

const waitingOf = ({ created_ms: createdMs, due_ms: dueMs, firing, resolved, ...row }: WaitingRow): WaitingNotification => ({
  ...row,
  firing: words(firing),
  resolved: words(resolved),
  createdAtMs: Number(createdMs),
  dueMs: Number(dueMs),
});

async function insertDigests(tx: Queryable, schema: string, digests: readonly NewDigest[], nowMs: number): Promise<void> {
  const texts = (of: (digest: NewDigest) => string): Buffer => textArray(digests.map(of));
  await tx.query(
    `INSERT INTO ${schema}.notifications (id, namespace, group_no, group_key, receiver, integration, status, reason, doc, firing, resolved,
       created_ms, due_ms)
     SELECT u.id::uuid, u.namespace, nextval(pg_get_serial_sequence('${schema}.groups', 'no')), u.group_key, u.receiver, u.integration,
       'pending', u.reason, u.doc, u.firing, u.resolved, $1, $1
     FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[])
       AS u(id, namespace, group_key, receiver, integration, reason, doc, firing, resolved)`,
    [
      Math.floor(nowMs),
      texts(({ id }) => id),
      texts(({ namespace }) => namespace),
      texts(({ groupKey }) => groupKey),
      texts((digest) => digest.receiver),
      texts((digest) => digest.integration),
      texts(({ reason }) => reason),
      texts(({ doc }) => doc),
      texts(({ firing }) => firing.join(' ')),
      texts(({ resolved }) => resolved.join(' ')),
    ],
  );
}
