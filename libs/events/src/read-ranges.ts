import { randomUUID } from 'node:crypto';
import { Problem } from '@tmws/problems';
import type { Kafka } from 'kafkajs';
import { incoming } from './incoming.ts';
import type { IncomingRecord } from './kafka-binding.ts';

/** A stretch of a partition: offsets from `from` up to `next`, which is not in it. */
export interface LogRange {
  readonly topic: string;
  readonly partition: number;
  readonly from: bigint;
  readonly next: bigint;
}

/** A range as far as it is read. */
interface Reading {
  readonly next: bigint;
  from: bigint;
  /** Read, and not given yet. */
  records: IncomingRecord[];
  done: boolean;
  paused: boolean;
}

/** Without any progress for so long it is given up. */
const patienceMs = 20_000;
const mostWaiting = 2_000;

/**
 * Reads ranges through a consumer group of its own, which is deleted again. Batches come in the order of the log's times as far as
 * each partition has them in order: nothing that is given is later than what any partition still has before its first record not given.
 *
 * @throws the signal's reason; Problem `timeout`, `unavailable`
 */
export async function* readRanges(
  kafka: Kafka,
  ranges: readonly LogRange[],
  signal?: AbortSignal,
): AsyncGenerator<IncomingRecord[]> {
  const wanted = ranges.filter(({ from, next }) => next > from);
  if (wanted.length === 0) return;
  const readings = new Map(wanted.map((range) => [nameOf(range), begun(range)]));
  const groupId = `tmws-read-${randomUUID()}`;
  const consumer = kafka.consumer({
    groupId,
    maxWaitTimeInMs: 200,
    retry: { retries: 5, restartOnFailure: () => Promise.resolve(false) },
  });
  let failure: unknown;
  let progress = Promise.withResolvers<undefined>();
  const moved = (): void => {
    progress.resolve(undefined);
    progress = Promise.withResolvers();
  };
  const fail = (error: unknown): void => {
    failure ??= error;
    moved();
  };
  const abort = (): void => fail(signal?.reason);
  signal?.addEventListener('abort', abort, { once: true });
  const { CRASH, END_BATCH_PROCESS } = consumer.events;
  consumer.on(CRASH, ({ payload }) => fail(payload.error));
  // Also for batches without any record for us, as those of an aborted transaction.
  consumer.on(END_BATCH_PROCESS, ({ payload: { topic, partition, lastOffset } }) => {
    const reading = readings.get(nameOf({ topic, partition }));
    if (reading !== undefined && BigInt(lastOffset) + 1n >= reading.next) reading.done = true;
    moved();
  });
  const run = async (): Promise<void> => {
    await consumer.connect();
    await consumer.subscribe({ topics: [...new Set(wanted.map(({ topic }) => topic))], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatch: ({ batch }) => {
        const { topic, partition, messages } = batch;
        const reading = readings.get(nameOf({ topic, partition }));
        if (reading === undefined) return Promise.resolve();
        const some = messages.map((message) => incoming(topic, partition, message));
        reading.records.push(...some.filter(({ offset }) => offset >= reading.from && offset < reading.next));
        // What was read before the seek below is not taken again after it.
        const after = BigInt(batch.lastOffset()) + 1n;
        if (after > reading.from) reading.from = after;
        reading.paused = reading.records.length > mostWaiting;
        if (reading.paused) consumer.pause([{ topic, partitions: [partition] }]);
        return Promise.resolve();
      },
    });
    for (const { topic, partition, from } of wanted) consumer.seek({ topic, partition, offset: String(from) });
  };
  try {
    signal?.throwIfAborted();
    run().catch(fail);
    for (;;) {
      while (failure === undefined && [...readings.values()].some(({ done, records }) => !done && records.length === 0))
        await withPatience(progress.promise);
      if (failure !== undefined) throw failure as Error;
      const some = takeInOrder([...readings.values()]);
      for (const { topic, partition } of wanted) {
        const reading = readings.get(nameOf({ topic, partition }));
        if (reading?.paused !== true || reading.records.length > mostWaiting) continue;
        reading.paused = false;
        consumer.resume([{ topic, partitions: [partition] }]);
      }
      if (some.length > 0) yield some;
      else if ([...readings.values()].every(({ done }) => done)) return;
    }
  } catch (error) {
    if (error instanceof Problem || signal?.aborted === true) throw error;
    throw new Problem('unavailable', 'Kafka is away', { cause: error, retryAfterMs: 1000 });
  } finally {
    signal?.removeEventListener('abort', abort);
    await leave(kafka, consumer, groupId);
  }
}

const nameOf = ({ topic, partition }: Pick<LogRange, 'topic' | 'partition'>): string => `${topic}/${partition}`;
const begun = ({ from, next }: LogRange): Reading => ({ from, next, records: [], done: false, paused: false });

/** What no other partition can have anything before. */
function takeInOrder(readings: readonly Reading[]): IncomingRecord[] {
  const untilMs = Math.min(...readings.filter(({ done }) => !done).map(({ records }) => records.at(-1)?.timestampMs ?? Infinity));
  const taken = readings.flatMap((reading) => {
    const { records, done } = reading;
    const all = untilMs === Infinity || (!done && records.at(-1)?.timestampMs === untilMs);
    const later = all ? -1 : records.findIndex(({ timestampMs }) => timestampMs > untilMs);
    reading.records = later < 0 ? [] : records.slice(later);
    return later < 0 ? records : records.slice(0, later);
  });
  return taken.sort((a, b) => a.timestampMs - b.timestampMs || Number(a.offset - b.offset));
}

async function withPatience(progress: Promise<unknown>): Promise<void> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Problem('timeout', 'the log could not be read in time')), patienceMs);
  try {
    await Promise.race([progress, late.promise]);
  } finally {
    clearTimeout(timer);
  }
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
