// A large file is written in portions, so that nobody waits for it: its rows lie under execution numbers that no execution
// has yet. One transaction then makes the executions with those numbers, and with that everything is seen at once.
import { type Database, partitionsOf, type Queryable } from '@tmws/postgres';
import { Problem } from '@tmws/problems';
import type { Claim, ImportStore, StagedRows, Standing } from '../import-ports.ts';
import type { ExecutionRecord, Recording } from '../ports.ts';
import { insertPacked } from './packed-rows.ts';
import { MissingPartition, partedTables, withPartitions } from './partitions.ts';
import { importedOf, leaseSeconds } from './postgres-operations.ts';
import { recordingOn } from './postgres-recording.ts';

const rowsAtOnce = 5000;
const uniqueViolation = '23505';

export function openPostgresImportStore(db: Database, schema: string): ImportStore {
  const partitions = partitionsOf(db, schema, partedTables);
  const standing = async (tx: Queryable, { owner, id }: Claim, done: number, total: number, nowMs: number): Promise<Standing> => {
    const [row] = await tx.query<{ cancelling: boolean }>(
      `UPDATE ${schema}.operations SET done = $3, total = $4, changed_ms = $5, lease_until = now() + interval '${leaseSeconds} s'
       WHERE id = $2 AND owner = $1 AND status = 'running' RETURNING cancelling`,
      [owner, id, done, total, nowMs],
    );
    return row === undefined ? 'lost' : row.cancelling ? 'cancelled' : 'mine';
  };

  return {
    async known(namespace, ids) {
      const idsIn = async (table: string, condition = ''): Promise<Set<string>> => {
        const rows = await db.query<{ id: string }>(
          `SELECT id FROM ${schema}.${table} WHERE ${condition} namespace = $1 AND id = ANY($2::text[])`,
          [namespace, ids],
        );
        return new Set(rows.map(({ id }) => id));
      };
      return { stored: await idsIn('executions'), deleted: await idsIn('deleted', 'NOT lifted AND') };
    },

    progress: (claim, done, total, nowMs) => standing(db, claim, done, total, nowMs),

    async reserve({ id }, count, nowMs) {
      const bucket = Math.floor(nowMs / 86_400_000);
      await partitions.ensure(bucket);
      const rows = await db.query<{ no: bigint }>(
        `INSERT INTO ${schema}.import_staging (import_id, bucket, execution_no)
         SELECT $1, $2, nextval(pg_get_serial_sequence('${schema}.executions', 'no')) FROM generate_series(1, $3::int)
         RETURNING execution_no AS no`,
        [id, bucket, count],
      );
      return { bucket, nos: rows.map(({ no }) => no) };
    },

    async stage(claim, rows, { done, total, nowMs }) {
      try {
        return await db.transaction(async (tx) => {
          const how = await standing(tx, claim, done, total, nowMs);
          if (how !== 'mine') return how;
          await addRows(tx, schema, rows);
          return how;
        });
      } catch (error) {
        if ((error as { code?: unknown }).code !== uniqueViolation) throw error;
        throw new Problem(
          'conflict',
          'the file tells of an event (same source and id) that was accepted for another execution; ids must be unique for their source',
          { cause: error },
        );
      }
    },

    async discard(id) {
      const staged = await db.query<{ bucket: number; no: bigint }>(
        `SELECT bucket, execution_no AS no FROM ${schema}.import_staging WHERE import_id = $1`,
        [id],
      );
      for (const { bucket, no } of staged) {
        for (const table of partedTables) {
          for (let left = rowsAtOnce; left === rowsAtOnce;) {
            // A partition that was dropped meanwhile took the rows along.
            const [gone] = await db.query<{ count: bigint }>(
              `WITH few AS (SELECT ctid, tableoid FROM ${schema}.${table} WHERE bucket = $1 AND execution_no = $2 LIMIT ${rowsAtOnce}),
                 gone AS (DELETE FROM ${schema}.${table} t USING few WHERE t.ctid = few.ctid AND t.tableoid = few.tableoid AND t.bucket = $1 RETURNING 1)
               SELECT count(*) FROM gone`,
              [bucket, no],
            );
            left = Number(gone?.count ?? 0);
          }
        }
        await db.query(`DELETE FROM ${schema}.import_staging WHERE import_id = $1 AND execution_no = $2`, [id, no]);
      }
    },

    async finish(claim, staged, work) {
      try {
        return await db.transaction(async (tx): Promise<Standing> => {
          const [row] = await tx.query<{ cancelling: boolean }>(
            `SELECT cancelling FROM ${schema}.operations WHERE id = $2 AND owner = $1 AND status = 'running' FOR UPDATE`,
            [claim.owner, claim.id],
          );
          if (row === undefined) return 'lost';
          if (row.cancelling) return 'cancelled';
          const recording = recordingOn(tx, schema);
          if (staged.length > 0) {
            if ((await makeExecutions(tx, schema, staged)) < staged.length) throw new Taken();
            await recording.putExecutions(staged);
          }
          const imported = await work(withPartitions(recording, partitions));
          await tx.query(
            `INSERT INTO ${schema}.imports (namespace, id, name, sha256, size_bytes, format, execution_count, step_count, executions, imported_ms)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb, $10)`,
            [
              imported.namespace,
              imported.id,
              imported.name,
              imported.sha256,
              imported.sizeBytes,
              imported.format,
              imported.executionCount,
              imported.stepCount,
              JSON.stringify(imported.executions),
              imported.importedMs,
            ],
          );
          await tx.query(`DELETE FROM ${schema}.import_staging WHERE import_id = $1`, [claim.id]);
          await tx.query(
            `UPDATE ${schema}.operations SET status = 'done', done = total, finished_ms = $2, changed_ms = $2, owner = NULL, lease_until = NULL WHERE id = $1`,
            [claim.id, imported.importedMs],
          );
          return 'mine';
        });
      } catch (error) {
        if (error instanceof Taken) return 'taken';
        if (!(error instanceof MissingPartition)) throw error;
        await partitions.ensure(error.bucket);
        return await this.finish(claim, staged, work);
      }
    },

    async find(namespace, id) {
      const [row] = await db.query<Parameters<typeof importedOf>[0]>(
        `SELECT * FROM ${schema}.imports WHERE namespace = $1 AND id = $2`,
        [namespace, id],
      );
      return row === undefined ? undefined : importedOf(row);
    },

    async list(namespace, limit, after) {
      const rows = await db.query<Parameters<typeof importedOf>[0]>(
        `SELECT * FROM ${schema}.imports WHERE namespace = $1 AND ($2::bigint IS NULL OR (imported_ms, id) < ($2, $3::text))
         ORDER BY imported_ms DESC, id DESC LIMIT $4`,
        [namespace, after?.ms ?? null, after?.id ?? null, limit],
      );
      return rows.map(importedOf);
    },
  };
}

async function addRows(tx: Queryable, schema: string, staged: readonly StagedRows[]): Promise<void> {
  const facts: Parameters<Recording['addFacts']>[0][number][] = [];
  const attempts: Parameters<Recording['putAttempts']>[0][number][] = [];
  for (const { place, rows } of staged) {
    if ('factCount' in rows) await insertPacked(tx, schema, place, rows);
    else {
      for (const fact of rows.facts) facts.push({ ...fact, execution: place });
      for (const attempt of rows.attempts) attempts.push({ execution: place, attempt });
    }
  }
  const recording = recordingOn(tx, schema);
  if (facts.length > 0) await recording.addFacts(facts);
  await recording.putAttempts(attempts);
}

/** @returns how many did not exist */
async function makeExecutions(tx: Queryable, schema: string, staged: readonly ExecutionRecord[]): Promise<number> {
  const rows = await tx.query(
    `INSERT INTO ${schema}.executions (namespace, id, no, bucket, sort_ns) OVERRIDING SYSTEM VALUE
     SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::int[], $5::bigint[])
     ON CONFLICT (namespace, id) DO NOTHING RETURNING no`,
    [
      staged.map(({ namespace }) => namespace),
      staged.map(({ id }) => id),
      staged.map(({ no }) => no),
      staged.map(({ bucket }) => bucket),
      staged.map(({ heardMs }) => BigInt(heardMs) * 1_000_000n),
    ],
  );
  return rows.length;
}

class Taken extends Error {}
