// Looks at the newest executions only, so that none takes longer the more there are.
import type { Database } from '@tmws/postgres';
import type { Durations, ExecutionFilter, FailedExecution, ValueKey } from '../listing-ports.ts';
import { durationSql, failedSql, filterConditions, likeOf, parameters, rangeConditions, valueSql } from './listing-conditions.ts';

/** Of a message that much is read: what tells failures apart stands at its beginning. */
const messageLength = 300;

export async function failuresOf(
  db: Database,
  table: string,
  filter: ExecutionFilter,
  { among, limit }: { among: number; limit: number },
): Promise<FailedExecution[]> {
  const { bind, values } = parameters();
  const range = rangeConditions(filter, bind).join(' AND ');
  const latest = `SELECT * FROM ${table} WHERE ${range} AND ${failedSql} ORDER BY sort_ns DESC, id DESC LIMIT ${bind(among)}`;
  const rows = await db.query<{
    id: string;
    status: string;
    step: string;
    error_type: string;
    message: string;
    at_ns: bigint;
    no: bigint;
    bucket: number;
    step_count: number;
  }>(
    `SELECT id, status, ${valueSql['failed-at']} AS step, ${valueSql.error} AS error_type, left(${valueSql.message}, ${messageLength}) AS message,
       coalesce(greatest(finished_ns, last_end_ns), sort_ns) AS at_ns, no, bucket, step_count
     FROM (${latest}) AS latest WHERE ${filterConditions(filter, bind).join(' AND ')}
     ORDER BY sort_ns DESC, id DESC LIMIT ${bind(limit)}`,
    values,
  );
  return rows.map((row) => ({
    id: row.id,
    status: row.status,
    step: row.step,
    errorType: row.error_type,
    message: row.message,
    atNs: row.at_ns,
    no: row.no,
    bucket: row.bucket,
    stepCount: row.step_count,
  }));
}

export async function durationsOf(
  db: Database,
  table: string,
  namespace: string,
  { among, runs, limit }: { among: number; runs: number; limit: number },
): Promise<Durations[]> {
  const percentile = (share: number): string => `percentile_disc(${share}) WITHIN GROUP (ORDER BY ns)`;
  const rows = await db.query<{ workflow: string; runs: bigint; p50: bigint; p90: bigint; p95: bigint; max: bigint }>(
    `WITH newest AS (
       SELECT workflow_name, status, sort_ns, ${durationSql('NULL')} AS ns
       FROM ${table} WHERE namespace = $1 AND seq > 0 ORDER BY sort_ns DESC, id DESC LIMIT $2
     ), completed AS (
       SELECT workflow_name AS workflow, sort_ns, ns, row_number() OVER (PARTITION BY workflow_name ORDER BY sort_ns DESC) AS place
       FROM newest WHERE status = 'completed' AND ns IS NOT NULL
     )
     SELECT workflow, count(*) AS runs, ${percentile(0.5)} AS p50, ${percentile(0.9)} AS p90, ${percentile(0.95)} AS p95, max(ns) AS max
     FROM completed WHERE place <= $3 GROUP BY workflow ORDER BY max(sort_ns) DESC LIMIT $4`,
    [namespace, among, runs, limit],
  );
  return rows.map(({ workflow, runs: n, p50, p90, p95, max }) => ({
    workflow,
    runs: Number(n),
    p50Ns: p50,
    p90Ns: p90,
    p95Ns: p95,
    maxNs: max,
  }));
}

export async function valuesOf(
  db: Database,
  table: string,
  namespace: string,
  key: ValueKey,
  prefix: string,
  { among, limit }: { among: number; limit: number },
): Promise<{ value: string; count: number }[]> {
  const value = key === 'message' ? `left(${valueSql.message}, ${messageLength})` : valueSql[key];
  const rows = await db.query<{ value: string; count: bigint }>(
    `SELECT ${value} AS value, count(*) AS count
     FROM (SELECT * FROM ${table} WHERE namespace = $1 AND seq > 0 ORDER BY sort_ns DESC, id DESC LIMIT $2) AS newest
     WHERE ${value} <> '' AND ${value} ILIKE $3 GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT $4`,
    [namespace, among, `${likeOf([prefix])}%`, limit],
  );
  return rows.map((row) => ({ value: row.value, count: Number(row.count) }));
}
