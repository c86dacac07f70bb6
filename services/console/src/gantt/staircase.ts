import type { Domain } from '../model/axis.ts';

/** A stretch of the critical path on a row of the steps; -1: no step accounts for it. */
export interface PathStretch {
  readonly row: number;
  readonly fromNs: number;
  readonly toNs: number;
}

/** A stretch of the critical path as lines: along entry `entry` from one instant to another, then up or down to entry `toEntry` (if another). */
export interface Stair {
  entry: number;
  fromNs: number;
  toNs: number;
  toEntry: number;
}

/**
 * The critical path as one line through the chart, in order of time. Where no step accounts for the time the line stays on the entry it came from,
 * and before the first step on the entry it goes to. Stretches of rows that are not shown count as such.
 *
 * @param entryOf  the entry that shows a row, -1 where none does
 * @param open     the execution goes on, and so does its last stretch: it ends at Infinity
 */
export function staircase(path: readonly PathStretch[], entryOf: (row: number) => number, open = false): Stair[] {
  const stairs: Stair[] = [];
  const shown = path.map(({ row }) => (row < 0 ? -1 : entryOf(row)));
  let entry = shown.find((each) => each >= 0);
  if (entry === undefined) return [];
  for (const [at, { fromNs, toNs }] of path.entries()) {
    const found = shown[at] ?? -1;
    const next: number = found < 0 ? entry : found;
    const before = stairs.at(-1);
    if (before !== undefined) before.toEntry = next;
    if (before?.entry === next && before.toNs === fromNs) before.toNs = toNs;
    else stairs.push({ entry: next, fromNs, toNs, toEntry: next });
    entry = next;
  }
  const last = stairs.at(-1);
  if (open && last !== undefined) last.toNs = Infinity;
  return stairs;
}

/** The lines of a path, found by what is in sight: of one of 50,000 steps hardly any is. */
export interface Stairs {
  /** Calls with each that touches an entry from `first` to before `end` and an instant of the domain, and with few others. */
  each(first: number, end: number, domain: Domain, visit: (stair: Stair) => void): void;
}

const blockStairs = 64;

/** @param stairs  in order of time, as `staircase` makes them */
export function findStairs(stairs: readonly Stair[]): Stairs {
  const blocks = Math.ceil(stairs.length / blockStairs);
  const [lowest, highest] = [new Int32Array(blocks).fill(0x7fff_ffff), new Int32Array(blocks).fill(-1)];
  for (const [at, { entry, toEntry }] of stairs.entries()) {
    const block = Math.floor(at / blockStairs);
    lowest[block] = Math.min(lowest[block] ?? 0, entry, toEntry);
    highest[block] = Math.max(highest[block] ?? 0, entry, toEntry);
  }
  /** The first that ends at or after an instant. */
  const firstAfter = (atNs: number): number => {
    let [low, high] = [0, stairs.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((stairs[middle]?.toNs ?? Infinity) < atNs) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return {
    each(first, end, { fromNs, toNs }, visit) {
      for (let at = firstAfter(fromNs); at < stairs.length; at++) {
        const block = Math.floor(at / blockStairs);
        if ((highest[block] ?? -1) < first || (lowest[block] ?? 0) >= end) {
          at = (block + 1) * blockStairs - 1;
          continue;
        }
        const stair = stairs[at];
        if (stair === undefined || stair.fromNs > toNs) return;
        if (Math.max(stair.entry, stair.toEntry) >= first && Math.min(stair.entry, stair.toEntry) < end) visit(stair);
      }
    },
  };
}
