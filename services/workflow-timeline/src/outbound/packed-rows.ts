// Rows of one execution as the arrays that INSERT takes, made where the rows are, and written as they come. What is the same in
// all rows of a portion (the day, the execution, mostly the source and the path) is sent once.
import { hexArray, int4Array, int8Array, jsonbArray, type Queryable, textArray } from '@tmws/postgres';
import type { PackedRows, Rows } from '../import-ports.ts';
import type { RowPlace, StoredAttempt } from '../ports.ts';
import { attemptDoc, factDoc } from './fact-json.ts';

export function packRows({ facts, attempts }: Rows): PackedRows {
  const ns = (read: (attempt: StoredAttempt) => bigint | undefined): Buffer =>
    int8Array(attempts.map((one) => read(one) ?? null));
  return {
    factCount: facts.length,
    facts: [
      int8Array(facts.map(({ seq }) => seq)),
      hexArray(facts.map(({ eventKey }) => eventKey)),
      hexArray(facts.map(({ fact }) => (fact.about === 'step' ? fact.step.stepKey : null))),
      int4Array(facts.map(({ fact }) => (fact.about === 'step' ? fact.attempt : null))),
      textArray(facts.map(({ fact }) => fact.type)),
      int8Array(facts.map(({ fact }) => fact.stamp.timeNs)),
      textArray(facts.map(({ fact }) => fact.stamp.source)),
      textArray(facts.map(({ fact }) => fact.stamp.id)),
      jsonbArray(facts.map(({ fact }) => factDoc(fact))),
    ].map(ownBuffer),
    attemptCount: attempts.length,
    attempts: [
      hexArray(attempts.map(({ step }) => step.stepKey)),
      int4Array(attempts.map(({ attempt }) => attempt)),
      textArray(attempts.map(({ step }) => step.stepId)),
      jsonbArray(attempts.map(({ step }) => JSON.stringify(step.path))),
      int4Array(attempts.map(({ step }) => step.iteration)),
      textArray(attempts.map(({ status }) => status)),
      ns(({ readyNs }) => readyNs),
      ns(({ queuedNs }) => queuedNs),
      ns(({ startNs }) => startNs),
      ns(({ endNs }) => endNs),
      jsonbArray(attempts.map((attempt) => attemptDoc(attempt))),
      textArray(attempts.map(({ factSeqs }) => `{${factSeqs.join(',')}}`)),
    ].map(ownBuffer),
  };
}

/** Writes rows that nobody else has written. @throws the driver's error 23505 for an event that is known */
export async function insertPacked(tx: Queryable, schema: string, { bucket, no }: RowPlace, rows: PackedRows): Promise<void> {
  const place = [bucket, no];
  if (rows.factCount > 0)
    await tx.query(
      `INSERT INTO ${schema}.facts_${bucket} (bucket, execution_no, seq, event_key, step_key, attempt, type, time_ns, source, event_id, doc)
       SELECT $1, $2, * FROM unnest($3::bigint[], $4::bytea[], $5::bytea[], $6::int[], $7::text[], $8::bigint[], $9::text[], $10::text[], $11::jsonb[])`,
      [...place, ...rows.facts],
    );
  if (rows.attemptCount > 0)
    await tx.query(
      `INSERT INTO ${schema}.attempts_${bucket} (bucket, execution_no, step_key, attempt, step_id, path, iteration, status, ready_ns, queued_ns, start_ns, end_ns, doc, fact_seqs)
       SELECT $1, $2, step_key, attempt, step_id, path, iteration, status, ready_ns, queued_ns, start_ns, end_ns, doc, fact_seqs::bigint[]
       FROM unnest($3::bytea[], $4::int[], $5::text[], $6::jsonb[], $7::int[], $8::text[], $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[], $13::jsonb[], $14::text[])
         AS a(step_key, attempt, step_id, path, iteration, status, ready_ns, queued_ns, start_ns, end_ns, doc, fact_seqs)`,
      [...place, ...rows.attempts],
    );
}

/** Over a memory of its own, so that it can go to another thread. */
function ownBuffer(bytes: Buffer): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(bytes);
}
