import { formatDuration, formatRunning } from './duration.ts';

test.each([
  [0, '0 s'],
  [850, '850 ns'],
  [12_400, '12.4 µs'],
  [1_000_000, '1 ms'],
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

test('a running length shows whole seconds and never less than none', () => {
  expect(formatRunning(3_984e6)).toBe('3 s');
  expect(formatRunning(-5)).toBe('0 s');
});
