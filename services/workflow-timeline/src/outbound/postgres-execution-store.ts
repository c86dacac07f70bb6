import { type Database, loadOffsets, partitionsOf } from '@tmws/postgres';
import type { ExecutionStore } from '../ports.ts';
import { readAttempts } from './attempt-pages.ts';
import { importAgain } from './postgres-operations.ts';
import { MissingPartition, partedTables, withPartitions } from './partitions.ts';
import { consumerGroup, lockRevisions, recordingOn } from './postgres-recording.ts';
import { attemptColumns, attemptOf, type AttemptRow, type ExecutionRow, recordOf } from './rows.ts';
import { factsOfStep } from './step-facts.ts';

/** Executions in Postgres, on a server or embedded. Partitions are made when a day is first written to. */
export function openPostgresExecutionStore(db: Database, schema: string): ExecutionStore {
  const partitions = partitionsOf(db, schema, partedTables);
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

    async attemptsOfStep({ bucket, no }, stepKey) {
      const rows = await db.query<AttemptRow>(
        `SELECT ${attemptColumns}, '{}'::bigint[] AS fact_seqs FROM ${schema}.attempts a
         WHERE a.bucket = $1 AND a.execution_no = $2 AND a.step_key = decode($3, 'hex')`,
        [bucket, no, stepKey],
      );
      return rows.map(attemptOf);
    },

    factsOfStep: (execution, stepKey, limit) => factsOfStep(db, schema, execution, stepKey, limit),

    async changedExecutions(namespace, afterRevision, limit) {
      // One statement: two would see two moments, and what was committed between them would be missed.
      const rows = await db.query<ExecutionRow & { at: bigint; deleted_id: string | null }>(
        `WITH changed AS (
           (SELECT revision AS at, id, NULL AS deleted_id FROM ${schema}.executions
            WHERE namespace = $1 AND revision > $2 ORDER BY revision LIMIT $3)
           UNION ALL
           (SELECT revision, id, id FROM ${schema}.deleted d WHERE namespace = $1 AND revision > $2 AND revision > 0
              AND NOT EXISTS (SELECT FROM ${schema}.executions e WHERE e.namespace = d.namespace AND e.id = d.id AND e.seq > 0)
            ORDER BY revision LIMIT $3)
           ORDER BY at LIMIT $3
         )
         SELECT c.at, c.deleted_id, e.* FROM changed c
         LEFT JOIN ${schema}.executions e ON c.deleted_id IS NULL AND e.namespace = $1 AND e.id = c.id ORDER BY c.at`,
        [namespace, afterRevision, limit],
      );
      return rows.map((row) =>
        row.deleted_id === null ? { revision: row.at, record: recordOf(row) } : { revision: row.at, deletedId: row.deleted_id },
      );
    },

    async latestRevision() {
      // Not the sequence itself: a revision that was given but not committed must not be reported.
      // By namespace, as the indexes have them: one look a namespace, however many executions there are.
      const [row] = await db.query<{ latest: bigint | null }>(
        `SELECT greatest(${['executions', 'deleted'].map((table) => latestIn(`${schema}.${table}`)).join(', ')}) AS latest`,
      );
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

/** The greatest revision in a table that has an index of revisions by namespace. */
const latestIn = (table: string): string => `(
  WITH RECURSIVE known AS (
    (SELECT namespace FROM ${table} ORDER BY namespace LIMIT 1)
    UNION ALL
    SELECT (SELECT t.namespace FROM ${table} t WHERE t.namespace > k.namespace ORDER BY t.namespace LIMIT 1)
    FROM known k WHERE k.namespace IS NOT NULL
  )
  SELECT max((SELECT t.revision FROM ${table} t WHERE t.namespace = k.namespace AND t.revision > 0 ORDER BY t.revision DESC LIMIT 1)) FROM known k)`;
