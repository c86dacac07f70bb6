import type { Database } from '@tmws/postgres';

/** How many messages are forgotten in one statement. */
const portion = 2_000;

/** What takes old history and messages away. */
export interface HistoryRetention {
  /** Forgets days of history that ended before then, and messages finished before then. @returns how many days */
  dropBefore(beforeMs: number): Promise<number>;
}

/** A day is detached before it is dropped, so that nobody who writes or reads history waits for it. */
export function openHistoryRetention(db: Database, schema: string): HistoryRetention {
  return {
    async dropBefore(beforeMs) {
      const bucket = Math.floor(beforeMs / 86_400_000);
      const days = await db.query<{ name: string; pending: boolean; attached: boolean }>(
        `SELECT c.relname AS name, coalesce(i.inhdetachpending, false) AS pending, i.inhrelid IS NOT NULL AS attached
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
         WHERE n.nspname = $1 AND c.relkind = 'r' AND c.relname ~ '^history_[0-9]+$' AND substring(c.relname FROM 9)::int < $2
         ORDER BY substring(c.relname FROM 9)::int`,
        [schema, bucket],
      );
      for (const { name, pending, attached } of days) {
        // One that another process, or a kill, left half detached is taken to its end.
        const how = pending ? 'FINALIZE' : 'CONCURRENTLY';
        if (attached) await db.query(`ALTER TABLE ${schema}.history DETACH PARTITION ${schema}.${name} ${how}`);
        await db.query(`DROP TABLE IF EXISTS ${schema}.${name}`);
      }
      let gone: number;
      do {
        const rows = await db.query(
          `DELETE FROM ${schema}.notifications WHERE id IN (SELECT id FROM ${schema}.notifications
             WHERE finished_ms < $1 AND created_ms < $1 AND status IN ('sent', 'dead', 'superseded', 'digested', 'replayed') LIMIT ${portion} FOR UPDATE SKIP LOCKED)
           RETURNING 1 AS one`,
          [Math.floor(beforeMs)],
        );
        gone = rows.length;
      } while (gone === portion);
      await db.query(`DELETE FROM ${schema}.first_tellings WHERE fired_ms < $1`, [Math.floor(beforeMs)]);
      return days.length;
    },
  };
}
