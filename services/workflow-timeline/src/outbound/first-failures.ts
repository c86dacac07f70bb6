import type { Queryable } from '@tmws/postgres';
import type { StepError } from '../domain/fact.ts';
import { failedStatuses, type FirstFailure, firstFailureOf } from '../domain/first-failure.ts';

/** Where the steps of an execution lie. */
type StepsPlace = Readonly<{ no: bigint; bucket: number }>;

/**
 * By execution number: the step that failed first and stayed so, in the order of `earlierFailure`. What it costs grows with the steps
 * of the executions.
 */
export async function firstFailuresOf(
  tx: Queryable,
  schema: string,
  executions: readonly StepsPlace[],
): Promise<Map<bigint, FirstFailure>> {
  if (executions.length === 0) return new Map();
  const rows = await tx.query<{ no: bigint; step_key: string; step_id: string; doc: string }>(
    `SELECT k.execution_no AS no, f.* FROM unnest($1::int[], $2::bigint[]) AS k(bucket, execution_no) CROSS JOIN LATERAL (
       SELECT encode(a.step_key, 'hex') AS step_key, a.step_id, coalesce(a.doc_text, a.doc::text) AS doc FROM ${schema}.attempts a
       WHERE a.bucket = k.bucket AND a.execution_no = k.execution_no AND a.status = ANY($3::text[]) AND NOT EXISTS (
         SELECT FROM ${schema}.attempts later WHERE later.bucket = a.bucket AND later.execution_no = a.execution_no
           AND later.step_key = a.step_key AND later.attempt > a.attempt)
       ORDER BY a.end_ns NULLS LAST, a.start_ns DESC NULLS LAST, a.step_key LIMIT 1) f`,
    [executions.map(({ bucket }) => bucket), executions.map(({ no }) => no), [...failedStatuses]],
  );
  return new Map(
    rows.map((row) => {
      const { name = '', error } = JSON.parse(row.doc) as { name?: string; error?: StepError };
      return [
        row.no,
        firstFailureOf({ step: { stepKey: row.step_key, stepId: row.step_id, path: [], iteration: 0 }, name, error }),
      ];
    }),
  );
}
