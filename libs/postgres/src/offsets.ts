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
  const rows = await tx.query(
    `WITH moves AS (SELECT * FROM unnest($2::text[], $3::int[], $4::bigint[], $5::bigint[]) AS m(topic, partition, from_offset, next_offset))
     INSERT INTO ${schema}.offsets AS o (consumer, topic, partition, next_offset)
     SELECT $1, topic, partition, next_offset FROM moves ORDER BY topic, partition
     ON CONFLICT (consumer, topic, partition) DO UPDATE SET next_offset = excluded.next_offset
     WHERE o.next_offset = (SELECT from_offset FROM moves m WHERE m.topic = o.topic AND m.partition = o.partition)
     RETURNING 1`,
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
