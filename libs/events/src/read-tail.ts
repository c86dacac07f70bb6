import { randomUUID } from 'node:crypto';
import { Problem } from '@tmws/problems';
import type { Kafka } from 'kafkajs';
import { incoming } from './incoming.ts';
import type { IncomingRecord } from './kafka-binding.ts';

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
      .filter(({ first, next }) => next > first && limit > 0)
      .map(({ partition, first, next }) => [partition, { from: max(first, next - BigInt(limit)), next }]),
  );
  if (wanted.size === 0) return [];
  const groupId = `tmws-tail-${randomUUID()}`;
  const consumer = kafka.consumer({
    groupId,
    maxWaitTimeInMs: 200,
    retry: { retries: 5, restartOnFailure: () => Promise.resolve(false) },
  });
  const records: IncomingRecord[] = [];
  const done = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => done.reject(new Problem('timeout', `${topic} could not be read in time`)), timeoutMs);
  const { CRASH, END_BATCH_PROCESS } = consumer.events;
  consumer.on(CRASH, ({ payload }) => done.reject(payload.error));
  // Also for batches without any record for us, as those of an aborted transaction.
  consumer.on(END_BATCH_PROCESS, ({ payload: { partition, lastOffset } }) => {
    const range = wanted.get(partition);
    if (range !== undefined && BigInt(lastOffset) + 1n >= range.next) wanted.delete(partition);
    if (wanted.size === 0) done.resolve(undefined);
  });
  const run = async (): Promise<void> => {
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatch: ({ batch }) => {
        const range = wanted.get(batch.partition);
        if (range === undefined) return Promise.resolve();
        const some = batch.messages.map((message) => incoming(topic, batch.partition, message));
        records.push(...some.filter(({ offset }) => offset >= range.from && offset < range.next));
        // What was read before the seek below is not taken again after it.
        range.from = max(range.from, BigInt(batch.lastOffset()) + 1n);
        return Promise.resolve();
      },
    });
    for (const [partition, { from }] of wanted) consumer.seek({ topic, partition, offset: String(from) });
  };
  try {
    run().catch(done.reject);
    await done.promise;
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw new Problem('unavailable', 'Kafka is away', { cause: error, retryAfterMs: 1000 });
  } finally {
    clearTimeout(timer);
    await leave(kafka, consumer, groupId);
  }
  return records.sort((a, b) => a.timestampMs - b.timestampMs || Number(a.offset - b.offset));
}

async function leave(kafka: Kafka, consumer: ReturnType<Kafka['consumer']>, groupId: string): Promise<void> {
  await consumer.disconnect().catch(() => undefined);
  const admin = kafka.admin({ retry: { retries: 0 } });
  await admin
    .connect()
    .then(() => admin.deleteGroups([groupId]))
    .catch(() => undefined);
  await admin.disconnect().catch(() => undefined);
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
