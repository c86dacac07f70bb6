const year = 365 * 86_400e9;
const lengths = [
  ...[1, 1e3, 1e6].flatMap((scale) => [1, 2, 5, 10, 20, 50, 100, 200, 500].map((each) => each * scale)),
  ...[1, 2, 5, 10, 15, 30].map((each) => each * 1e9),
  ...[1, 2, 5, 10, 15, 30].map((each) => each * 60e9),
  ...[1, 2, 3, 6, 12].map((each) => each * 3_600e9),
  ...[1, 2, 7, 14, 30, 90].map((each) => each * 86_400e9),
];

/** The shortest length that people call round and is no shorter than `leastNs`: 20 ms, 15 min, 6 h, 7 d; beyond 90 days whole years of 365. */
export function roundDuration(leastNs: number): number {
  return lengths.find((each) => each >= leastNs) ?? Math.ceil(leastNs / year) * year;
}
