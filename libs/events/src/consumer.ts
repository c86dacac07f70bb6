// A consumer whose truth is the store: offsets are stored in the transaction of their effects, a partition is read from
// the stored offset whatever the broker says, and the broker's copy is only for those who watch the lag.
//
//   C1  a batch is stored only if it was fetched from where the store stands, or before; what is stored already is left out
//   C2  whoever finds the store elsewhere (`stale`) reads all its offsets again and goes on from there
//   C3  the next batches are asked for while these are stored, and handed over when the store has begun with these; until
//       then the member keeps its place in the group
//   C4  after a batch that was not stored nothing of its partition is, until offsets are read again
import type { Problem } from '@tmws/problems';
import type { Logger, Metrics } from '@tmws/telemetry';
import type kafkajs from 'kafkajs';
import type { EachBatchPayload, Kafka } from 'kafkajs';
import { setTimeout as delay } from 'node:timers/promises';
import { incoming } from './incoming.ts';
import { isStale, type Lane, openLane } from './lane.ts';
import { startMembership } from './membership.ts';
import type { PartitionBatch } from './partition-batch.ts';
import { type LogOffsets, openPositions, type Position } from './positions.ts';

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
  /** Finishes what is being stored, gives up what waits for a neighbour, and leaves the group. Twice is harmless. */
  close(): Promise<void>;
}

const commitEveryMs = 5000;
const heartbeatEveryMs = 2000;

export function startConsumer(
  kafka: Kafka,
  options: ConsumerOptions & { offsets: LogOffsets },
  { logger, metrics }: { logger: Logger; metrics: Metrics },
): Consumer {
  const { group, topics } = options;
  const closing = new AbortController();
  const { signal } = closing;
  const closed = (): boolean => signal.aborted;
  const consumed = metrics.counter('tmws_kafka_consumed_total', 'records taken from the log and stored', ['topic', 'group']);
  const lag = metrics.gauge('tmws_kafka_lag_records', 'records not stored yet', ['topic', 'partition', 'group']);
  const lanes = Array.from({ length: options.lanes }, () => openLane({ ...options, logger, signal }));

  const settled = (): Promise<unknown> => Promise.all(lanes.map((lane) => lane.idle()));

  const take = async ({ batch, resolveOffset, isRunning, isStale: isSeeking }: EachBatchPayload): Promise<void> => {
    const { topic, partition } = batch;
    const lane = lanes[partition % lanes.length];
    await lane?.begun();
    const position = await positions.of(topic, partition);
    if (lane === undefined || position === undefined || closed() || !isRunning() || isSeeking()) return;
    if (position.failed !== undefined) {
      await position.failed;
      return;
    }
    const end = BigInt(batch.highWatermark);
    if (fetchedFrom(batch) > position.next || end < position.next) {
      logger.info({ group, topic, partition }, 'the broker answers from elsewhere than was asked; reading offsets again');
      return void positions.reload();
    }
    const next = BigInt(batch.lastOffset()) + 1n;
    if (next > position.next) {
      const records = batch.messages
        .map((message) => incoming(topic, partition, message))
        .filter(({ offset }) => offset >= position.next);
      void store(lane, position, { topic, partition, from: position.expected, next, records }, end);
      position.expected = position.next = next;
    } else {
      lag.set({ topic, partition, group }, Math.max(0, Number(end - next)));
    }
    resolveOffset(batch.lastOffset());
  };
  const store = async (lane: Lane, position: Position, batch: PartitionBatch, end: bigint): Promise<void> => {
    const { topic, partition, next, records } = batch;
    position.underWay++;
    try {
      await lane.store(batch);
      position.stored = next;
      position.moved = true;
      consumed.inc({ topic, group }, records.length);
      lag.set({ topic, partition, group }, Math.max(0, Number(end - next)));
    } catch (error) {
      if (closed() || position.failed !== undefined) return;
      logger.info({ group, topic, partition, reason: (error as Error).message }, 'reading offsets again');
      const waitMs = isStale(error) ? 0 : 1000;
      position.failed = delay(waitMs, undefined, { signal }).then(positions.reload, () => undefined);
    } finally {
      position.underWay--;
    }
  };
  const eachBatch = async (payload: EachBatchPayload): Promise<void> => {
    const beat = setInterval(() => void payload.heartbeat().catch(() => undefined), heartbeatEveryMs);
    try {
      await take(payload);
    } finally {
      clearInterval(beat);
    }
  };

  const membership = startMembership(kafka, {
    group,
    topics,
    logger,
    signal,
    eachBatch,
    assigned(assignment) {
      for (const { topic, partition } of positions.lostTo(assignment)) lag.remove({ topic, partition, group });
      positions.assigned(assignment);
    },
    skipped: (topic, partition, first, last) => positions.skipped(topic, partition, first, last),
    settled,
    commit: (consumer) => commit(consumer),
  });
  const positions = openPositions({ ...options, seek: membership.seek, settled, logger, signal });

  const commit = async (consumer: kafkajs.Consumer): Promise<void> => {
    const moved = positions.uncommitted();
    if (moved.length === 0) return;
    try {
      await consumer.commitOffsets(moved.map(({ topic, partition, next }) => ({ topic, partition, offset: String(next) })));
      positions.committed(moved);
    } catch (error) {
      logger.debug({ err: error, group }, 'the broker did not take the offsets; the store has them');
    }
  };
  const committing = setInterval(() => void membership.use(commit), commitEveryMs);
  return {
    rewind: () => positions.reload(),
    async close() {
      clearInterval(committing);
      closing.abort();
      await membership.ended;
    },
  };
}

/** The offset the broker was asked for. kafkajs has it, its types do not. */
function fetchedFrom(batch: EachBatchPayload['batch']): bigint {
  return BigInt((batch as typeof batch & { fetchedOffset: string }).fetchedOffset);
}
