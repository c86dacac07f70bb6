import { growingEnd, ticks } from './axis.ts';

const labels = (fromNs: number, toNs: number, most = 8): string[] => ticks({ fromNs, toNs }, 0, most).map(({ label }) => label);

test('ticks stand at round lengths of time', () => {
  expect(labels(0, 12e9)).toEqual(['0', '2 s', '4 s', '6 s', '8 s', '10 s', '12 s']);
  expect(labels(0, 400e6)).toEqual(['0', '100 ms', '200 ms', '300 ms', '400 ms']);
  expect(labels(0, 252e9)).toEqual(['0', '1 m', '2 m', '3 m', '4 m']);
  expect(labels(0, 90_000e9)).toEqual(['0', '6 h', '12 h', '18 h', '1 d']);
});

test.each([1, 750, 1e6, 3.3e9, 61e9, 7_777e9, 1e15, 5e18])('an axis of %d ns has 1 to 8 ticks, all on it', (toNs) => {
  const marks = ticks({ fromNs: 0, toNs }, 0, 8);
  expect(marks.length).toBeGreaterThan(0);
  expect(marks.length).toBeLessThanOrEqual(8);
  for (const { atNs } of marks) expect(atNs).toBeLessThanOrEqual(toNs);
});

test('ticks count from the zero of the axis, not from where the window begins', () => {
  expect(ticks({ fromNs: 1_500e6, toNs: 4_600e6 }, 500e6, 5).map(({ atNs, label }) => [atNs, label])).toEqual([
    [1_500e6, '1 s'],
    [2_500e6, '2 s'],
    [3_500e6, '3 s'],
    [4_500e6, '4 s'],
  ]);
});

test('a growing axis stands still for a while, then makes room', () => {
  const ends = [1, 2, 3, 30, 31, 32, 33].map((seconds) => growingEnd({ fromNs: 0, toNs: seconds * 1e9 }) / 1e9);
  ends.forEach((end, at) => {
    expect(end).toBeGreaterThan(([1, 2, 3, 30, 31, 32, 33][at] ?? 0) + 1);
    expect(end).toBeGreaterThanOrEqual(ends[at - 1] ?? 0);
  });
  expect(new Set(ends).size).toBeLessThan(ends.length);
});
