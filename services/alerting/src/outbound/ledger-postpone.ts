import { int4Array, int8Array, type Queryable, textArray } from '@tmws/postgres';
import type { Postponed } from '../ledger-ports.ts';

/** As `LedgerStore.postpone`: nobody is waited for, so that it may be done with no group held. */
export async function postpone(on: Queryable, schema: string, taken: readonly Postponed[]): Promise<Postponed[]> {
  if (taken.length === 0) return [];
  const held = await on.query<{ id: string }>(
    `WITH given AS MATERIALIZED (SELECT * FROM unnest($1::text[]::uuid[], $2::int[], $3::bigint[]) AS u(id, epoch, due_ms)),
       held AS MATERIALIZED (SELECT id FROM ${schema}.notifications WHERE id IN (SELECT id FROM given) FOR UPDATE SKIP LOCKED),
       back AS (UPDATE ${schema}.notifications n SET status = 'pending', due_ms = given.due_ms, attempts = n.attempts - 1,
           owner = NULL, lease_until = NULL
         FROM given JOIN held USING (id) WHERE n.id = given.id AND n.epoch = given.epoch AND n.status = 'sending')
     SELECT id FROM held`,
    [
      textArray(taken.map(({ notification }) => notification.id)),
      int4Array(taken.map(({ notification }) => notification.epoch)),
      int8Array(taken.map(({ dueMs }) => BigInt(Math.ceil(dueMs)))),
    ],
    { prepared: true },
  );
  const free = new Set(held.map(({ id }) => id));
  return taken.filter(({ notification }) => !free.has(notification.id));
}
