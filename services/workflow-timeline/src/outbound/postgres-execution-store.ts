import { type Database, loadOffsets } from '@tmws/postgres';
import type { ExecutionStore } from '../ports.ts';
import { readAttempts } from './attempt-pages.ts';
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

    attempts: (execution) => readAttempts(db, schema, execution),

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
      await db.transaction(
        async (tx) => {
          // In the order in which recordings and imports take them. Readers take them as they come, hence again.
          await importAgain(tx, schema);
          await tx.query(`TRUNCATE ${schema}.executions, ${schema}.facts, ${schema}.attempts`);
          await tx.query(`DELETE FROM ${schema}.offsets WHERE consumer = $1`, [consumerGroup]);
        },
        { unhurried: true, again: true },
      );
    },
  };
}
