import { formatAgo, formatBucket, timeText } from './when.ts';

const now = Date.UTC(2026, 10, 22, 12);

test.each([
  [0, 'just now'],
  [42e3, '42 s ago'],
  [185e3, '3 min ago'],
  [2.9 * 3_600e3, '2 h ago'],
  [3 * 86_400e3, '3 d ago'],
  [40 * 86_400e3, '2026-10-13'],
  [-7_200e3, 'in 2 h'],
])('%d ms before now is %s', (agoMs, text) => {
  expect(formatAgo(now - agoMs, now)).toBe(text);
});

test('a bar of a histogram says its year unless it is of recent months, and no time of day where it is days long', () => {
  const before = Date.UTC(2020, 3, 2, 12);
  const [hour, day] = [3_600e3, 86_400e3];
  expect(formatBucket(before, 28 * day, now)).toMatch(/2020/);
  expect(formatBucket(before, 28 * day, now)).not.toMatch(/:/);
  expect(formatBucket(before, hour, now)).toMatch(/2020.*:/);
  expect(formatBucket(now - hour, hour, now)).toMatch(/:/);
  expect(formatBucket(now - hour, hour, now)).not.toMatch(/2026/);
});

test('an instant is told to the nanosecond', () => {
  expect(timeText(1_772_323_543_827_236_054n)).toBe('2026-03-01T00:05:43.827236054Z');
  expect(timeText(1_772_323_543_000_000_001n)).toBe('2026-03-01T00:05:43.000000001Z');
});
