import type { Database } from '@tmws/postgres';
import type { Recording } from '../ports.ts';

/** The day-by-day parts of the tables that grow, made when a day is first written to. */
export interface Partitions {
  /** Whether this process has seen the day's. */
  has(bucket: number): boolean;
  ensure(bucket: number): Promise<void>;
}

export function partitionsOf(db: Database, schema: string): Partitions {
  const seen = new Set<number>();
  return {
    has: (bucket) => seen.has(bucket),
    async ensure(bucket) {
      if (seen.has(bucket)) return;
      await db.transaction(async (tx) => {
        await tx.query('SELECT pg_advisory_xact_lock(hashtext($1))', [`${schema}.partitions`]);
        for (const table of ['facts', 'attempts']) {
          await tx.query(
            `CREATE TABLE IF NOT EXISTS ${schema}.${table}_${bucket} PARTITION OF ${schema}.${table} FOR VALUES FROM (${bucket}) TO (${bucket + 1})`,
          );
        }
      });
      seen.add(bucket);
    },
  };
}

/** The recording, which breaks off where an execution's day has no partition: it is made outside of the transaction, then all is done again. */
export function withPartitions(recording: Recording, partitions: Partitions): Recording {
  return {
    ...recording,
    async open(keys, nowMs) {
      const executions = await recording.open(keys, nowMs);
      for (const { bucket } of executions) if (!partitions.has(bucket)) throw new MissingPartition(bucket);
      return executions;
    },
  };
}

export class MissingPartition extends Error {
  readonly bucket: number;
  constructor(bucket: number) {
    super(`no partition for day ${bucket} yet`);
    this.bucket = bucket;
  }
}
