import type { TimelineRow } from './timeline.ts';

/** From instants to numbers: units of `unitNs` since `startNs`, the first known instant. */
export interface TimeScale {
  readonly startNs: bigint;
  readonly endNs: bigint;
  readonly unitNs: bigint;
  readonly rounded: boolean;
  /** NaN for an instant that is not known. */
  readonly relative: (ns: bigint | undefined) => number;
}

const units = [1_000_000_000n, 1_000_000n, 1_000n, 1n];
const exact = BigInt(Number.MAX_SAFE_INTEGER);

/**
 * The scale of an execution: the greatest of s, ms, µs and ns that tells all its times exactly, or, where the numbers would be
 * too great for that (104 days in ns), the smallest that fits, and the times are cut to it.
 */
export function timeScaleOf(rows: readonly TimelineRow[], known: readonly bigint[]): TimeScale {
  let startNs = known[0];
  let endNs = startNs;
  const ends = (ns: bigint | undefined): void => {
    if (ns === undefined) return;
    if (startNs === undefined || ns < startNs) startNs = ns;
    if (endNs === undefined || ns > endNs) endNs = ns;
  };
  known.forEach(ends);
  for (const { bars } of rows) {
    for (const { readyNs, queuedNs, startNs: start, endNs: end } of bars) {
      ends(readyNs ?? queuedNs ?? start ?? end);
      ends(end ?? start ?? queuedNs ?? readyNs);
    }
  }
  const zeroNs = startNs ?? 0n;
  const longNs = longest(rows, zeroNs, endNs ?? zeroNs);
  const fitting = longNs <= exact ? 1n : (units.toReversed().find((unit) => longNs / unit <= exact) ?? 1_000_000_000n);
  const unitNs = fitting === 1n ? commonUnit(rows, zeroNs) : fitting;
  const unit = Number(unitNs);
  return {
    startNs: zeroNs,
    endNs: endNs ?? zeroNs,
    unitNs,
    rounded: fitting > 1n,
    relative: (ns) =>
      ns === undefined ? Number.NaN : fitting === 1n ? Number(ns - zeroNs) / unit : Number((ns - zeroNs) / unitNs),
  };
}

/** The greatest distance of any time from zero. Waits may lie outside of what the bars span. */
function longest(rows: readonly TimelineRow[], zeroNs: bigint, endNs: bigint): bigint {
  let most = endNs - zeroNs;
  for (const { bars } of rows) {
    for (const { waits } of bars) {
      for (const { fromNs, toNs = fromNs } of waits) {
        for (const ns of [fromNs, toNs]) {
          const distance = ns < zeroNs ? zeroNs - ns : ns - zeroNs;
          if (distance > most) most = distance;
        }
      }
    }
  }
  return most;
}

function commonUnit(rows: readonly TimelineRow[], zeroNs: bigint): bigint {
  let place = 0;
  let unit = Number(units[0] ?? 1n);
  const narrow = (ns: bigint | undefined): void => {
    if (ns === undefined) return;
    const value = Number(ns - zeroNs);
    while (value % unit !== 0) unit = Number(units[++place] ?? 1n);
  };
  for (const { bars } of rows) {
    for (const { readyNs, queuedNs, startNs, endNs, waits } of bars) {
      narrow(readyNs);
      narrow(queuedNs);
      narrow(startNs);
      narrow(endNs);
      for (const { fromNs, toNs } of waits) {
        narrow(fromNs);
        narrow(toNs);
      }
      if (unit === 1) return 1n;
    }
  }
  return BigInt(unit);
}
