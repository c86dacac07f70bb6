// A store as consumers have one: offsets move in the transaction of the effects, and only from where the mover believes them to be.
import { Problem } from '@tmws/problems';
import type { IncomingRecord, PartitionBatch } from '../src/index.ts';

export interface MemoryStore {
  /** `topic/partition` → the first record that is not stored. */
  readonly offsets: Map<string, bigint>;
  /** Every record that was stored, in the order of the transactions. */
  readonly stored: IncomingRecord[];
  readonly parked: { record: IncomingRecord; problem: Problem }[];
  /** How often `handle` was called. */
  readonly calls: () => number;
  /** Asked before each transaction; it may throw. */
  before: (batches: readonly PartitionBatch[]) => Promise<void> | void;
  beforePark: () => Promise<void> | void;
  readonly loadOffsets: () => Promise<{ topic: string; partition: number; next: bigint }[]>;
  readonly handle: (batches: readonly PartitionBatch[]) => Promise<void>;
  readonly park: (batch: PartitionBatch, problem: Problem) => Promise<void>;
  /** The numbers that `numbered` records bear. */
  readonly numbers: () => number[];
}

export function memoryStore(): MemoryStore {
  const offsets = new Map<string, bigint>();
  const stored: IncomingRecord[] = [];
  const parked: MemoryStore['parked'] = [];
  let calls = 0;
  const commit = (batches: readonly PartitionBatch[], effects: () => void): void => {
    for (const { topic, partition, from } of batches)
      if (offsets.get(`${topic}/${partition}`) !== from) throw new Problem('stale', `${topic}/${partition} was moved`);
    for (const { topic, partition, next } of batches) offsets.set(`${topic}/${partition}`, next);
    effects();
  };
  const store: MemoryStore = {
    offsets,
    stored,
    parked,
    calls: () => calls,
    before: () => undefined,
    beforePark: () => undefined,
    loadOffsets: () =>
      Promise.resolve(
        [...offsets].map(([key, next]) => {
          const [topic = '', partition] = key.split('/');
          return { topic, partition: Number(partition), next };
        }),
      ),
    async handle(batches) {
      calls++;
      await store.before(batches);
      await new Promise(setImmediate);
      commit(batches, () => stored.push(...batches.flatMap(({ records }) => records)));
    },
    async park(batch, problem) {
      await store.beforePark();
      commit([batch], () => parked.push(...batch.records.map((record) => ({ record, problem }))));
    },
    numbers: () => stored.map(({ headers }) => Number(headers['n'])),
  };
  return store;
}
