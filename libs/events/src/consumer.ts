// A consumer whose truth is the store: offsets are stored in the transaction of their effects, a partition is read from
// the stored offset whatever the broker says, and the broker's copy is only for those who watch the lag.
import { setTimeout as delay } from 'node:timers/promises';
import { Problem } from '@tmws/problems';
import type { Logger, Metrics } from '@tmws/telemetry';
import type kafkajs from 'kafkajs';
import type { EachBatchPayload, Kafka } from 'kafkajs';
import { incoming } from './incoming.ts';
import type { IncomingRecord } from './kafka-binding.ts';
import { openLane } from './lane.ts';
import { type LogOffsets, openPositions } from './positions.ts';

/** Records of one partition, in order. */
export interface PartitionBatch {
  readonly topic: string;
  readonly partition: number;
  /** Where the store believes the partition to stand; undefined = it was never read. */
  readonly from: bigint | undefined;
  /** Where it stands when these records are stored. */
  readonly next: bigint;
  readonly records: readonly IncomingRecord[];
}

export interface ConsumerOptions {
  readonly group: string;
  readonly topics: readonly string[];
  /** How many transactions may be under way at once; a partition always stays in one. */
  readonly lanes: number;
  readonly loadOffsets: () => Promise<{ topic: string; partition: number; next: bigint }[]>;
  /** Stores effects and offsets in one transaction. Throws a retryable Problem to be called again, `stale` to read its offsets again. */
  readonly handle: (batches: readonly PartitionBatch[]) => Promise<void>;
  /** Stores that the batch's one record cannot be taken, and its offset. Called when `handle` fails on it alone. */
  readonly park: (batch: PartitionBatch, problem: Problem) => Promise<void>;
}

export interface Consumer {
  /** Reads all partitions again from where the store says, after the store was changed by hand. */
  rewind(): Promise<void>;
  /** Finishes what is under way and leaves the group. */
  close(): Promise<void>;
}

const commitEveryMs = 5000;

export function startConsumer(
  kafka: Kafka,
  options: ConsumerOptions & { offsets: LogOffsets },
  { logger, metrics }: { logger: Logger; metrics: Metrics },
): Consumer {
  const { group, topics } = options;
  const closing = new AbortController();
  const consumed = metrics.counter('tmws_kafka_consumed_total', 'records taken from the log and stored', ['topic', 'group']);
  const lag = metrics.gauge('tmws_kafka_lag_records', 'records not stored yet', ['topic', 'partition', 'group']);
  const lanes = Array.from({ length: options.lanes }, () => openLane({ ...options, logger, signal: closing.signal }));
  let current: kafkajs.Consumer | undefined;
  const seek = (topic: string, partition: number, offset: bigint): void =>
    current?.seek({ topic, partition, offset: String(offset) });
  const positions = openPositions({ ...options, seek, logger, signal: closing.signal });

  const eachBatch = async ({ batch, resolveOffset, heartbeat, isRunning, isStale }: EachBatchPayload): Promise<void> => {
    const { topic, partition } = batch;
    const position = await positions.of(topic, partition);
    if (position === undefined || !isRunning() || isStale()) return;
    const records = batch.messages
      .map((message) => incoming(topic, partition, message))
      .filter(({ offset }) => offset >= position.next);
    const next = BigInt(batch.lastOffset()) + 1n;
    if (next > position.next) {
      const beat = setInterval(() => void heartbeat().catch(() => undefined), 2000);
      try {
        await lanes[partition % lanes.length]?.store({ topic, partition, from: position.stored, next, records });
      } catch (error) {
        if (closing.signal.aborted) return;
        logger.info({ group, topic, partition, reason: (error as Error).message }, 'reading offsets again');
        void positions.reload();
        return;
      } finally {
        clearInterval(beat);
      }
      positions.moved(topic, partition, next);
      consumed.inc({ topic, group }, records.length);
    }
    lag.set({ topic, partition, group }, Math.max(0, Number(BigInt(batch.highWatermark) - next)));
    resolveOffset(batch.lastOffset());
  };

  const run = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      const consumer = kafka.consumer({
        groupId: group,
        sessionTimeout: 30_000,
        heartbeatInterval: 3000,
        maxWaitTimeInMs: 500,
        allowAutoTopicCreation: false,
        retry: { initialRetryTime: 200, maxRetryTime: 2000, retries: 10 },
      });
      const crashed = Promise.withResolvers<undefined>();
      consumer.on(consumer.events.CRASH, ({ payload }) => {
        if (!payload.restart) crashed.resolve(undefined);
      });
      consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => positions.assigned(payload.memberAssignment));
      current = consumer;
      try {
        await consumer.connect();
        await consumer.subscribe({ topics: [...topics], fromBeginning: true });
        await consumer.run({ autoCommit: false, eachBatchAutoResolve: false, partitionsConsumedConcurrently: 64, eachBatch });
        await Promise.race([crashed.promise, aborted(closing.signal)]);
      } catch (error) {
        logger.warn({ err: error, group }, 'the consumer cannot run; it is started again');
      }
      await commit(consumer);
      await consumer.disconnect().catch(() => undefined);
      await delay(1000, undefined, { signal: closing.signal }).catch(() => undefined);
    }
  };

  const commit = async (consumer: kafkajs.Consumer): Promise<void> => {
    const moved = positions.takeMoved();
    if (moved.length === 0) return;
    await consumer
      .commitOffsets(moved.map(({ topic, partition, next }) => ({ topic, partition, offset: String(next) })))
      .catch((error: unknown) => {
        logger.debug({ err: error, group }, 'the broker did not take the offsets; the store has them');
      });
  };

  const committing = setInterval(() => void (current === undefined ? undefined : commit(current)), commitEveryMs);
  const running = run();
  return {
    rewind: () => positions.reload(),
    async close() {
      clearInterval(committing);
      closing.abort(new Problem('unavailable', 'the consumer is closing'));
      await running;
    },
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
