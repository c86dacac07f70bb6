import type { Queryable } from './database.ts';

/** A Kafka record that waits for the broker. */
export interface OutboxRecord {
  readonly topic: string;
  readonly key: Buffer | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: Buffer | undefined;
}

/** Puts records into the outbox, in the transaction of their cause. They are sent in this order, at least once. */
export async function enqueue(tx: Queryable, schema: string, records: readonly OutboxRecord[]): Promise<void> {
  if (records.length === 0) return;
  await tx.query(
    `INSERT INTO ${schema}.outbox (topic, key, headers, value)
     SELECT topic, key, headers::jsonb, value
     FROM unnest($1::text[], $2::bytea[], $3::text[], $4::bytea[]) WITH ORDINALITY AS r(topic, key, headers, value, n) ORDER BY n`,
    [
      records.map((r) => r.topic),
      records.map((r) => r.key ?? null),
      records.map((r) => JSON.stringify(r.headers)),
      records.map((r) => r.value ?? null),
    ],
  );
}
