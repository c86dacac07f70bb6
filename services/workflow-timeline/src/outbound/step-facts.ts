import type { Queryable } from '@tmws/postgres';
import type { StepFact } from '../domain/fact.ts';
import type { ExecutionRecord, NumberedFact, StepFacts } from '../ports.ts';
import { factColumns, type FactRow, numbered } from './postgres-recording.ts';

/** The facts of one step, found by the numbers its attempts keep: facts have no index by step. */
export async function factsOfStep(
  db: Queryable,
  schema: string,
  { bucket, no }: ExecutionRecord,
  stepKey: string,
  limit: number,
): Promise<StepFacts> {
  const rows = await db.query<FactRow & { total: bigint }>(
    `SELECT ${factColumns}, s.total
     FROM (SELECT unnest(a.fact_seqs) AS seq, sum(cardinality(a.fact_seqs)) OVER () AS total FROM ${schema}.attempts a
           WHERE a.bucket = $1 AND a.execution_no = $2 AND a.step_key = decode($3, 'hex')
           ORDER BY seq DESC LIMIT $4) s
     JOIN ${schema}.facts f ON f.bucket = $1 AND f.execution_no = $2 AND f.seq = s.seq
     ORDER BY f.seq`,
    [bucket, no, stepKey, limit],
  );
  return { facts: rows.map((row) => numbered(row) as NumberedFact<StepFact>), total: Number(rows[0]?.total ?? 0) };
}
