import { Problem } from '@tmws/problems';
import { type Database, enqueue } from '@tmws/postgres';
import type { Bucket } from '../domain/retention.ts';
import type { RetentionStore } from '../ports.ts';
import { partedTables } from './partitions.ts';
import { deleteRows, rememberDeleted, tellDeleted } from './deletions.ts';
import { lockRevisions } from './postgres-recording.ts';

/** Rules, deletions and what days hold, in the tables of postgres-execution-store.ts. */
export function openPostgresRetentionStore(db: Database, schema: string): RetentionStore {
  return {
    async rules() {
      const rows = await db.query<{ namespace: string; days: number | null; revision: bigint }>(
        `SELECT namespace, days, revision FROM ${schema}.retention`,
      );
      return new Map(rows.map(({ namespace, days, revision }) => [namespace, { days: days ?? undefined, revision }]));
    },

    async setRule(namespace, days, revision) {
      const [row] = await db.query(
        `INSERT INTO ${schema}.retention AS r (namespace, days) SELECT $1, $2 WHERE coalesce($3::bigint, 0) = 0 OR EXISTS (SELECT FROM ${schema}.retention WHERE namespace = $1)
         ON CONFLICT (namespace) DO UPDATE SET days = excluded.days, revision = r.revision + 1 WHERE $3::bigint IS NULL OR r.revision = $3
         RETURNING 1 AS done`,
        [namespace, days ?? null, revision ?? null],
      );
      if (row === undefined)
        throw new Problem(
          'stale',
          `retention was set by someone else meanwhile (revision ${String(revision)} is not the present one)`,
        );
    },

    buckets: () => buckets(db, schema),

    async deleteDue({ day, namespace, heardBeforeMs }, { withRows, limit }) {
      return await db.transaction(async (tx) => {
        const rows = await tx.query<{ no: bigint }>(
          `SELECT no FROM ${schema}.executions WHERE bucket = $1 AND namespace = $2 AND heard_ms < $3 LIMIT $4 FOR UPDATE SKIP LOCKED`,
          [day, namespace, Math.floor(heardBeforeMs), limit],
        );
        await deleteRows(
          tx,
          schema,
          day,
          rows.map(({ no }) => no),
          withRows,
        );
        return rows.length;
      });
    },

    async dropDay(day) {
      return await db.transaction(async (tx) => {
        // Dropping waits for whoever reads or writes the parent table, and makes others wait behind it.
        await tx.query(`SET LOCAL lock_timeout = '2s'`);
        await tx.query('SELECT pg_advisory_xact_lock(hashtext($1))', [`${schema}.partitions`]);
        const [left] = await tx.query(`SELECT 1 AS one FROM ${schema}.executions WHERE bucket = $1 LIMIT 1`, [day]);
        if (left !== undefined) return false;
        for (const table of partedTables) await tx.query(`DROP TABLE IF EXISTS ${schema}.${table}_${day}`);
        return true;
      });
    },

    async emptyImports() {
      const rows = await db.query<{ id: string }>(
        `SELECT i.id FROM ${schema}.imports i WHERE NOT EXISTS (
           SELECT FROM jsonb_array_elements(i.executions) x JOIN ${schema}.executions e ON e.namespace = i.namespace AND e.id = x->>'id')`,
      );
      return rows.map(({ id }) => id);
    },

    async forgetImports(ids) {
      await db.transaction(async (tx) => {
        for (const table of ['operations', 'imports']) await tx.query(`DELETE FROM ${schema}.${table} WHERE id = ANY($1)`, [ids]);
      });
    },

    async deleteExecution({ namespace, id }, deletedNs, announcement) {
      return await db.transaction(
        async (tx) => {
          const [row] = await tx.query<{ no: bigint; bucket: number }>(
            `SELECT no, bucket FROM ${schema}.executions WHERE namespace = $1 AND id = $2 AND seq > 0 FOR UPDATE`,
            [namespace, id],
          );
          if (row === undefined) return false;
          await deleteRows(tx, schema, row.bucket, [row.no], true);
          await rememberDeleted(tx, schema, [{ namespace, id, deletedNs }]);
          await enqueue(tx, schema, [announcement]);
          await lockRevisions(tx, schema);
          await tellDeleted(tx, schema, [{ namespace, id }]);
          return true;
        },
        { unhurried: true, again: true },
      );
    },
  };
}

async function buckets(db: Database, schema: string): Promise<Bucket[]> {
  const tables = await db.query<{ day: number; bytes: bigint }>(
    `SELECT substring(c.relname from '_(\\d+)$')::int AS day, sum(pg_total_relation_size(c.oid))::bigint AS bytes
     FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
     WHERE i.inhparent IN ('${schema}.facts'::regclass, '${schema}.attempts'::regclass) GROUP BY 1 ORDER BY 1`,
  );
  const shares = await db.query<{ bucket: number; namespace: string; executions: bigint; facts: bigint; heard: bigint }>(
    `SELECT bucket, namespace, count(*) AS executions, sum(seq)::bigint AS facts, max(heard_ms) AS heard
     FROM ${schema}.executions GROUP BY bucket, namespace ORDER BY bucket, namespace`,
  );
  return tables.map(({ day, bytes }) => ({
    day,
    bytes: Number(bytes),
    shares: shares
      .filter(({ bucket }) => bucket === day)
      .map(({ namespace, executions, facts, heard }) => ({
        namespace,
        executions: Number(executions),
        facts: Number(facts),
        lastHeardMs: Number(heard),
      })),
  }));
}
