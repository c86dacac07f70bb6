/** How many there were at a moment, ms since the epoch. */
export interface CountAt {
  readonly atMs: number;
  readonly count: number;
}

export interface Lag {
  /** From the broker has it to it can be asked for, ms. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Records behind, on average in the second and in the last fifth of the time records came in. */
  readonly early: number;
  readonly late: number;
  readonly flat: boolean;
}

/** Compares two growing counts: how far, and how long, the second is behind the first. Counts are taken as first in, first out. */
export function lagOf(first: readonly CountAt[], second: readonly CountAt[]): Lag {
  const [begin, end] = [first[0]?.atMs ?? 0, first.at(-1)?.atMs ?? 0];
  const behind = second
    .filter(({ atMs }) => atMs >= begin && atMs <= end)
    .map(({ atMs, count }) => ({ atMs, records: countAt(first, atMs) - count }));
  const during = (from: number, to: number): number => {
    const some = behind.filter(({ atMs }) => atMs >= begin + (end - begin) * from && atMs < begin + (end - begin) * to);
    return some.reduce((sum, { records }) => sum + records, 0) / Math.max(1, some.length);
  };
  const total = second.at(-1)?.count ?? 0;
  const waits = Array.from({ length: 1000 }, (_, i) => {
    const count = ((i + 0.5) / 1000) * total;
    return timeOf(second, count) - timeOf(first, count);
  }).sort((a, b) => a - b);
  const [early, late] = [during(0.2, 0.4), during(0.8, 1)];
  const perSecond = (total / Math.max(1, end - begin)) * 1000;
  return { p50Ms: waits[499] ?? 0, p99Ms: waits[989] ?? 0, early, late, flat: late < early + perSecond };
}

function countAt(counts: readonly CountAt[], atMs: number): number {
  return counts.findLast((one) => one.atMs <= atMs)?.count ?? 0;
}

/** When a count was reached, straight between the samples. */
function timeOf(counts: readonly CountAt[], count: number): number {
  const i = counts.findIndex((one) => one.count >= count);
  const [before, after] = [counts[i - 1], counts[i]];
  if (after === undefined) return Infinity;
  if (before === undefined || after.count === before.count) return after.atMs;
  return before.atMs + ((after.atMs - before.atMs) * (count - before.count)) / (after.count - before.count);
}
