import type { Database } from '@tmws/postgres';
import type { TimeBuckets } from '../domain/time-buckets.ts';
import type { Counts, ExecutionFilter, FacetKey } from '../listing-ports.ts';
import { filterConditions, parameters, valueSql } from './listing-conditions.ts';

const facetSql: Readonly<Record<FacetKey, string>> = {
  status: 'status',
  workflow: valueSql.workflow,
  version: valueSql.version,
  origin: valueSql.origin,
  error: valueSql.error,
  'failed-at': valueSql['failed-at'],
};
const facetKeys = Object.keys(facetSql) as FacetKey[];

interface CountRow {
  /** Which columns are not what was grouped by, as bits: at, then the facets in order. */
  mask: number;
  at: number | null;
  value: string | null;
  status: string | null;
  n: bigint;
  distinct_values: bigint;
}

/**
 * One look at the rows: they are counted by all columns at once, which leaves few groups, and those are summed up by each.
 */
export async function countMatches(
  db: Database,
  table: string,
  filter: ExecutionFilter,
  { fromNs, lengthNs, count }: TimeBuckets,
  { share, most }: { share: number; most: number },
): Promise<Counts> {
  const { bind, values } = parameters();
  const at = `((sort_ns - ${bind(fromNs)}::bigint) / ${bind(lengthNs)}::bigint)::int`;
  const where = filterConditions(filter, bind).join(' AND ');
  const sample = share < 1 ? `TABLESAMPLE SYSTEM (${bind(share * 100)}::float8) REPEATABLE (1)` : '';
  const columns = facetKeys.map((key) => `${facetSql[key]} AS "${key}"`).join(', ');
  const names = facetKeys.map((key) => `"${key}"`).join(', ');
  const text = `WITH counted AS MATERIALIZED (
      SELECT ${at} AS at, ${columns}, count(*) AS n FROM ${table} ${sample} WHERE ${where} GROUP BY 1, ${facetKeys.map((_, at) => at + 2).join(', ')}
    ), summed AS (
      SELECT grouping(at, ${names}) AS mask, at, ${names}, sum(n)::bigint AS n FROM counted
      GROUP BY GROUPING SETS ((at, status), ${facetKeys.map((key) => `("${key}")`).join(', ')})
    ), ranked AS (
      SELECT *, row_number() OVER w AS place, count(*) OVER (PARTITION BY mask) AS distinct_values FROM summed
      WINDOW w AS (PARTITION BY mask ORDER BY n DESC, coalesce(${names}) COLLATE "C")
    )
    SELECT mask, at, status, coalesce(${names}) AS value, n, distinct_values FROM ranked
    WHERE place <= ${bind(most)}::bigint OR at IS NOT NULL ORDER BY mask, place`;
  const rows = await db.transaction(async (tx) => {
    // Versions may be one a run: groups of those must not spill to the disk.
    await tx.query(`SET LOCAL work_mem = '64MB'`);
    return await tx.query<CountRow>(text, values);
  });
  return readCounts(rows, count);
}

function readCounts(rows: readonly CountRow[], buckets: number): Counts {
  const all = (1 << (facetKeys.length + 1)) - 1;
  const byBucket = rows.filter(({ at }) => at !== null);
  return {
    total: byBucket.reduce((sum, { n }) => sum + Number(n), 0),
    facets: facetKeys.map((key, place) => {
      const mask = all & ~(1 << (facetKeys.length - 1 - place));
      const own = rows.filter((row) => row.mask === mask);
      return {
        key,
        values: own.map(({ value, n }) => ({ value: value ?? '', count: Number(n) })),
        distinct: Number(own[0]?.distinct_values ?? 0),
      };
    }),
    buckets: byBucket.map(({ at, status, n }) => ({
      at: Math.min(buckets - 1, Math.max(0, at ?? 0)),
      status: status ?? '',
      count: Number(n),
    })),
  };
}
