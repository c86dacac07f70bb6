// Where rows stand that came, or were heard of at another time, after the columns were read: where a reload would place them.
import { stepKeyAt } from './step-key.ts';
import type { Steps } from './steps.ts';

/**
 * Rows of which the order of the columns says nothing any more.
 *
 *   R1  siblings stand by when they were first heard of (ready, else queued, started or ended), those nobody heard of last, then by key:
 *       the server's order (`timelineRows` of the timeline service)
 *   R2  rows that are not among these keep the order they have among each other
 */
export interface LateRows {
  readonly size: number;
  /** @param key  of the row, where it is at hand */
  add(row: number, key?: string): void;
  has(row: number): boolean;
  /** In the order of R1, whatever they lie under. The same list until another is added. */
  sorted(): readonly number[];
  /** Whether one stands before the other where both have the same parent. */
  before(a: number, b: number): boolean;
}

export function lateRowsOf(steps: Steps): LateRows {
  const known = new Set<number>();
  const keys = new Map<number, string>();
  let list: number[] = [];
  let isSorted = true;
  const keyOf = (row: number): string => {
    let key = keys.get(row);
    if (key === undefined) keys.set(row, (key = stepKeyAt(steps, row)));
    return key;
  };
  const compare = (a: number, b: number): number => {
    const [x, y] = [heardNs(steps, a), heardNs(steps, b)];
    if (x !== y) return x < y ? -1 : 1;
    return a === b ? 0 : keyOf(a) < keyOf(b) ? -1 : 1;
  };
  return {
    get size() {
      return known.size;
    },
    has: (row) => known.has(row),
    add(row, key) {
      if (key !== undefined) keys.set(row, key);
      if (!known.has(row)) list.push(row);
      known.add(row);
      isSorted = false;
    },
    sorted() {
      // Nearly in order but for the last, which is what such a sort is quick with.
      if (!isSorted) list = [...list].sort(compare);
      isSorted = true;
      return list;
    },
    before: (a, b) => compare(a, b) < 0,
  };
}

/** When anything of a row was first heard of; Infinity where nothing was. */
export function heardNs({ rows, bars }: Steps, row: number): number {
  const bar = rows.firstBar[row] ?? -1;
  if (bar < 0) return Infinity;
  for (const stage of [bars.ready, bars.queued, bars.start, bars.end]) {
    const ns = stage[bar] ?? NaN;
    if (!Number.isNaN(ns)) return ns;
  }
  return Infinity;
}
