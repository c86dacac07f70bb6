import fc from 'fast-check';
import { type Bucket, dueOf, forecastOf, type RetentionRules, sizeByDay } from './retention.ts';

const dayMs = 86_400_000;
const today = 20_000;
const nowMs = today * dayMs + dayMs / 2;
const rules = (defaultDays: number, own: Record<string, number> = {}): RetentionRules => ({
  defaultDays,
  own: new Map(Object.entries(own)),
});
const bucket = (day: number, ...shares: [namespace: string, heardDaysAgo: number, facts?: number][]): Bucket => ({
  day,
  bytes: 1000,
  shares: shares.map(([namespace, ago, facts = 1]) => ({ namespace, executions: 1, facts, lastHeardMs: nowMs - ago * dayMs })),
});
const due = (buckets: Bucket[], given: RetentionRules) => {
  const { days, shares } = dueOf(buckets, given, nowMs);
  return { days: days.map(({ day }) => day), shares: shares.map(({ day, namespace }) => `${namespace}@${day}`) };
};

test('a day goes whole once all in it is older than it is kept', () => {
  const buckets = [bucket(today - 31, ['a', 31], ['b', 31]), bucket(today - 30, ['a', 30])];
  expect(due(buckets, rules(30))).toEqual({ days: [today - 31], shares: [] });
});

test('where one namespace keeps longer than another, only the rows of the other go', () => {
  expect(due([bucket(today - 31, ['a', 31], ['audit', 31])], rules(30, { audit: 365 }))).toEqual({
    days: [],
    shares: [`a@${today - 31}`],
  });
});

test('an execution that still tells something is kept, however long ago it began', () => {
  expect(due([bucket(today - 90, ['a', 0])], rules(30)).days).toEqual([]);
});

test('kept for ever means for ever, and a day of which nothing is left goes', () => {
  expect(due([bucket(1, ['a', 19_999]), bucket(2)], rules(0))).toEqual({ days: [2], shares: [] });
});

test('R1, R2: nothing goes before its days are over, and never today', () => {
  const share = fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 0, max: 60 }));
  const days = fc.array(fc.tuple(fc.integer({ min: 0, max: 60 }), fc.array(share, { maxLength: 3 })), { maxLength: 10 });
  fc.assert(
    fc.property(days, fc.integer({ min: 1, max: 50 }), fc.integer({ min: 0, max: 50 }), (given, keepDefault, keepA) => {
      const buckets = given.map(([ago, shares]) => bucket(today - ago, ...shares));
      const { days: whole, shares } = dueOf(buckets, rules(keepDefault, { a: keepA }), nowMs);
      for (const { day, namespace, heardBeforeMs } of [...whole.flatMap((one) => one.shares), ...shares]) {
        const keep = namespace === 'a' ? keepA : keepDefault;
        expect(keep).toBeGreaterThan(0);
        expect(today - day).toBeGreaterThan(keep);
        expect(heardBeforeMs).toBe(nowMs - keep * dayMs);
      }
      expect(whole.every(({ day }) => day < today)).toBe(true);
    }),
  );
});

test('a day that several share is split by their facts', () => {
  expect(sizeByDay([bucket(today, ['a', 0, 3], ['b', 0, 1])], 'a')).toEqual(new Map([[today, 750]]));
});

test.each([
  ['nothing kept', new Map<number, number>(), 30, { bytesPerDay: 0, measuredDays: 1, bytes: 0 }],
  ['the first day', new Map([[today, 500]]), 30, { bytesPerDay: 500, measuredDays: 1, bytes: 15_500 }],
  [
    'days without anything count',
    new Map([
      [today - 3, 900],
      [today, 5],
    ]),
    9,
    { bytesPerDay: 300, measuredDays: 3, bytes: 3000 },
  ],
  ['what is older than a week does not', new Map([[today - 30, 10_000]]), 9, { bytesPerDay: 0, measuredDays: 7, bytes: 0 }],
  ['for ever has no end', new Map([[today - 1, 10]]), 0, { bytesPerDay: 10, measuredDays: 1, bytes: undefined }],
])('a forecast goes by the last seven full days: %s', (_, bytesByDay, days, expected) => {
  expect(forecastOf(bytesByDay, days, nowMs)).toEqual({ days, ...expected });
});
