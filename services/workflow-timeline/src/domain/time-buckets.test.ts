import fc from 'fast-check';
import { timeBuckets } from './time-buckets.ts';

const s = 1_000_000_000n;
const t0 = 1_772_366_400n * s; // 2026-03-01T12:00:00Z

test.each([
  ['an hour', 3_600n * s, 30n * s, 120],
  ['a day', 86_400n * s, 900n * s, 96],
  ['a week', 604_800n * s, 7_200n * s, 84],
  ['one nanosecond', 1n, 1_000_000n, 1],
])('%s is cut into round lengths', (_name, length, lengthNs, count) => {
  expect(timeBuckets(t0, t0 + length, 120)).toEqual({ fromNs: t0, lengthNs, count });
});

test('T1, T2: at most so many, aligned, covering the range', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: 0n, max: 7_258_118_399n * s }),
      fc.bigInt({ min: 1n, max: 7_258_118_400n * s }),
      fc.integer({ min: 3, max: 120 }),
      (fromNs, length, most) => {
        fc.pre(fromNs + length <= 7_258_118_400n * s);
        const buckets = timeBuckets(fromNs, fromNs + length, most);
        expect(buckets.count).toBeGreaterThanOrEqual(1);
        expect(buckets.count).toBeLessThanOrEqual(most);
        expect(buckets.fromNs % buckets.lengthNs).toBe(0n);
        expect(buckets.fromNs <= fromNs).toBe(true);
        expect(buckets.fromNs + buckets.lengthNs * BigInt(buckets.count) >= fromNs + length).toBe(true);
      },
    ),
  );
});
