import { Problem } from '@tmws/problems';
import type { Queryable } from './database.ts';

export interface Offset {
  readonly topic: string;
  readonly partition: number;
  /** The first record whose effects are not stored yet. */
  readonly next: bigint;
}

/** The stored offsets of a consumer. A partition it never read has none. */
export async function loadOffsets(db: Queryable, schema: string, consumer: string): Promise<Offset[]> {
  return await db.query<{ topic: string; partition: number; next: bigint }>(
    `SELECT topic, partition, next_offset AS next FROM ${schema}.offsets WHERE consumer = $1`,
    [consumer],
  );
}

/**
 * Moves offsets in the transaction of the effects, each from where the consumer believed it to be.
 *
 * @param moves  `from` undefined = the partition was never read
 * @throws Problem `stale` if another consumer moved one meanwhile: nothing of this transaction may stay
 */
export async function moveOffsets(
  tx: Queryable,
  schema: string,
  consumer: string,
  moves: readonly (Offset & { from: bigint | undefined })[],
): Promise<void> {
  // A move from somewhere never makes a row: whoever took the row away (a rebuild) wants the partition read anew.
  const rows = await tx.query(
    `WITH moves AS (
       SELECT * FROM unnest($2::text[], $3::int[], $4::bigint[], $5::bigint[]) AS m(topic, partition, from_offset, next_offset)
     ), moved AS (
       UPDATE ${schema}.offsets o SET next_offset = m.next_offset FROM moves m
       WHERE o.consumer = $1 AND o.topic = m.topic AND o.partition = m.partition AND o.next_offset = m.from_offset
       RETURNING 1
     ), begun AS (
       INSERT INTO ${schema}.offsets (consumer, topic, partition, next_offset)
       SELECT $1, topic, partition, next_offset FROM moves WHERE from_offset IS NULL ORDER BY topic, partition
       ON CONFLICT DO NOTHING
       RETURNING 1
     )
     SELECT FROM moved UNION ALL SELECT FROM begun`,
    [
      consumer,
      moves.map((m) => m.topic),
      moves.map((m) => m.partition),
      moves.map((m) => m.from ?? null),
      moves.map((m) => m.next),
    ],
  );
  if (rows.length !== moves.length) {
    throw new Problem('stale', `another consumer of group ${consumer} has moved on; this one reads its offsets again`);
  }
}
