import type { Segment } from '../model/critical-path.ts';

/** A stretch of the critical path as lines: along row `row` from one instant to another, then up or down to row `toRow` (if another). */
export interface Stair {
  row: number;
  fromNs: number;
  toNs: number;
  toRow: number;
}

/**
 * The critical path as one line through the rows, in order of time. Where no step accounts for the time the line stays on the row it came from,
 * and before the first step on the row it goes to. Segments of rows that are not there count as such.
 *
 * @param rowOf  the place of a step's row from the top, by its key
 * @param open   the execution goes on, and so does its last stretch: it ends at Infinity
 */
export function staircase(segments: readonly Segment[], rowOf: ReadonlyMap<string, number>, open = false): Stair[] {
  const stairs: Stair[] = [];
  let row = segments.map(({ stepKey }) => rowOf.get(stepKey)).find((each) => each !== undefined);
  if (row === undefined) return [];
  for (const { stepKey, fromNs, toNs } of segments) {
    const next: number = rowOf.get(stepKey) ?? row;
    const before = stairs.at(-1);
    if (before !== undefined) before.toRow = next;
    if (before?.row === next && before.toNs === fromNs) before.toNs = toNs;
    else stairs.push({ row: next, fromNs, toNs, toRow: next });
    row = next;
  }
  const last = stairs.at(-1);
  if (open && last !== undefined) last.toNs = Infinity;
  return stairs;
}
