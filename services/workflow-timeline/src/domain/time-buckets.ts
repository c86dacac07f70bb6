const msNs = 1_000_000n;
const secondNs = 1_000n * msNs;
const dayNs = 86_400n * secondNs;
const roundNs: readonly bigint[] = [
  ...[1n, 2n, 5n, 10n, 20n, 50n, 100n, 200n, 500n].map((n) => n * msNs),
  ...[1n, 2n, 5n, 10n, 15n, 30n].map((n) => n * secondNs),
  ...[1n, 2n, 5n, 10n, 15n, 30n].map((n) => n * 60n * secondNs),
  ...[1n, 2n, 3n, 6n, 12n].map((n) => n * 3600n * secondNs),
  ...[1n, 2n, 7n, 14n, 28n, 91n, 182n, 365n].map((n) => n * dayNs),
];

/** Stretches of time of one round length, side by side. */
export interface TimeBuckets {
  /** Where the first begins: a whole number of lengths after the epoch. */
  readonly fromNs: bigint;
  readonly lengthNs: bigint;
  readonly count: number;
}

/**
 * The shortest round buckets of which at most `most` cover `fromNs` ≤ t < `toNs`, aligned in UTC.
 *
 *   T1  1 ≤ count ≤ most, and every instant of the range lies in one
 *   T2  the length is round: 1, 2, 5, 10, 15, 30 of a unit of clocks, or days
 *
 * @param toNs  after `fromNs`; at most 230 years, which 365 days cut into fewer than 365
 * @param most  at least 3
 */
export function timeBuckets(fromNs: bigint, toNs: bigint, most: number): TimeBuckets {
  for (const lengthNs of [...roundNs, 3650n * dayNs, 36_500n * dayNs]) {
    const first = fromNs / lengthNs;
    const count = Number((toNs - 1n) / lengthNs - first) + 1;
    if (count <= most) return { fromNs: first * lengthNs, lengthNs, count };
  }
  throw new RangeError(`no round length cuts ${toNs - fromNs} ns into ${most}`);
}
