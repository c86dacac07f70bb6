import { byteaArray, jsonbArray, textArray } from './binary-arrays.ts';
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
     SELECT topic, key, headers, value
     FROM unnest($1::text[], $2::bytea[], $3::jsonb[], $4::bytea[]) WITH ORDINALITY AS r(topic, key, headers, value, n) ORDER BY n`,
    outboxArrays(records),
  );
}

/** Binary arrays for `text[]` (topics), `bytea[]` (keys), `jsonb[]` (headers) and `bytea[]` (values). */
export const outboxArrays = (
  records: readonly OutboxRecord[],
): [topics: Buffer, keys: Buffer, headers: Buffer, values: Buffer] => [
  textArray(records.map(({ topic }) => topic)),
  byteaArray(records.map(({ key }) => key ?? null)),
  jsonbArray(records.map(({ headers }) => JSON.stringify(headers))),
  byteaArray(records.map(({ value }) => value ?? null)),
];
