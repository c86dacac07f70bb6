import { randomUUID } from 'node:crypto';
import { Problem } from '@tmws/problems';
import type { Kafka } from 'kafkajs';
import type { IncomingRecord } from './kafka-binding.ts';
import { incoming } from './incoming.ts';

const timeoutMs = 20_000;

/** Reads the end of a topic through a consumer group of its own, which is deleted again. */
export async function readTail(
  kafka: Kafka,
  topic: string,
  limit: number,
  partitions: readonly { partition: number; first: bigint; next: bigint }[],
): Promise<IncomingRecord[]> {
  const wanted = new Map(
    partitions
      .filter(({ first, next }) => next > first)
      .map(({ partition, first, next }) => [partition, { from: max(first, next - BigInt(limit)), next }]),
  );
  if (wanted.size === 0) return [];
  const groupId = `tmws-tail-${randomUUID()}`;
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 200 });
  const records: IncomingRecord[] = [];
  const done = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => done.reject(new Problem('timeout', `${topic} could not be read in time`)), timeoutMs);
  try {
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatch: ({ batch }) => {
        const range = wanted.get(batch.partition);
        if (range === undefined) return Promise.resolve();
        records.push(
          ...batch.messages
            .map((message) => incoming(topic, batch.partition, message))
            .filter(({ offset }) => offset >= range.from && offset < range.next),
        );
        if (BigInt(batch.lastOffset()) + 1n >= range.next) wanted.delete(batch.partition);
        if (wanted.size === 0) done.resolve(undefined);
        return Promise.resolve();
      },
    });
    for (const [partition, { from }] of wanted) consumer.seek({ topic, partition, offset: String(from) });
    await done.promise;
  } finally {
    clearTimeout(timer);
    await consumer.disconnect();
    const admin = kafka.admin();
    await admin
      .connect()
      .then(() => admin.deleteGroups([groupId]))
      .catch(() => undefined);
    await admin.disconnect();
  }
  return records.sort((a, b) => a.timestampMs - b.timestampMs || Number(a.offset - b.offset));
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
