import { setTimeout as delay } from 'node:timers/promises';
import type { ExecutionStore } from '../ports.ts';

export interface LogRange {
  readonly topic: string;
  readonly partition: number;
  readonly first: bigint;
  readonly next: bigint;
}

export interface RebuildProgress {
  readonly done: bigint;
  readonly total: bigint;
  /** Records that retention has cut from the log: their executions cannot be made anew. */
  readonly gaps: readonly { topic: string; partition: number; fromOffset: bigint; toOffset: bigint }[];
}

interface Rebuilding {
  readonly store: ExecutionStore;
  readonly logRanges: () => Promise<LogRange[]>;
  /** Makes the consumer read its offsets again. */
  readonly rewind: () => Promise<void>;
  /** Kept files, which are imported again beside. */
  readonly imports: { count(): Promise<number>; left(): Promise<number>; begin(): void };
  readonly everyMs?: number;
}

/**
 * Throws the read model away and lets the consumer make it anew from the log, and imports all kept files again; tells how far
 * it is until it is done. A file counts as a record does.
 */
export function rebuild({ store, logRanges, rewind, imports, everyMs = 500 }: Rebuilding) {
  return async function* (signal: AbortSignal): AsyncIterable<RebuildProgress> {
    const ranges = await logRanges();
    const gaps = ranges
      .filter(({ first }) => first > 0n)
      .map(({ topic, partition, first }) => ({ topic, partition, fromOffset: 0n, toOffset: first }));
    const files = await imports.count();
    const total = ranges.reduce((sum, { first, next }) => sum + (next - first), 0n) + BigInt(files);
    await store.clear();
    imports.begin();
    await rewind();
    for (;;) {
      const done = doneOf(ranges, await store.offsets()) + BigInt(Math.max(0, files - (await imports.left())));
      yield { done, total, gaps };
      if (done >= total || signal.aborted) return;
      await delay(everyMs, undefined, { signal }).catch(() => undefined);
    }
  };
}

function doneOf(ranges: readonly LogRange[], offsets: readonly { topic: string; partition: number; next: bigint }[]): bigint {
  const at = new Map(offsets.map(({ topic, partition, next }) => [`${topic}/${partition}`, next]));
  return ranges.reduce((sum, { topic, partition, first, next }) => {
    const stored = at.get(`${topic}/${partition}`) ?? first;
    const reached = stored > next ? next : stored;
    return sum + (reached > first ? reached - first : 0n);
  }, 0n);
}
