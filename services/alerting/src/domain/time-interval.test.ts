import { inPeriod, type Period, zoneOf } from './time-interval.ts';

const zone = (name: string) => zoneOf(name)!;
const hour = (from: number, to: number) => ({ from: from * 60, to: to * 60 });
const holds = (period: Partial<Period>, instant: string, name = 'UTC') =>
  inPeriod({ zone: zone(name), ...period }, Date.parse(instant));

test.each([
  ['09:00 is in', '2026-11-22T09:00:00Z', true],
  ['16:59:59 is in', '2026-11-22T16:59:59.999Z', true],
  ['17:00 is out', '2026-11-22T17:00:00Z', false],
  ['08:59 is out', '2026-11-22T08:59:59Z', false],
])('T1 of 09:00-17:00, %s', (_, instant, expected) => {
  expect(holds({ times: [hour(9, 17)] }, instant)).toBe(expected);
});

test('24:00 is the end of the day', () => {
  expect(holds({ times: [hour(22, 24)] }, '2026-11-22T23:59:59Z')).toBe(true);
});

test.each([
  [{ from: -1, to: -1 }, '2026-02-28T12:00:00Z', true],
  [{ from: -1, to: -1 }, '2024-02-28T12:00:00Z', false],
  [{ from: -3, to: -1 }, '2026-02-26T12:00:00Z', true],
  [{ from: -3, to: -1 }, '2026-02-25T12:00:00Z', false],
  [{ from: 30, to: 31 }, '2026-02-28T12:00:00Z', false],
  [{ from: 25, to: 31 }, '2026-02-28T12:00:00Z', true],
  [{ from: -31, to: -28 }, '2026-02-01T12:00:00Z', true],
  [{ from: 2, to: -2 }, '2026-02-27T12:00:00Z', true],
  [{ from: 2, to: -2 }, '2026-02-28T12:00:00Z', false],
])('T2 days %j at %s: %s', (range, instant, expected) => {
  expect(holds({ daysOfMonth: [range] }, instant)).toBe(expected);
});

test.each([
  [
    'New Year in Auckland',
    { months: [{ from: 1, to: 1 }], daysOfMonth: [{ from: 1, to: 1 }] },
    '2026-12-31T11:30:00Z',
    'Pacific/Auckland',
    true,
  ],
  [
    'a Sunday in Berlin that is Saturday in UTC',
    { weekdays: [{ from: 0, to: 0 }] },
    '2026-11-21T23:30:00Z',
    'Europe/Berlin',
    true,
  ],
  ['a year', { years: [{ from: 2025, to: 2026 }] }, '2027-01-01T00:00:00Z', 'UTC', false],
  ['midnight', { times: [hour(0, 1)] }, '2026-11-22T05:00:00Z', 'America/New_York', true],
  ['a half-hour zone', { times: [hour(12, 13)] }, '2026-11-22T06:30:00Z', 'Asia/Kolkata', true],
])('%s', (_, period, instant, name, expected) => {
  expect(holds(period, instant, name)).toBe(expected);
});

/** Minutes of a day in UTC in which 02:00-03:00 of Berlin holds. */
const minutesOfTwo = (day: string) => {
  const start = Date.parse(`${day}T00:00:00Z`) - 3 * 3_600_000;
  const period: Period = { zone: zone('Europe/Berlin'), times: [hour(2, 3)] };
  return Array.from({ length: 8 * 60 }, (_, minute) => start + minute * 60_000).filter((ms) => inPeriod(period, ms)).length;
};

test('T3 the hour that clocks skip in spring never holds, the one they repeat in autumn holds twice', () => {
  expect(['2026-03-28', '2026-03-29', '2026-10-24', '2026-10-25'].map(minutesOfTwo)).toEqual([60, 0, 60, 120]);
});

test('08:00 in Berlin is another instant in summer and in winter', () => {
  const period = { times: [{ from: 480, to: 481 }] };
  expect(holds(period, '2026-07-01T06:00:00Z', 'Europe/Berlin')).toBe(true);
  expect(holds(period, '2026-12-01T07:00:00Z', 'Europe/Berlin')).toBe(true);
  expect(holds(period, '2026-12-01T06:00:00Z', 'Europe/Berlin')).toBe(false);
});

test('an unknown zone is none', () => {
  expect(zoneOf('Europe/Atlantis')).toBeUndefined();
  expect(zoneOf('Local')?.name).toBe('Local');
});
