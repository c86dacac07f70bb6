import fc from 'fast-check';
import { formatDuration, formatRunning, roundDuration } from './index.ts';

test.each([
  [0, '0 s'],
  [0.4, '1 ns'],
  [1, '1 ns'],
  [850, '850 ns'],
  [999.6, '1 µs'],
  [12_400, '12.4 µs'],
  [1_000_000, '1 ms'],
  [12_400_000, '12.4 ms'],
  [123_456_789, '123 ms'],
  [999_600_000, '1 s'],
  [3_084_000_000, '3.08 s'],
  [45_250e6, '45.3 s'],
  [59_400e6, '59.4 s'],
  [59_996e6, '1 m'],
  [60e9, '1 m'],
  [252e9, '4 m 12 s'],
  [3_599.8e9, '1 h'],
  [7_500e9, '2 h 5 m'],
  [86_400e9 * 3 + 3_600e9 * 4, '3 d 4 h'],
  [-1_500e6, '−1.5 s'],
])('%d ns read as %s', (ns, text) => {
  expect(formatDuration(ns)).toBe(text);
});

test('of two lengths the longer never reads as the shorter', () => {
  const scale: Readonly<Record<string, number>> = { ns: 1, µs: 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3_600e9, d: 86_400e9 };
  const read = (text: string): number =>
    [...text.matchAll(/([\d.]+) (\S+)/g)].reduce(
      (sum, [, value = '', unit = '']) => sum + Number(value) * (scale[unit] ?? NaN),
      0,
    );
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1e17, noNaN: true }), fc.double({ min: 0, max: 1e17, noNaN: true }), (one, other) => {
      expect(read(formatDuration(Math.min(one, other)))).toBeLessThanOrEqual(read(formatDuration(Math.max(one, other))));
    }),
  );
});

test('a running length shows whole seconds and never less than none', () => {
  expect(formatRunning(3_984e6)).toBe('3 s');
  expect(formatRunning(-5)).toBe('0 s');
});

test.each([
  [0, '1 ns'],
  [18e6, '20 ms'],
  [20e6, '20 ms'],
  [11 * 60e9, '15 m'],
  [4 * 3_600e9, '6 h'],
  [3 * 86_400e9, '7 d'],
  [100 * 86_400e9, '365 d'],
  [366 * 86_400e9, '730 d'],
])('the round length from %d ns on is %s', (ns, text) => {
  expect(formatDuration(roundDuration(ns))).toBe(text);
});
