import fc from 'fast-check';
import { formatPrometheusDuration, parsePrometheusDuration } from './prometheus-duration.ts';

test.each([
  ['30s', 30_000],
  ['1h30m', 5_400_000],
  ['2w', 1_209_600_000],
  ['1y', 31_536_000_000],
  ['1d500ms', 86_400_500],
  ['0', 0],
  ['0s', 0],
  ['30', undefined],
  ['', undefined],
  ['-5m', undefined],
  ['1.5h', undefined],
  ['5m1h', undefined],
  ['5 m', undefined],
  ['5M', undefined],
  ['293y', undefined],
])('%s', (text, ms) => {
  expect(parsePrometheusDuration(text)).toBe(ms);
});

test.each([
  [0, '0s'],
  [5_400_000, '1h30m'],
  [1_209_600_000, '2w'],
  [10 * 86_400_000, '10d'],
  [1, '1ms'],
])('%d ms is written as %s', (ms, text) => {
  expect(formatPrometheusDuration(ms)).toBe(text);
});

test('D1 what is written reads back', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 9_223_372_036_854 }), (ms) => {
      expect(parsePrometheusDuration(formatPrometheusDuration(ms))).toBe(ms);
    }),
  );
});
