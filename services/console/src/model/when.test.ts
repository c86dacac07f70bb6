import { formatAgo } from './when.ts';

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
