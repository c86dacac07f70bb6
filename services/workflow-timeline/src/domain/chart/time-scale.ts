import type { TimelineRow } from '../timeline.ts';

/** Where the times of an execution lie. */
export interface TimeRange {
  /** The first known instant and the last, waits aside. */
  readonly startNs: bigint;
  readonly endNs: bigint;
  /** How far any time is from the first instant. Waits may lie before it. */
  readonly longestNs: bigint;
}

/** @param known  instants besides those of the bars */
export function timeRangeOf(rows: readonly TimelineRow[], known: readonly bigint[]): TimeRange {
  let [startNs, endNs] = [known[0], known[0]];
  let [leastWaitNs, mostWaitNs] = [known[0], known[0]];
  const ends = (ns: bigint | undefined): void => {
    if (ns === undefined) return;
    if (startNs === undefined || ns < startNs) startNs = ns;
    if (endNs === undefined || ns > endNs) endNs = ns;
  };
  known.forEach(ends);
  for (const { bars } of rows) {
    for (const { readyNs, queuedNs, startNs: start, endNs: end, waits } of bars) {
      ends(readyNs ?? queuedNs ?? start ?? end);
      ends(end ?? start ?? queuedNs ?? readyNs);
      for (const { fromNs, toNs = fromNs } of waits) {
        if (leastWaitNs === undefined || fromNs < leastWaitNs) leastWaitNs = fromNs;
        if (mostWaitNs === undefined || toNs > mostWaitNs) mostWaitNs = toNs;
      }
    }
  }
  const zeroNs = startNs ?? 0n;
  const lastNs = endNs ?? zeroNs;
  const before = zeroNs - (leastWaitNs ?? zeroNs);
  const after = (mostWaitNs !== undefined && mostWaitNs > lastNs ? mostWaitNs : lastNs) - zeroNs;
  return { startNs: zeroNs, endNs: lastNs, longestNs: before > after ? before : after };
}

const coarser = [1_000n, 1_000_000n, 1_000_000_000n];
const exact = BigInt(Number.MAX_SAFE_INTEGER);

/** The unit that times are cut to where ns would be too great for exact numbers (104 days); 1 where they are not. */
export function fittingUnit({ longestNs }: TimeRange): bigint {
  if (longestNs <= exact) return 1n;
  return coarser.find((unit) => longestNs / unit <= exact) ?? 1_000_000_000n;
}

/** Counts times given in ns in the greatest of s, ms, µs and ns that tells all of them exactly. NaN stays. @returns that unit */
export function shrinkToUnit(columns: readonly Float64Array[]): bigint {
  let unit = 1_000_000_000;
  for (const column of columns) {
    for (let i = 0; i < column.length && unit > 1; i++) {
      const ns = column[i] ?? Number.NaN;
      while (ns % unit !== 0 && !Number.isNaN(ns)) unit /= 1000;
    }
  }
  if (unit === 1) return 1n;
  for (const column of columns) for (let i = 0; i < column.length; i++) column[i] = (column[i] ?? Number.NaN) / unit;
  return BigInt(unit);
}
