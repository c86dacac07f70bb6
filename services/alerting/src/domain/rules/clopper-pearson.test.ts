import { upperBound } from './clopper-pearson.ts';

/** Found by the binomial sum in exact arithmetic; those of 0 by the formula. */
test.each([
  [0, 1, 0.95],
  [0, 10, 0.2588656],
  [0, 59, 0.04950774],
  [0, 299, 0.009968995],
  [1, 10, 0.3941633],
  [2, 20, 0.2826185],
  [5, 50, 0.198833],
  [10, 10, 1],
])('after %i false ones of %i the rate is at most %f', (found, looked, expected) => {
  expect(upperBound(found, looked)).toBeCloseTo(expected, 4);
});

test('none of n is 1 - 0.05^(1/n), and nothing looked at bounds nothing', () => {
  for (const looked of [3, 30, 3_000]) expect(upperBound(0, looked)).toBeCloseTo(1 - 0.05 ** (1 / looked), 12);
  expect(upperBound(0, 0)).toBe(1);
});

test('more looks at the same rate bound it closer, and the bound is never below the rate', () => {
  const bounds = [10, 100, 1_000, 10_000].map((looked) => upperBound(looked / 10, looked));
  expect(bounds).toEqual(bounds.toSorted((a, b) => b - a));
  expect(bounds.at(-1)).toBeGreaterThan(0.1);
  expect(bounds.at(-1)).toBeLessThan(0.106);
});
