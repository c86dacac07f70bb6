import { setTimeout as delay } from 'node:timers/promises';
import { Problem, retryable } from '@tmws/problems';
import { inSpan, type Logger, SpanKind } from '@tmws/telemetry';
import type { PartitionBatch } from './partition-batch.ts';

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

/** Jobs of one partition, and their batches as one. */
interface Part {
  readonly jobs: Job[];
  readonly batch: PartitionBatch;
}

const enoughRecords = 2000;
const longestWaitMs = 5000;

/**
 * Stores batches one transaction after the other; batches that wait meanwhile go together, those of one partition as one.
 *
 * A neighbour that is away is waited for, without end. A batch that fails for another reason is stored in halves and halves of
 * halves, and the record at fault is parked, so one bad record never stops its partition. When the signal comes, nothing new
 * is begun and nobody is waited for any more.
 */
export function openLane({ handle, park, logger, signal }: LaneOptions) {
  const jobs: Job[] = [];
  const waiters: (() => void)[] = [];
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

  const process = async (parts: readonly Part[]): Promise<void> => {
    try {
      signal.throwIfAborted();
      await patiently(() => stored(parts.map(({ batch }) => batch)));
      for (const { jobs } of parts) for (const { done } of jobs) done.resolve(undefined);
    } catch (error) {
      const hopeless = isStale(error) || signal.aborted;
      for (const { batch, jobs: some } of parts) {
        const outcome = hopeless ? error : await storeOrPark(batch).catch((reason: unknown) => reason);
        for (const { done } of some) {
          if (outcome === undefined) done.resolve(undefined);
          else done.reject(outcome);
        }
      }
    }
  };

  const work = async (): Promise<void> => {
    while (jobs.length > 0) {
      const parts = byPartition(takeJobs(jobs));
      if (jobs.length === 0) for (const wake of waiters.splice(0)) wake();
      await process(parts);
    }
    working = undefined;
  };

  return {
    /** Resolves when everything given before is stored or being stored, so that little is held ahead of the store. */
    async begun(): Promise<void> {
      while (jobs.length > 0) await new Promise<void>((resolve) => waiters.push(resolve));
    },
    /** Resolves when the batch's effects and offset are stored. Batches of one partition are given in order, each from where the last one ends. */
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

export type Lane = ReturnType<typeof openLane>;

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

function byPartition(jobs: readonly Job[]): Part[] {
  const groups = Map.groupBy(jobs, ({ batch: { topic, partition } }) => `${topic}/${partition}`);
  return [...groups.values()].flatMap((some) => {
    const [first, last] = [some[0]?.batch, some.at(-1)?.batch];
    if (first === undefined || last === undefined) return [];
    const records = some.length === 1 ? first.records : some.flatMap(({ batch }) => batch.records);
    return [{ jobs: some, batch: { ...first, next: last.next, records } }];
  });
}
