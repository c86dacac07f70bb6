import { type Database, loadOffsets } from '@tmws/postgres';
import type { ExecutionQuery, ExecutionStore } from '../ports.ts';
import { importAgain } from './postgres-operations.ts';
import { MissingPartition, partitionsOf, withPartitions } from './partitions.ts';
import { consumerGroup, lockRevisions, recordingOn } from './postgres-recording.ts';
import { attemptColumns, attemptOf, type AttemptRow, type ExecutionRow, recordOf } from './rows.ts';
import { factsOfStep } from './step-facts.ts';

/** Executions in Postgres, on a server or embedded. Partitions are made when a day is first written to. */
export function openPostgresExecutionStore(db: Database, schema: string): ExecutionStore {
  const partitions = partitionsOf(db, schema);
  const record: ExecutionStore['record'] = async (work) => {
    try {
      return await db.transaction((tx) => work(withPartitions(recordingOn(tx, schema), partitions)));
    } catch (error) {
      if (!(error instanceof MissingPartition)) throw error;
      await partitions.ensure(error.bucket);
      return await record(work);
    }
  };

  return {
    record,

    async find({ namespace, id }) {
      const [row] = await db.query<ExecutionRow>(
        `SELECT * FROM ${schema}.executions WHERE namespace = $1 AND id = $2 AND seq > 0`,
        [namespace, id],
      );
      return row === undefined ? undefined : recordOf(row);
    },

    async list(query) {
      const { text, values } = listStatement(schema, query);
      const rows = await db.query<ExecutionRow & { sort_value: bigint }>(text, values);
      return rows.map((row) => ({ record: recordOf(row), value: row.sort_value }));
    },

    async attempts({ bucket, no }) {
      const rows = await db.query<AttemptRow>(
        `SELECT ${attemptColumns}, '{}'::bigint[] AS fact_seqs FROM ${schema}.attempts a WHERE a.bucket = $1 AND a.execution_no = $2`,
        [bucket, no],
      );
      return rows.map(attemptOf);
    },

    async changedAttempts({ bucket, no }, afterSeq) {
      const rows = await db.query<AttemptRow>(
        `SELECT ${attemptColumns}, '{}'::bigint[] AS fact_seqs FROM ${schema}.attempts a
         WHERE a.bucket = $1 AND a.execution_no = $2 AND a.step_key IN
           (SELECT f.step_key FROM ${schema}.facts f WHERE f.bucket = $1 AND f.execution_no = $2 AND f.seq > $3 AND f.step_key IS NOT NULL)`,
        [bucket, no, afterSeq],
      );
      return rows.map(attemptOf);
    },

    factsOfStep: (execution, stepKey, limit) => factsOfStep(db, schema, execution, stepKey, limit),

    async changedExecutions(namespace, afterRevision, limit) {
      const rows = await db.query<ExecutionRow>(
        `SELECT * FROM ${schema}.executions WHERE namespace = $1 AND revision > $2 ORDER BY revision LIMIT $3`,
        [namespace, afterRevision, limit],
      );
      return rows.map(recordOf);
    },

    async latestRevision() {
      // Not the sequence itself: a revision that was given but not committed must not be reported.
      const [row] = await db.query<{ latest: bigint | null }>(`SELECT max(revision) AS latest FROM ${schema}.executions`);
      return row?.latest ?? 0n;
    },

    settleSilent: (beforeMs) =>
      db.transaction(async (tx) => {
        const rows = await tx.query(
          `SELECT no FROM ${schema}.executions WHERE traced AND word IS NULL AND status = 'running' AND heard_ms < $1 FOR UPDATE SKIP LOCKED`,
          [beforeMs],
        );
        if (rows.length === 0) return 0;
        await lockRevisions(tx, schema);
        await tx.query(
          `UPDATE ${schema}.executions SET status = 'unknown', seq = seq + 1, revision = nextval('${schema}.revision') WHERE no = ANY($1::bigint[])`,
          [rows.map(({ no }) => no)],
        );
        return rows.length;
      }),

    offsets: () => loadOffsets(db, schema, consumerGroup),

    async clear() {
      await db.transaction(async (tx) => {
        await importAgain(tx, schema);
        await tx.query(`DELETE FROM ${schema}.offsets WHERE consumer = $1`, [consumerGroup]);
        await tx.query(`TRUNCATE ${schema}.executions, ${schema}.facts, ${schema}.attempts`);
      });
    },
  };
}

const sortValues: Readonly<Record<ExecutionQuery['sort'], string>> = {
  startedAt: 'sort_ns',
  changed: 'revision',
  // As Execution.makespan_ns has it; $2 is now.
  duration: `coalesce(greatest(finished_ns, last_end_ns, CASE WHEN status = 'running' THEN $2::bigint END) - least(started_ns, first_start_ns), -1)`,
};

function listStatement(schema: string, query: ExecutionQuery): { text: string; values: unknown[] } {
  const values: unknown[] = [query.namespace, query.nowNs];
  const conditions = ['namespace = $1', 'seq > 0', '$2::bigint IS NOT NULL'];
  const where = (condition: (parameter: string) => string, value: unknown): void => {
    values.push(value);
    conditions.push(condition(`$${values.length}`));
  };
  const sortValue = sortValues[query.sort];
  if (query.workflow !== undefined) where((p) => `workflow_name = ${p}`, query.workflow);
  if (query.statuses.length > 0) where((p) => `status = ANY(${p}::text[])`, query.statuses);
  if (query.fromNs !== undefined) where((p) => `sort_ns >= ${p}::bigint`, query.fromNs);
  if (query.toNs !== undefined) where((p) => `sort_ns < ${p}::bigint`, query.toNs);
  if (query.text !== undefined) {
    where(
      (p) =>
        `(strpos(lower(id), lower(${p})) > 0 OR strpos(lower(name), lower(${p})) > 0 OR strpos(lower(workflow_name), lower(${p})) > 0)`,
      query.text,
    );
  }
  if (query.after !== undefined) {
    values.push(query.after.value, query.after.id);
    conditions.push(
      `(${sortValue}, id) ${query.descending ? '<' : '>'} ($${values.length - 1}::bigint, $${values.length}::text)`,
    );
  }
  const direction = query.descending ? 'DESC' : 'ASC';
  values.push(query.limit);
  const text = `SELECT *, (${sortValue})::bigint AS sort_value FROM ${schema}.executions WHERE ${conditions.join(' AND ')}
    ORDER BY ${sortValue} ${direction}, id ${direction} LIMIT $${values.length}`;
  return { text, values };
}
