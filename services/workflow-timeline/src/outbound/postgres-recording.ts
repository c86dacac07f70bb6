// One recording: a few statements over whole batches, each with its arrays unnested, so that round trips do not grow with the batch.
import {
  boolArray,
  enqueue,
  hexArray,
  int4Array,
  int8Array,
  jsonbArray,
  moveOffsets,
  type Queryable,
  textArray,
} from '@tmws/postgres';
import { Problem } from '@tmws/problems';
import type { ExecutionFact, Fact } from '../domain/fact.ts';
import type { ExecutionRecord, NumberedFact, Recording, StoredAttempt } from '../ports.ts';
import { deleteRows, rememberDeleted, tellDeleted } from './deletions.ts';
import { attemptDoc, factDoc, factOf } from './fact-json.ts';
import { firstFailuresOf } from './first-failures.ts';
import { attemptColumns, attemptOf, type AttemptRow, type ExecutionRow, recordOf } from './rows.ts';

// Keeps the planner from joining with all of a table that has no statistics yet: each key is looked up by the index.
const oneByOne = 'OFFSET 0';

/** The consumer group, and the name its offsets are stored under. */
export const consumerGroup = 'tmws-workflow-timeline';

export interface FactRow {
  execution_no: bigint;
  seq: bigint;
  step_key: string | null;
  type: string;
  time_ns: bigint;
  source: string;
  event_id: string;
  /** JSON. */
  doc: string;
}

export const factColumns = `f.execution_no, f.seq, encode(f.step_key, 'hex') AS step_key, f.type, f.time_ns, f.source, f.event_id, coalesce(f.doc_text, f.doc::text) AS doc`;

export function recordingOn(tx: Queryable, schema: string): Recording {
  return {
    async open(keys, nowMs) {
      const names = [textArray(keys.map(({ namespace }) => namespace)), textArray(keys.map(({ id }) => id))];
      let rows = await tx.query<ExecutionRow>(lockIfAllThere(schema), names);
      if (rows.length < keys.length) {
        await tx.query(makeMissing(schema), [...names, Math.floor(nowMs / 86_400_000), BigInt(nowMs) * 1_000_000n]);
        rows = await tx.query<ExecutionRow>(lockIfAllThere(schema), names);
      }
      const byKey = new Map(rows.map((row) => [JSON.stringify([row.namespace, row.id]), recordOf(row)]));
      return keys.map(({ namespace, id }) => {
        const record = byKey.get(JSON.stringify([namespace, id]));
        if (record === undefined) throw new Problem('unavailable', 'an execution was taken away while it was told of; try again');
        return record;
      });
    },

    async remove(deletions) {
      const given = deletions.map(({ key, deletedNs }) => ({ ...key, deletedNs }));
      const removed = await rememberDeleted(tx, schema, given);
      const rows = await tx.query<{ no: bigint; bucket: number }>(
        `SELECT e.no, e.bucket FROM unnest($1::text[], $2::text[]) AS k(namespace, id)
         JOIN ${schema}.executions e ON e.namespace = k.namespace AND e.id = k.id ORDER BY e.namespace, e.id FOR UPDATE OF e`,
        [removed.map(({ namespace }) => namespace), removed.map(({ id }) => id)],
      );
      for (const { no, bucket } of rows) await deleteRows(tx, schema, bucket, [no], true);
      return removed;
    },

    async tellRemoved(keys) {
      await lockRevisions(tx, schema);
      await tellDeleted(tx, schema, keys);
    },

    async lift(keys) {
      await tx.query(
        `UPDATE ${schema}.deleted d SET lifted = true FROM unnest($1::text[], $2::text[]) AS k(namespace, id)
         WHERE d.namespace = k.namespace AND d.id = k.id`,
        [keys.map(({ namespace }) => namespace), keys.map(({ id }) => id)],
      );
    },

    async deletedNs(executions) {
      if (executions.length === 0) return new Map();
      const rows = await tx.query<{ no: bigint; deleted_ns: bigint }>(
        `SELECT k.no, d.deleted_ns FROM unnest($1::bigint[], $2::text[], $3::text[]) AS k(no, namespace, id)
         JOIN ${schema}.deleted d ON d.namespace = k.namespace AND d.id = k.id AND NOT d.lifted`,
        [executions.map(({ no }) => no), executions.map(({ namespace }) => namespace), executions.map(({ id }) => id)],
      );
      return new Map(rows.map(({ no, deleted_ns: deletedNs }) => [no, deletedNs]));
    },

    async knownEvents(asked) {
      const rows = await tx.query<{ bucket: number; event_key: string; execution_no: bigint }>(
        `SELECT k.bucket, encode(k.event_key, 'hex') AS event_key, f.execution_no
         FROM unnest($1::int[], $2::bytea[]) AS k(bucket, event_key) CROSS JOIN LATERAL
           (SELECT execution_no FROM ${schema}.facts WHERE bucket = k.bucket AND event_key = k.event_key ${oneByOne}) f`,
        [int4Array(asked.map(({ bucket }) => bucket)), hexArray(asked.map(({ eventKey }) => eventKey))],
      );
      return new Map(rows.map(({ bucket, event_key, execution_no }) => [`${bucket}/${event_key}`, execution_no]));
    },

    async attemptsOf(steps) {
      if (steps.length === 0) return new Map();
      const rows = await tx.query<AttemptRow>(
        `SELECT ${attemptColumns}, a.fact_seqs
         FROM unnest($1::int[], $2::bigint[], $3::bytea[]) AS k(bucket, execution_no, step_key) CROSS JOIN LATERAL
           (SELECT * FROM ${schema}.attempts WHERE bucket = k.bucket AND execution_no = k.execution_no AND step_key = k.step_key ${oneByOne}) a`,
        [
          int4Array(steps.map(({ execution }) => execution.bucket)),
          int8Array(steps.map(({ execution }) => execution.no)),
          hexArray(steps.map(({ stepKey }) => stepKey)),
        ],
      );
      return grouped(rows, ({ execution_no }) => execution_no, attemptOf);
    },

    async factsOf(asked) {
      const flat = asked.flatMap(({ execution, seqs }) => seqs.map((seq) => ({ execution, seq })));
      if (flat.length === 0) return new Map();
      const rows = await tx.query<FactRow>(
        `SELECT ${factColumns}
         FROM unnest($1::int[], $2::bigint[], $3::bigint[]) AS k(bucket, execution_no, seq) CROSS JOIN LATERAL
           (SELECT * FROM ${schema}.facts WHERE bucket = k.bucket AND execution_no = k.execution_no AND seq = k.seq ${oneByOne}) f`,
        [
          int4Array(flat.map(({ execution }) => execution.bucket)),
          int8Array(flat.map(({ execution }) => execution.no)),
          int8Array(flat.map(({ seq }) => seq)),
        ],
      );
      return grouped(rows, ({ execution_no }) => execution_no, numbered);
    },

    async executionFacts(executions) {
      if (executions.length === 0) return new Map();
      const rows = await tx.query<FactRow>(
        `SELECT ${factColumns}
         FROM unnest($1::int[], $2::bigint[]) AS k(bucket, execution_no) CROSS JOIN LATERAL
           (SELECT * FROM ${schema}.facts WHERE bucket = k.bucket AND execution_no = k.execution_no AND step_key IS NULL ${oneByOne}) f`,
        [int4Array(executions.map(({ bucket }) => bucket)), int8Array(executions.map(({ no }) => no))],
      );
      return grouped(
        rows,
        ({ execution_no }) => execution_no,
        (row) => numbered(row) as NumberedFact<ExecutionFact>,
      );
    },

    async addFacts(facts) {
      await tx.query(
        `INSERT INTO ${schema}.facts (bucket, execution_no, seq, event_key, step_key, attempt, type, time_ns, source, event_id, doc_text)
         SELECT * FROM unnest($1::int[], $2::bigint[], $3::bigint[], $4::bytea[], $5::bytea[], $6::int[], $7::text[], $8::bigint[], $9::text[], $10::text[], $11::text[])`,
        [
          int4Array(facts.map(({ execution }) => execution.bucket)),
          int8Array(facts.map(({ execution }) => execution.no)),
          int8Array(facts.map(({ seq }) => seq)),
          hexArray(facts.map(({ eventKey }) => eventKey)),
          hexArray(facts.map(({ fact }) => (fact.about === 'step' ? fact.step.stepKey : null))),
          int4Array(facts.map(({ fact }) => (fact.about === 'step' ? fact.attempt : null))),
          textArray(facts.map(({ fact }) => fact.type)),
          int8Array(facts.map(({ fact }) => fact.stamp.timeNs)),
          textArray(facts.map(({ fact }) => fact.stamp.source)),
          textArray(facts.map(({ fact }) => fact.stamp.id)),
          textArray(facts.map(({ fact }) => factDoc(fact))),
        ],
      );
    },

    async putAttempts(attempts) {
      // A step that the locked execution knew nothing of before needs no look for what is there.
      const isNew = ({ execution, attempt }: (typeof attempts)[number]): boolean => (attempt.factSeqs[0] ?? 0n) > execution.seq;
      await insertAttempts(tx, schema, attempts.filter(isNew), '');
      await insertAttempts(
        tx,
        schema,
        attempts.filter((one) => !isNew(one)),
        replacing,
      );
    },

    firstFailures: (executions) => firstFailuresOf(tx, schema, executions),

    async extentOf({ bucket, no }) {
      const [row] = await tx.query<{ first: bigint | null; last: bigint | null }>(
        `SELECT min(start_ns) AS first, max(end_ns) AS last FROM ${schema}.attempts WHERE bucket = $1 AND execution_no = $2`,
        [bucket, no],
      );
      return { firstStartNs: row?.first ?? undefined, lastEndNs: row?.last ?? undefined };
    },

    async putExecutions(executions) {
      await lockRevisions(tx, schema);
      await tx.query(updateExecutions(schema), executionValues(executions));
    },

    moveOffsets: (moves) => moveOffsets(tx, schema, consumerGroup, moves),
    send: (records) => enqueue(tx, schema, records),
  };
}

const replacing = `ON CONFLICT (bucket, execution_no, step_key, attempt) DO UPDATE SET
  step_id = excluded.step_id, status = excluded.status, ready_ns = excluded.ready_ns, queued_ns = excluded.queued_ns, start_ns = excluded.start_ns,
  end_ns = excluded.end_ns, doc = NULL, doc_text = excluded.doc_text, fact_seqs = excluded.fact_seqs`;

async function insertAttempts(
  tx: Queryable,
  schema: string,
  attempts: Parameters<Recording['putAttempts']>[0],
  onConflict: string,
): Promise<void> {
  if (attempts.length === 0) return;
  const ns = (read: (attempt: StoredAttempt) => bigint | undefined): Buffer =>
    int8Array(attempts.map(({ attempt }) => read(attempt) ?? null));
  await tx.query(
    `INSERT INTO ${schema}.attempts (bucket, execution_no, step_key, attempt, step_id, path, iteration, status, ready_ns, queued_ns, start_ns, end_ns, doc_text, fact_seqs)
     SELECT bucket, execution_no, step_key, attempt, step_id, path, iteration, status, ready_ns, queued_ns, start_ns, end_ns, doc_text, fact_seqs::bigint[]
     FROM unnest($1::int[], $2::bigint[], $3::bytea[], $4::int[], $5::text[], $6::jsonb[], $7::int[], $8::text[], $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[], $13::text[], $14::text[])
       AS a(bucket, execution_no, step_key, attempt, step_id, path, iteration, status, ready_ns, queued_ns, start_ns, end_ns, doc_text, fact_seqs)
     ${onConflict}`,
    [
      int4Array(attempts.map(({ execution }) => execution.bucket)),
      int8Array(attempts.map(({ execution }) => execution.no)),
      hexArray(attempts.map(({ attempt }) => attempt.step.stepKey)),
      int4Array(attempts.map(({ attempt }) => attempt.attempt)),
      textArray(attempts.map(({ attempt }) => attempt.step.stepId)),
      jsonbArray(attempts.map(({ attempt }) => JSON.stringify(attempt.step.path))),
      int4Array(attempts.map(({ attempt }) => attempt.step.iteration)),
      textArray(attempts.map(({ attempt }) => attempt.status)),
      ns(({ readyNs }) => readyNs),
      ns(({ queuedNs }) => queuedNs),
      ns(({ startNs }) => startNs),
      ns(({ endNs }) => endNs),
      textArray(attempts.map(({ attempt }) => attemptDoc(attempt))),
      textArray(attempts.map(({ attempt }) => `{${attempt.factSeqs.join(',')}}`)),
    ],
  );
}

// Executions are locked in the order of the keys, and only when all of them are there: who makes one holds no lock on another
// yet, so that two recordings never wait for each other.
function lockIfAllThere(schema: string): string {
  return `WITH keys AS MATERIALIZED (SELECT * FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS k(namespace, id, n))
    SELECT e.* FROM keys k CROSS JOIN LATERAL
      (SELECT * FROM ${schema}.executions WHERE namespace = k.namespace AND id = k.id ${oneByOne} FOR UPDATE) e
    WHERE (SELECT count(*) FROM keys q CROSS JOIN LATERAL
      (SELECT FROM ${schema}.executions WHERE namespace = q.namespace AND id = q.id ${oneByOne}) there) = (SELECT count(*) FROM keys)`;
}

function makeMissing(schema: string): string {
  return `INSERT INTO ${schema}.executions (namespace, id, bucket, sort_ns)
    SELECT namespace, id, $3, $4 FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS k(namespace, id, n)
    WHERE NOT EXISTS (SELECT FROM ${schema}.executions e WHERE e.namespace = k.namespace AND e.id = k.id ${oneByOne}) ORDER BY n
    ON CONFLICT (namespace, id) DO NOTHING`;
}

/** Revisions are given under a lock that lasts to the commit, so a reader who saw one has seen all before it. */
export async function lockRevisions(tx: Queryable, schema: string): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock(hashtext($1))', [`${schema}.revision`]);
}

function updateExecutions(schema: string): string {
  return `UPDATE ${schema}.executions e SET
      revision = nextval('${schema}.revision'), seq = u.seq, status = u.status, word = u.word, workflow_name = u.workflow_name, workflow_version = u.workflow_version,
      name = u.name, parent_id = u.parent_id, started_ns = u.started_ns, finished_ns = u.finished_ns, first_start_ns = u.first_start_ns,
      last_end_ns = u.last_end_ns, error = u.error, step_count = u.step_count, steps_by_status = u.steps_by_status,
      sort_ns = coalesce(least(u.started_ns, u.first_start_ns), e.sort_ns),
      traced = u.traced, heard_ms = u.heard_ms, origin = u.origin, first_failure = u.first_failure
    FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[], $12::jsonb[], $13::int[], $14::jsonb[], $15::text[], $16::boolean[], $17::bigint[], $18::jsonb[], $19::jsonb[])
      AS u(no, seq, status, workflow_name, workflow_version, name, parent_id, started_ns, finished_ns, first_start_ns, last_end_ns, error, step_count, steps_by_status, word, traced, heard_ms, origin, first_failure)
    WHERE e.no = u.no`;
}

function executionValues(executions: readonly ExecutionRecord[]): unknown[] {
  const int8 = (read: (record: ExecutionRecord) => bigint | undefined): Buffer =>
    int8Array(executions.map((record) => read(record) ?? null));
  const text = (read: (record: ExecutionRecord) => string | undefined): Buffer =>
    textArray(executions.map((record) => read(record) ?? null));
  const jsonb = (read: (record: ExecutionRecord) => object | undefined): Buffer =>
    jsonbArray(executions.map((record) => jsonOrNull(read(record))));
  return [
    int8(({ no }) => no),
    int8(({ seq }) => seq),
    text(({ status }) => status),
    text(({ workflow }) => workflow.name),
    text(({ workflow }) => workflow.version),
    text(({ name }) => name),
    text(({ parentId }) => parentId),
    int8(({ startNs }) => startNs),
    int8(({ endNs }) => endNs),
    int8(({ firstStartNs }) => firstStartNs),
    int8(({ lastEndNs }) => lastEndNs),
    jsonb(({ error }) => error),
    int4Array(executions.map(({ stepCount }) => stepCount)),
    jsonb(({ stepsByStatus }) => stepsByStatus),
    text(({ word }) => word),
    boolArray(executions.map(({ traced }) => traced)),
    int8(({ heardMs }) => BigInt(heardMs)),
    jsonb(({ origin }) => origin),
    jsonb(({ firstFailure }) => firstFailure),
  ];
}

export function numbered(row: FactRow): NumberedFact {
  const stamp = { timeNs: row.time_ns, id: row.event_id, source: row.source };
  const fact: Fact = factOf({
    type: row.type,
    stamp,
    step: row.step_key !== null,
    doc: JSON.parse(row.doc) as Record<string, unknown>,
  });
  return { seq: row.seq, fact };
}

function grouped<R, T>(rows: readonly R[], key: (row: R) => bigint, value: (row: R) => T): Map<bigint, T[]> {
  return new Map([...Map.groupBy(rows, key)].map(([no, some]) => [no, some.map(value)]));
}

function jsonOrNull(value: object | undefined): string | null {
  return value === undefined ? null : JSON.stringify(value);
}
