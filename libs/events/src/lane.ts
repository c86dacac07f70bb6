import { setTimeout as delay } from 'node:timers/promises';
import { Problem, retryable } from '@tmws/problems';
import type { Logger } from '@tmws/telemetry';
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
 * A neighbour that is away is waited for, without end. A batch that fails for another reason is stored record by record,
 * and the record at fault is parked, so one bad record never stops its partition.
 */
export function openLane({ handle, park, logger, signal }: LaneOptions) {
  const jobs: Job[] = [];
  let working = false;

  const patiently = async (work: () => Promise<void>): Promise<void> => {
    for (let waitMs = 100; ; waitMs = Math.min(waitMs * 2, longestWaitMs)) {
      try {
        await work();
        return;
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof Problem && retryable(error.kind))) throw error;
        logger.warn({ err: error, waitMs }, 'a neighbour is away; events wait');
        await delay(waitMs, undefined, { signal });
      }
    }
  };

  const oneByOne = async (batch: PartitionBatch): Promise<void> => {
    let from = batch.from;
    for (const record of batch.records) {
      const single = { ...batch, from, next: record.offset + 1n, records: [record] };
      try {
        await patiently(() => handle([single]));
      } catch (error) {
        if (isStale(error) || signal.aborted) throw error;
        logger.error(
          { err: error, topic: batch.topic, partition: batch.partition, offset: String(record.offset) },
          'a record cannot be stored; it is parked',
        );
        await patiently(() => park(single, Problem.from(error)));
      }
      from = single.next;
    }
    if (from !== batch.next) await patiently(() => handle([{ ...batch, from, records: [] }]));
  };

  const process = async (some: readonly Job[]): Promise<void> => {
    try {
      await patiently(() => handle(some.map(({ batch }) => batch)));
      for (const { done } of some) done.resolve(undefined);
    } catch (error) {
      const hopeless = isStale(error) || signal.aborted;
      for (const { batch, done } of some) {
        if (hopeless) done.reject(error);
        else await oneByOne(batch).then(() => done.resolve(undefined), done.reject);
      }
    }
  };

  const work = async (): Promise<void> => {
    working = true;
    while (jobs.length > 0) await process(takeJobs(jobs));
    working = false;
  };

  return {
    /** Resolves when the batch's effects and offset are stored. */
    store(batch: PartitionBatch): Promise<void> {
      const done = Promise.withResolvers<undefined>();
      jobs.push({ batch, done });
      if (!working) void work();
      return done.promise;
    },
  };
}

function isStale(error: unknown): boolean {
  return error instanceof Problem && error.kind === 'stale';
}

function takeJobs(jobs: Job[]): Job[] {
  let records = 0;
  const enough = jobs.findIndex(({ batch }) => (records += batch.records.length) >= enoughRecords);
  return jobs.splice(0, enough === -1 ? jobs.length : enough + 1);
}
