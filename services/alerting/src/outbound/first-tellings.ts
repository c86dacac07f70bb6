import { int8Array, type Queryable, textArray } from '@tmws/postgres';
import type { LedgerStore } from '../ledger-ports.ts';

/** As `LedgerStore.claimFirst`. In one order for all, so that nobody waits for who waits for him. */
export async function claimFirst(
  on: Queryable,
  schema: string,
  occurrences: Parameters<LedgerStore['claimFirst']>[0],
): Promise<{ namespace: string; fingerprint: string }[]> {
  return await on.query<{ namespace: string; fingerprint: string }>(
    `INSERT INTO ${schema}.first_tellings (namespace, fingerprint, fired_ms)
     SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[]) AS u(namespace, fingerprint, fired_ms) ORDER BY 1, 2, 3
     ON CONFLICT DO NOTHING RETURNING namespace, fingerprint`,
    [
      textArray(occurrences.map(({ namespace }) => namespace)),
      textArray(occurrences.map(({ fingerprint }) => fingerprint)),
      int8Array(occurrences.map(({ firedMs }) => BigInt(Math.floor(firedMs)))),
    ],
  );
}
