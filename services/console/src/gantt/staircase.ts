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
