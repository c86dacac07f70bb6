import type { Database } from '@tmws/postgres';
import type { ExecutionPage, ListingStore } from '../listing-ports.ts';
import { durationSql, filterConditions, parameters, rangeConditions } from './listing-conditions.ts';
import { firstFailuresOf } from './first-failures.ts';
import { countMatches } from './postgres-listing-counts.ts';
import { durationsOf, failuresOf, valuesOf } from './postgres-listing-looks.ts';
import { type ExecutionRow, recordOf } from './rows.ts';

/** Lists of executions in Postgres, on a server or embedded. */
export function openPostgresListing(db: Database, schema: string): ListingStore {
  const table = `${schema}.executions`;
  return {
    async list(page) {
      const { text, values } = listStatement(table, page);
      const rows = await db.query<ExecutionRow & { sort_value: bigint }>(text, values);
      return rows.map((row) => ({ record: recordOf(row), value: row.sort_value }));
    },

    async extent(filter, most) {
      const { bind, values } = parameters();
      const where = rangeConditions(filter, bind).join(' AND ');
      const [row] = await db.query<{ count: bigint; first: bigint | null; last: bigint | null }>(
        `SELECT (SELECT count(*) FROM (SELECT 1 FROM ${table} WHERE ${where} LIMIT ${bind(most + 1)}) AS found) AS count,
           (SELECT sort_ns FROM ${table} WHERE ${where} ORDER BY sort_ns LIMIT 1) AS first,
           (SELECT sort_ns FROM ${table} WHERE ${where} ORDER BY sort_ns DESC LIMIT 1) AS last`,
        values,
      );
      return { count: Number(row?.count ?? 0), firstNs: row?.first ?? undefined, lastNs: row?.last ?? undefined };
    },

    async size() {
      // Nobody counts in the embedded database; a page holds about 20.
      const [row] = await db.query<{ size: number }>(
        `SELECT CASE WHEN reltuples > 0 THEN reltuples ELSE pg_relation_size(oid) / 8192 * 20 END::float8 AS size
         FROM pg_class WHERE oid = $1::regclass`,
        [table],
      );
      return row?.size ?? 0;
    },

    count: (filter, buckets, options) => countMatches(db, table, filter, buckets, options),
    failures: (filter, options) => failuresOf(db, table, filter, options),
    failedSteps: async (executions) =>
      new Map([...(await firstFailuresOf(db, schema, executions))].map(([no, { step }]) => [no, step])),
    durations: (namespace, options) => durationsOf(db, table, namespace, options),
    values: (namespace, key, prefix, options) => valuesOf(db, table, namespace, key, prefix, options),
  };
}

function listStatement(table: string, { filter, sort, descending, limit, after }: ExecutionPage) {
  const { bind, values } = parameters();
  const sortValue = {
    startedAt: 'sort_ns',
    changed: 'revision',
    duration: sort === 'duration' ? `coalesce(${durationSql(bind(filter.nowNs))}, -1)` : '',
  }[sort];
  const conditions = filterConditions(filter, bind);
  if (after !== undefined) {
    conditions.push(`(${sortValue}, id) ${descending ? '<' : '>'} (${bind(after.value)}::bigint, ${bind(after.id)}::text)`);
  }
  const direction = descending ? 'DESC' : 'ASC';
  const text = `SELECT *, (${sortValue})::bigint AS sort_value FROM ${table} WHERE ${conditions.join(' AND ')}
    ORDER BY ${sortValue} ${direction}, id ${direction} LIMIT ${bind(limit)}`;
  return { text, values };
}
