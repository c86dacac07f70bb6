import fc from 'fast-check';
import { civilFromDays, daysFromCivil, daysInMonth, formatInstant, parseInstant, weekdayOf } from './instant.ts';

const inRange = fc.integer({ min: 0, max: 7_258_118_400_000 });

test('I1 every ms from 1970 to 2200 reads back as it was written, and as Date says it', () => {
  fc.assert(
    fc.property(inRange, (ms) => {
      expect(parseInstant(formatInstant(ms))).toBe(ms);
      expect(formatInstant(ms)).toBe(new Date(ms).toISOString());
    }),
  );
});

test.each([
  ['2026-11-22T13:05:00Z', Date.UTC(2026, 10, 22, 13, 5)],
  ['2026-11-22T13:05:00.123456789Z', Date.UTC(2026, 10, 22, 13, 5, 0, 123)],
  ['2026-11-22T13:05:00+05:30', Date.UTC(2026, 10, 22, 7, 35)],
  ['2026-11-22t13:05:00-01:00', Date.UTC(2026, 10, 22, 14, 5)],
  ['0001-01-01T00:00:00.000Z', 'absent'],
  ['0001-01-01T00:00:00Z', 'absent'],
  ['', 'absent'],
  ['2026-02-29T00:00:00Z', undefined],
  ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
  ['2026-13-01T00:00:00Z', undefined],
  ['2026-01-01T24:00:00Z', undefined],
  ['2026-01-01T00:00:00', undefined],
  ['2026-01-01', undefined],
  ['yesterday', undefined],
  ['0000-06-01T00:00:00Z', undefined],
  ['9999-12-31T23:59:59.999Z', Date.UTC(9999, 11, 31, 23, 59, 59, 999)],
  ['9999-12-31T23:59:59-00:01', undefined],
])('I2 I3 I4 %s', (text, instant) => {
  expect(parseInstant(text)).toBe(instant);
});

test('the calendar is the one Date has, weekdays too', () => {
  fc.assert(
    fc.property(inRange, (ms) => {
      const date = new Date(ms);
      const days = Math.floor(ms / 86_400_000);
      const civil = civilFromDays(days);
      expect(civil).toEqual({ year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() });
      expect(daysFromCivil(civil)).toBe(days);
      expect(weekdayOf(days)).toBe(date.getUTCDay());
    }),
  );
  expect([daysInMonth(2024, 2), daysInMonth(2026, 2), daysInMonth(2026, 12), daysInMonth(1900, 2)]).toEqual([29, 28, 31, 28]);
});
