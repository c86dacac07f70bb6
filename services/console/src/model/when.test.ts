import { formatAgo, timeText } from './when.ts';

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

test('an instant is told to the nanosecond', () => {
  expect(timeText(1_772_323_543_827_236_054n)).toBe('2026-03-01T00:05:43.827236054Z');
  expect(timeText(1_772_323_543_000_000_001n)).toBe('2026-03-01T00:05:43.000000001Z');
});
