import { setTimeout as delay } from 'node:timers/promises';
import { Problem, retryable } from '@tmws/problems';
import { inSpan, type Logger, SpanKind } from '@tmws/telemetry';
import type { PartitionBatch } from './consumer.ts';

interface LaneOptions {
  readonly handle: (batches: readonly PartitionBatch[]) => Promise<void>;
  readonly park: (batch: PartitionBatch, problem: Problem) => Promise<void>;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

interface Job {
  readonly batch: PartitionBatch;
  readonly done: PromiseWithResolvers<undefined>;
}

const enoughRecords = 1000;
const longestWaitMs = 5000;

/**
 * Stores batches one transaction after the other; batches of several partitions that wait meanwhile go together.
 *
 * A neighbour that is away is waited for, without end. A batch that fails for another reason is stored in halves and halves of
 * halves, and the record at fault is parked, so one bad record never stops its partition. When the signal comes, nothing new
 * is begun and nobody is waited for any more.
 */
export function openLane({ handle, park, logger, signal }: LaneOptions) {
  const jobs: Job[] = [];
  let working: Promise<void> | undefined;

  const stored = (batches: readonly PartitionBatch[]): Promise<void> => {
    const count = batches.reduce((sum, { records }) => sum + records.length, 0);
    return inSpan('kafka process', SpanKind.CONSUMER, { 'messaging.batch.message_count': count }, () => handle(batches));
  };

  const patiently = async (work: () => Promise<void>, whatever = false): Promise<void> => {
    for (let waitMs = 100; ; waitMs = Math.min(waitMs * 2, longestWaitMs)) {
      try {
        await work();
        return;
      } catch (error) {
        signal.throwIfAborted();
        const away = error instanceof Problem && retryable(error.kind);
        if (!away && (!whatever || isStale(error))) throw error;
        logger.warn({ err: error, waitMs }, away ? 'a neighbour is away; events wait' : 'a record cannot be parked; events wait');
        await delay(waitMs, undefined, { signal });
      }
    }
  };

  const storeOrPark = async (batch: PartitionBatch): Promise<void> => {
    try {
      signal.throwIfAborted();
      await patiently(() => stored([batch]));
    } catch (error) {
      if (isStale(error) || signal.aborted || batch.records.length === 0) throw error;
      const [first] = batch.records;
      if (batch.records.length > 1) {
        for (const half of halves(batch)) await storeOrPark(half);
        return;
      }
      logger.error(
        { err: error, topic: batch.topic, partition: batch.partition, offset: String(first?.offset) },
        'a record cannot be stored; it is parked',
      );
      await patiently(() => park(batch, Problem.from(error)), true);
    }
  };

  const process = async (some: readonly Job[]): Promise<void> => {
    try {
      signal.throwIfAborted();
      await patiently(() => stored(some.map(({ batch }) => batch)));
      for (const { done } of some) done.resolve(undefined);
    } catch (error) {
      const hopeless = isStale(error) || signal.aborted;
      for (const { batch, done } of some) {
        if (hopeless) done.reject(error);
        else await storeOrPark(batch).then(() => done.resolve(undefined), done.reject);
      }
    }
  };

  const work = async (): Promise<void> => {
    while (jobs.length > 0) await process(takeJobs(jobs));
    working = undefined;
  };

  return {
    /** Resolves when the batch's effects and offset are stored. */
    store(batch: PartitionBatch): Promise<void> {
      const done = Promise.withResolvers<undefined>();
      jobs.push({ batch, done });
      working ??= work();
      return done.promise;
    },
    /** Resolves when nothing is being stored. */
    async idle(): Promise<void> {
      await working;
    },
  };
}

export function isStale(error: unknown): boolean {
  return error instanceof Problem && error.kind === 'stale';
}

function halves(batch: PartitionBatch): [PartitionBatch, PartitionBatch] {
  const middle = Math.ceil(batch.records.length / 2);
  const between = batch.records[middle]?.offset ?? batch.next;
  return [
    { ...batch, next: between, records: batch.records.slice(0, middle) },
    { ...batch, from: between, records: batch.records.slice(middle) },
  ];
}

function takeJobs(jobs: Job[]): Job[] {
  let records = 0;
  const enough = jobs.findIndex(({ batch }) => (records += batch.records.length) >= enoughRecords);
  return jobs.splice(0, enough === -1 ? jobs.length : enough + 1);
}
