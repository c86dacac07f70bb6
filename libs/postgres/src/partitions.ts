import type { Database } from './database.ts';

/** The day-by-day parts of tables that grow, made when a day is first written to. A bucket is days since the epoch. */
export interface Partitions {
  /** Whether this process has seen the day's. */
  has(bucket: number): boolean;
  /** In a transaction of its own. */
  ensure(bucket: number): Promise<void>;
}

/** @param tables  partitioned by range of their column `bucket` */
export function partitionsOf(db: Database, schema: string, tables: readonly string[]): Partitions {
  const seen = new Set<number>();
  return {
    has: (bucket) => seen.has(bucket),
    async ensure(bucket) {
      if (seen.has(bucket)) return;
      await db.transaction(async (tx) => {
        await tx.query('SELECT pg_advisory_xact_lock(hashtext($1))', [`${schema}.partitions`]);
        for (const table of tables) {
          await tx.query(
            `CREATE TABLE IF NOT EXISTS ${schema}.${table}_${bucket} PARTITION OF ${schema}.${table} FOR VALUES FROM (${bucket}) TO (${bucket + 1})`,
          );
        }
      });
      seen.add(bucket);
    },
  };
}
