import fc from 'fast-check';
import { attemptOf, type Given, rowsOf, second, spanTo } from '../../../test/given-attempts.ts';
import { behindOf } from './blame.ts';
import { poolUses } from './pool-use.ts';
import { timelineRows } from '../timeline.ts';
import { findWaits } from './waits.ts';

/** `step#try kind from-to: cause seconds [behind seconds …]` */
function told(given: readonly Given[], to: number, from = 0): string[] {
  const span = spanTo(to, from);
  return findWaits(rowsOf(given), span).steps.flatMap(({ row, pieces }) =>
    pieces.flatMap((piece) =>
      piece.causes.map((cause) => {
        const { steps, count } = behindOf(piece, cause, span);
        const behind = steps.map(({ row: other, ns }) => ` ${other.step.stepId} ${Number(ns) / 1e9}`).join(',');
        const tries = piece.try.bar.attempt === 1 ? '' : `#${piece.try.bar.attempt}`;
        const times = `${(piece.fromNs - span.startNs) / second}-${(piece.toNs - span.startNs) / second}`;
        const more = count > steps.length ? ` of ${count}` : '';
        return `${row.step.stepId}${tries} ${piece.kind} ${times}: ${cause.cause} ${Number(cause.ns) / 1e9}${behind}${more}`;
      }),
    ),
  );
}

test('a step queued behind others of its pool waited for them, each with the time it covers', () => {
  const given: readonly Given[] = [
    { id: 'a', queued: 0, start: 0, end: 10, on: 'browser/w-1' },
    { id: 'b', queued: 0, start: 0, end: 14, on: 'browser/w-2' },
    { id: 'c', queued: 4, start: 10, end: 20, on: 'browser/w-1' },
  ];
  expect(told(given, 20)).toEqual(['c queue 4-10: contention 6 a 6']);
  const without = given.map((one) => ({ ...one, on: 'browser' }));
  expect(told(without, 20)).toEqual(['c queue 4-10: contention 6 a 6, b 6']);
});

test('a step that was overtaken by one queued later says by whom and for how long', () => {
  expect(
    told(
      [
        { id: 'a', queued: 0, start: 0, end: 5, on: 'gpu' },
        { id: 'late', queued: 3, start: 5, end: 12, on: 'gpu' },
        { id: 'b', queued: 1, start: 12, end: 13, on: 'gpu' },
      ],
      13,
    ),
  ).toEqual(['b queue 1-12: contention 4 a 4', 'b queue 1-12: prioritisation 7 late 7', 'late queue 3-5: contention 2 a 2']);
});

test('one queued later at the very same instant, or at an unknown one, overtakes nobody', () => {
  expect(
    told(
      [
        { id: 'a', start: 0, end: 5, on: 'gpu' },
        { id: 'b', queued: 0, start: 5, end: 9, on: 'gpu' },
        { id: 'c', queued: 0, start: 9, end: 10, on: 'gpu' },
      ],
      10,
    ),
  ).toEqual(['c queue 0-9: contention 9 a 5, b 4', 'b queue 0-5: contention 5 a 5']);
});

test('while nobody is on the pool it is unavailable; while it is not full something else held the step back', () => {
  expect(
    told(
      [
        { id: 'a', queued: 0, start: 6, end: 10, on: 'gpu' },
        { id: 'b', start: 10, end: 20, on: 'gpu' },
        { id: 'twin', start: 10, end: 12, on: 'gpu' },
        { id: 'c', queued: 11, start: 15, end: 16, on: 'gpu' },
      ],
      20,
    ),
  ).toEqual(['a queue 0-6: unavailability 6', 'c queue 11-15: contention 1 b 4, twin 1', 'c queue 11-15: extraneous 3']);
});

test('steps that begin together once the last of them was queued waited to be a batch', () => {
  expect(
    told(
      [
        { id: 'a', queued: 0, start: 9, end: 10, on: 'bulk' },
        { id: 'b', queued: 4, start: 9, end: 10, on: 'bulk' },
        { id: 'c', queued: 7, start: 9, end: 10, on: 'bulk' },
      ],
      10,
    ),
  ).toEqual([
    'a queue 0-9: batching 7 c 7, b 4',
    'a queue 0-9: unavailability 2',
    'b queue 4-9: batching 3 c 3',
    'b queue 4-9: unavailability 2',
    'c queue 7-9: unavailability 2',
  ]);
});

test('before its last dependency ended a step waited for that one, whatever queue it stood in', () => {
  expect(
    told(
      [
        { id: 'a', start: 0, end: 10 },
        { id: 'b', start: 0, end: 8 },
        { id: 'c', queued: 3, start: 15, end: 20, after: ['a', 'b'], on: 'gpu' },
      ],
      20,
    ),
  ).toEqual(['c queue 3-10: dependency 7 a 7', 'c queue 10-15: unavailability 5']);
});

test('one that is queued long before its dependency ends is overtaken by nobody until then', () => {
  expect(
    told(
      [
        { id: 'plan', start: 0, end: 5 },
        { id: 'a', queued: 4, start: 4, end: 10, on: 'gpu' },
        { id: 'b', queued: 0, start: 10, end: 11, after: ['plan'], on: 'gpu' },
      ],
      11,
    ),
  ).toEqual(['b queue 0-5: dependency 5 plan 5', 'b queue 5-10: contention 5 a 5']);
});

test('released but not ready is orchestration, told waits keep their kind, tries wait for each other', () => {
  expect(
    told(
      [
        { id: 'a', start: 0, end: 10 },
        {
          id: 'b',
          ready: 12,
          queued: 13,
          start: 20,
          end: 25,
          after: ['a'],
          waits: [
            ['rate_limit', 14, 18],
            ['approval', 21, 23],
          ],
        },
        { id: 'b', attempt: 2, start: 30, end: 31, after: ['a'] },
      ],
      31,
    ),
  ).toEqual([
    'b orchestration 10-13: orchestration 3',
    'b queue 13-14: unknown 1',
    'b rate_limit 14-18: told 4',
    'b queue 18-20: unknown 2',
    'b approval 21-23: told 2',
    'b#2 retry_backoff 25-30: retry 5',
  ]);
});

test('a step that still waits is behind those on its pool now', () => {
  expect(
    told(
      [
        { id: 'a', start: 0, on: 'gpu' },
        { id: 'b', queued: 5, on: 'gpu' },
      ],
      60,
    ),
  ).toEqual(['b queue 5-60: contention 55 a 55']);
});

test('a worker that is full made its step wait, even where the pool grew later', () => {
  expect(
    told(
      [
        { id: 'a', start: 0, end: 10, on: 'web/w-1' },
        { id: 'b', queued: 2, start: 10, end: 12, on: 'web/w-1' },
        { id: 'c', start: 20, end: 30, on: 'web/w-1' },
        { id: 'd', start: 20, end: 30, on: 'web/w-2' },
      ],
      30,
    ),
  ).toEqual(['b queue 2-10: contention 8 a 8']);
});

test('of many it waited behind, five are named and all are counted', () => {
  const before = Array.from({ length: 9 }, (_, i): Given => ({ id: `s${i}`, queued: 0, start: i, end: i + 1, on: 'gpu' }));
  const [last] = told([...before, { id: 'z', queued: 0, start: 9, end: 10, on: 'gpu' }], 10);
  expect(last).toBe('z queue 0-9: contention 9 s0 1, s1 1, s2 1, s3 1, s4 1 of 9');
});

test('a pool tells its use, who kept whom waiting, and whether Little’s law holds', () => {
  const given: readonly Given[] = [
    { id: 'a', name: 'scrape', queued: 0, start: 0, end: 10, on: 'web' },
    { id: 'b', name: 'scrape', queued: 0, start: 10, end: 20, on: 'web' },
    { id: 'c', name: 'shot', queued: 5, start: 20, end: 25, on: 'web' },
  ];
  const use = (of: readonly Given[]) => poolUses(findWaits(rowsOf(of), spanTo(25)), spanTo(25));
  expect(use(given)).toEqual([
    {
      pool: 'web',
      worker: '',
      tries: 3,
      queueNs: 25n * second,
      busyNs: 25n * second,
      capacity: 1,
      utilisation: 1,
      law: { counted: 1, computed: 1, told: 1, holds: true },
      by: 'name',
      blame: [
        { waiting: 'shot', on: 'scrape', ns: 15n * second },
        { waiting: 'scrape', on: 'scrape', ns: 10n * second },
      ],
    },
  ]);
  const untold = given.map((one) => (one.id === 'a' ? { ...one, queued: undefined } : one));
  expect(use(untold)[0]?.law).toEqual({ counted: 1, computed: 1.5, told: 2 / 3, holds: false });
});

const anySteps = fc.array(
  fc.record({
    id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'),
    path: fc.constantFrom([], ['a']),
    attempt: fc.integer({ min: 1, max: 2 }),
    ready: fc.option(fc.nat(40), { nil: undefined }),
    queued: fc.option(fc.nat(40), { nil: undefined }),
    start: fc.option(fc.nat(60), { nil: undefined }),
    end: fc.option(fc.nat(60), { nil: undefined }),
    after: fc.subarray(['a', 'b', 'c', 'd']),
    waits: fc.array(fc.tuple(fc.constantFrom('timer', 'rate_limit', 'queue', 'odd'), fc.nat(60), fc.nat(60)), { maxLength: 2 }),
    on: fc.constantFrom(undefined, 'p', 'p/1', 'p/2', 'q', '/3'),
  }),
  { maxLength: 12 },
);

test('W1, W2: pieces and run sum to the step’s time, causes to their piece, to the nanosecond, whatever the clocks say', () => {
  fc.assert(
    fc.property(anySteps, fc.nat(20), fc.integer({ min: 21, max: 80 }), (given, from, to) => {
      const unique = [...new Map(given.map((one) => [`${one.path.join('/')}/${one.id}/${one.attempt}`, one])).values()];
      const span = spanTo(to, from);
      const waits = findWaits(timelineRows(unique.map(attemptOf)), span);
      let all = 0n;
      for (const { row, fromNs, endNs, ranNs, waitedNs, pieces } of waits.steps) {
        expect(ranNs >= 0n && fromNs >= span.startNs && endNs <= span.endNs).toBe(true);
        expect(ranNs + pieces.reduce((sum, piece) => sum + piece.toNs - piece.fromNs, 0n)).toBe(endNs - fromNs);
        let at = fromNs;
        for (const piece of pieces) {
          expect(piece.fromNs >= at && piece.toNs > piece.fromNs && piece.toNs <= endNs).toBe(true);
          at = piece.toNs;
          expect(piece.causes.reduce((sum, { ns }) => sum + ns, 0n)).toBe(piece.toNs - piece.fromNs);
          for (const cause of piece.causes) {
            expect(cause.ns > 0n).toBe(true);
            for (const { ns } of behindOf(piece, cause, span).steps)
              expect(ns > 0n && ns <= piece.toNs - piece.fromNs).toBe(true);
          }
        }
        expect(row.bars.length).toBeGreaterThan(0);
        all += waitedNs;
      }
      expect(waits.waitedNs).toBe(all);
      expect([...waits.nsByCause.values()].reduce((sum, ns) => sum + ns, 0n)).toBe(all);
      expect([...waits.nsByKind.values()].reduce((sum, ns) => sum + ns, 0n)).toBe(all);
      for (const { utilisation, queueNs } of poolUses(waits, span)) {
        expect(utilisation >= 0 && utilisation <= 1 && queueNs >= 0n).toBe(true);
      }
    }),
    { numRuns: 2000 },
  );
});

test('contention and prioritisation are what looking at every second one by one gives', () => {
  const steps = fc.array(fc.record({ queued: fc.nat(20), waited: fc.nat(20), took: fc.integer({ min: 1, max: 9 }) }), {
    maxLength: 14,
  });
  fc.assert(
    fc.property(steps, (made) => {
      const given = made.map(({ queued, waited, took }, i) => ({
        id: `s${i}`,
        queued,
        start: queued + waited,
        end: queued + waited + took,
        on: 'p',
      }));
      const at = (t: number) => given.filter(({ start, end }) => start <= t && t < end);
      const seconds = Array.from({ length: 60 }, (_, t) => t);
      const size = Math.max(1, ...seconds.map((t) => at(t).length));
      const expected = new Map(
        given.map(({ id, queued, start }) => {
          const full = seconds.filter((t) => t >= queued && t < start && at(t).length === size);
          const overtaken = full.filter((t) => at(t).some((other) => other.queued > queued)).length;
          return [id, [full.length - overtaken, overtaken]];
        }),
      );
      for (const { row, pieces } of findWaits(rowsOf(given), spanTo(60)).steps) {
        const of = (wanted: string) =>
          pieces
            .flatMap(({ causes }) => causes)
            .reduce((sum, { cause, ns }) => (cause === wanted ? sum + Number(ns) / 1e9 : sum), 0);
        expect([row.step.stepId, of('contention'), of('prioritisation')]).toEqual([
          row.step.stepId,
          ...expected.get(row.step.stepId)!,
        ]);
      }
    }),
    { numRuns: 500 },
  );
});

test('where each of 40,000 steps waits behind thousands, every second is told and the law holds', () => {
  const count = 40_000;
  const rows = rowsOf(
    Array.from({ length: count }, (_, i): Given => ({ id: `s${i}`, queued: 0, start: i, end: i + 1, on: 'p' })),
  );
  const waits = findWaits(rows, spanTo(count));
  expect(waits.steps).toHaveLength(count - 1);
  expect(poolUses(waits, spanTo(count))[0]?.law.holds).toBe(true);
});
