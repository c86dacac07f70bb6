// What came of notifications, written down together: one statement for as many as wait.
import { type Database, enqueue, int4Array, int8Array, outboxArrays, type Queryable, textArray } from '@tmws/postgres';
import { notifiedName } from '../domain/notify-decision.ts';
import type { Finished } from '../ledger-ports.ts';
import type { HistoryEntry, Notified } from '../ports.ts';
import { type Finishing, rowAfter, writeRow } from './ledger-row.ts';
import { finishStanding, standsForOthers } from './ledger-standing.ts';
import { remember } from './postgres-alert-store.ts';
import { historyArrays, historyColumns } from './store-batch.ts';

const finishedOf = (notified: string | undefined): Finished => ({
  before: notified === undefined || notified === '{}' ? new Map() : new Map(Object.entries(JSON.parse(notified) as object)),
});

/** What the receiver now knows of the group, by name; what else is remembered there stays. */
const notifiedAfter = ({ notification, delivery, nowMs }: Finishing): Record<string, Notified> => {
  const { receiver, integration, firing, resolved } = notification;
  if (!delivery.sent) return {};
  const { handle } = delivery;
  const told = { firing, resolved, atMs: Math.floor(nowMs), ...(handle !== undefined && { handle }) };
  return { [notifiedName(receiver, integration)]: told };
};

/**
 * Writes down those whose groups nobody holds; waiting for several rows that others hold in another order would be a deadlock.
 *
 * @returns of each: what its group was told before; false: it was not this epoch's to finish; undefined: not written down, its group is
 *   held or gone
 */
export async function finishTogether(
  on: Queryable,
  schema: string,
  all: readonly Finishing[],
): Promise<(Finished | false | undefined)[]> {
  const rows = all.map(rowAfter);
  const entries = all.flatMap(({ told }, index) => told.entries.map((entry): [number, HistoryEntry] => [index, entry]));
  const records = all.flatMap(({ told }, index) => told.records.map((record) => ({ index, record })));
  const values: unknown[] = [];
  const add = (value: unknown): string => `$${values.push(value)}`;
  const notifications = [
    `${add(textArray(all.map(({ notification }) => notification.id)))}::text[]::uuid[]`,
    `${add(int4Array(all.map(({ notification }) => notification.epoch)))}::int[]`,
    `${add(int8Array(all.map(({ notification }) => notification.groupNo)))}::bigint[]`,
    `${add(textArray(rows.map(({ status }) => status)))}::text[]`,
    `${add(int8Array(rows.map(({ dueMs }) => BigInt(dueMs))))}::bigint[]`,
    `${add(textArray(rows.map(({ error }) => error)))}::text[]`,
    `${add(textArray(rows.map(({ receipt }) => receipt)))}::text[]`,
    `${add(int8Array(rows.map(({ finishedMs }) => (finishedMs === null ? null : BigInt(finishedMs)))))}::bigint[]`,
    `${add(textArray(all.map((each) => JSON.stringify(notifiedAfter(each)))))}::text[]`,
    `${add(textArray(rows.map(({ progress }) => progress)))}::text[]`,
  ];
  const parts = [
    `given AS MATERIALIZED (SELECT * FROM unnest(${notifications.join(', ')}) WITH ORDINALITY
       AS u(id, epoch, group_no, status, due_ms, error, receipt, finished_ms, notified, progress, n))`,
    `held AS MATERIALIZED (SELECT no, notified FROM ${schema}.groups WHERE no IN (SELECT group_no FROM given) FOR UPDATE SKIP LOCKED)`,
    `mine AS (UPDATE ${schema}.notifications x SET status = u.status, due_ms = u.due_ms, error = u.error, receipt = u.receipt,
       finished_ms = u.finished_ms, progress = coalesce(u.progress, x.progress), owner = NULL, lease_until = NULL
       FROM given u JOIN held ON held.no = u.group_no
       WHERE x.id = u.id AND x.epoch = u.epoch AND x.status = 'sending'
       RETURNING u.n, u.group_no, u.notified, x.receiver, x.integration, x.firing, x.resolved)`,
    `patches AS (SELECT group_no, jsonb_object_agg(p.key, p.value) AS patch FROM mine, jsonb_each(mine.notified::jsonb) p GROUP BY group_no)`,
    `g AS (UPDATE ${schema}.groups x SET notified = (x.notified::jsonb || (SELECT jsonb_object_agg(k.key,
         coalesce(x.notified::jsonb -> k.key, '{}') || k.value) FROM jsonb_each(p.patch) k))::text FROM patches p WHERE x.no = p.group_no)`,
  ];
  const replacing = all.flatMap(({ told }, index) => (told.replaces === true ? [BigInt(index + 1)] : []));
  if (replacing.length > 0) {
    parts.push(
      `s AS (UPDATE ${schema}.notifications x SET status = 'superseded' WHERE x.id IN (SELECT d.id FROM ${schema}.notifications d
         JOIN mine USING (group_no, receiver, integration, firing, resolved)
         WHERE d.status = 'dead' AND mine.n = ANY(${add(int8Array(replacing))}::bigint[]) FOR UPDATE OF d SKIP LOCKED))`,
    );
  }
  if (entries.length > 0) {
    const arrays = historyArrays(entries.map(([, entry]) => entry)).map(([type, array]) => `${add(array)}::${type}[]`);
    const of = add(int8Array(entries.map(([index]) => BigInt(index + 1))));
    parts.push(
      `h AS (INSERT INTO ${schema}.history (${historyColumns}) SELECT ${historyColumns}
         FROM unnest(${arrays.join(', ')}, ${of}::bigint[]) AS u(${historyColumns}, n) WHERE n IN (SELECT n FROM mine))`,
    );
  }
  if (records.length > 0) {
    const [topics, keys, headers, bodies] = outboxArrays(records.map(({ record }) => record));
    const of = add(int8Array(records.map(({ index }) => BigInt(index + 1))));
    parts.push(
      `o AS (INSERT INTO ${schema}.outbox (topic, key, headers, value) SELECT topic, key, headers, value
         FROM unnest(${add(topics)}::text[], ${add(keys)}::bytea[], ${add(headers)}::jsonb[], ${add(bodies)}::bytea[], ${of}::bigint[])
           WITH ORDINALITY AS u(topic, key, headers, value, n, at) WHERE n IN (SELECT n FROM mine) ORDER BY at)`,
    );
  }
  const done = await on.query<{ n: bigint; mine: boolean; notified: string }>(
    `WITH ${parts.join(', ')} SELECT given.n, mine.n IS NOT NULL AS mine, held.notified
     FROM given JOIN held ON held.no = given.group_no LEFT JOIN mine ON mine.n = given.n`,
    values,
    { prepared: true },
  );
  const answers = new Map(done.map(({ n, mine, notified }) => [Number(n) - 1, mine && { notified }]));
  return inTurn(all, answers);
}

/** Of several of one group each counts as told before the next. */
function inTurn(
  all: readonly Finishing[],
  answers: ReadonlyMap<number, { readonly notified: string } | false>,
): (Finished | false | undefined)[] {
  const meanwhile = new Map<bigint, [string, Notified][]>();
  return all.map((one, index) => {
    const answer = answers.get(index);
    if (answer === undefined || answer === false) return answer;
    const { groupNo } = one.notification;
    const { before } = finishedOf(answer.notified);
    const told = meanwhile.get(groupNo) ?? [];
    if (one.delivery.sent) meanwhile.set(groupNo, [...told, ...Object.entries(notifiedAfter(one))]);
    return { before: told.length === 0 ? before : new Map([...before, ...told]) };
  });
}

/** Writes down one, once nobody else holds its group. @returns undefined if another took it meanwhile */
export async function finishOne(db: Database, schema: string, one: Finishing): Promise<Finished | undefined> {
  return await db.transaction(async (tx) => {
    const { groupNo } = one.notification;
    const [group] = await tx.query<{ notified: string }>(`SELECT notified FROM ${schema}.groups WHERE no = $1 FOR UPDATE`, [
      groupNo,
    ]);
    if (!(await writeRow(tx, schema, one))) return undefined;
    if (one.delivery.sent && group !== undefined) {
      const notified = JSON.parse(group.notified) as Record<string, Notified>;
      for (const [name, now] of Object.entries(notifiedAfter(one))) notified[name] = { ...notified[name], ...now };
      await tx.query(`UPDATE ${schema}.groups SET notified = $2 WHERE no = $1`, [groupNo, JSON.stringify(notified)]);
    }
    if (one.told.replaces === true) await supersedeDead(tx, schema, one.notification.id);
    await remember(tx, schema, one.told.entries);
    await enqueue(tx, schema, one.told.records);
    return finishedOf(group?.notified);
  });
}

async function supersedeDead(tx: Queryable, schema: string, id: string): Promise<void> {
  await tx.query(
    `UPDATE ${schema}.notifications SET status = 'superseded' WHERE id IN (SELECT d.id FROM ${schema}.notifications d
       JOIN ${schema}.notifications n USING (group_no, receiver, integration, firing, resolved)
       WHERE n.id = $1::uuid AND d.id <> n.id AND d.status = 'dead' FOR UPDATE OF d SKIP LOCKED)`,
    [id],
  );
}

const mostTogether = 500;

/** Finishes one after the other; those that come meanwhile wait and are written down together. */
export function finishing(db: Database, schema: string): (one: Finishing) => Promise<Finished | undefined> {
  const waiting: (Finishing & PromiseWithResolvers<Finished | undefined>)[] = [];
  let writing = false;
  const write = async (): Promise<void> => {
    writing = true;
    while (waiting.length > 0) {
      const some = waiting.splice(0, mostTogether);
      try {
        const answers = await finishTogether(db, schema, some);
        for (const [index, one] of some.entries()) {
          const answer = answers[index];
          if (answer !== undefined) one.resolve(answer === false ? undefined : answer);
          else finishOne(db, schema, one).then(one.resolve, one.reject);
        }
      } catch (error) {
        for (const { reject } of some) reject(error);
      }
    }
    writing = false;
  };
  return (one) => {
    if (standsForOthers(one.notification)) return finishStanding(db, schema, one);
    const answer = Promise.withResolvers<Finished | undefined>();
    waiting.push({ ...one, ...answer });
    if (!writing) void write();
    return answer.promise;
  };
}
