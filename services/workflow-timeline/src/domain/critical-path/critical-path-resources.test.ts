import fc from 'fast-check';
import { attemptOf, type Given, rowsOf, second, spanTo } from '../../../test/given-attempts.ts';
import { criticalPath } from './critical-path.ts';
import { timelineRows } from '../timeline.ts';

/** `step kind from-to`, and what released it. */
function pathOf(given: readonly Given[], to: number): string[] {
  const rows = rowsOf(given);
  const ids = new Map(rows.map(({ step }) => [step.stepKey, step.stepId]));
  return criticalPath(rows, spanTo(to)).map(({ of, kind, startNs, endNs, release }) => {
    const by = release === undefined ? '' : ` (${release.kind} ${ids.get(release.stepKey) ?? '?'})`;
    return `${of?.stepId ?? '-'} ${kind} ${Number(startNs) / 1e9}-${Number(endNs) / 1e9}${by}`;
  });
}

test('a step that waited for a worker goes back to the one that left it, not over its own waiting', () => {
  expect(
    pathOf(
      [
        { id: 'plan', start: 0, end: 2 },
        { id: 'a', queued: 2, start: 2, end: 12, after: ['plan'], on: 'web/w-1' },
        { id: 'b', queued: 2, start: 12, end: 20, after: ['plan'], on: 'web/w-1' },
      ],
      20,
    ),
  ).toEqual(['plan run 0-2', 'a run 2-12 (dependency plan)', 'b run 12-20 (resource a)']);
});

test('one that leaves a pool is followed only if the pool was full until then', () => {
  const given = (twin: number): Given[] => [
    { id: 'plan', start: 0, end: 2 },
    { id: 'a', queued: 2, start: 2, end: 12, after: ['plan'], on: 'web' },
    { id: 'twin', queued: 2, start: 2, end: twin, after: ['plan'], on: 'web' },
    { id: 'b', queued: 2, start: 12, end: 20, after: ['plan'], on: 'web' },
  ];
  expect(pathOf(given(20), 20).at(-1)).toBe('b run 12-20 (resource a)');
  expect(pathOf(given(8), 20)).toEqual(['plan run 0-2', 'b queue 2-12 (dependency plan)', 'b run 12-20']);
});

test('a worker is taken over within a tenth of the wait, and that much stays queue', () => {
  const given = (start: number): Given[] => [
    { id: 'a', start: 0, end: 10, on: 'web/w-1' },
    { id: 'b', queued: 0, start, end: 20, on: 'web/w-1' },
  ];
  expect(pathOf(given(10.5), 20)).toEqual(['a run 0-10', 'b queue 10-10.5 (resource a)', 'b run 10.5-20']);
  expect(pathOf(given(15), 20)).toEqual(['b queue 0-15', 'b run 15-20']);
});

test('a dependency that ended later, or a told wait that lasted longer, beats the worker', () => {
  const given = (more: Partial<Given>): Given[] => [
    { id: 'a', start: 0, end: 10, on: 'web/w-1' },
    { id: 'dep', start: 0, end: 10 },
    { id: 'b', queued: 0, start: 10, end: 20, on: 'web/w-1', ...more },
  ];
  expect(pathOf(given({ after: ['dep'] }), 20)).toEqual(['dep run 0-10', 'b run 10-20 (dependency dep)']);
  expect(pathOf(given({ waits: [['rate_limit', 4, 10]] }), 20)).toEqual(['b queue 0-4', 'b rate_limit 4-10', 'b run 10-20']);
  expect(pathOf(given({ waits: [['rate_limit', 4, 9]] }), 20)).toEqual(['a run 0-10', 'b run 10-20 (resource a)']);
});

test('the path goes from branch to branch when they take turns on one worker', () => {
  const branch = (id: string, searches: readonly (readonly [queued: number, start: number, end: number])[]): Given[] => [
    { id, start: 0, end: (searches.at(-1)?.[2] ?? 0) + 1 },
    ...searches.map(([queued, start, end], i): Given => ({
      id: `${id}-search-${i}`,
      path: [id],
      queued,
      start,
      end,
      on: 'web/w-1',
      after: i === 0 ? [] : [`${id}-search-${i - 1}`],
    })),
  ];
  expect(
    pathOf(
      [
        ...branch('x', [
          [0, 0, 5],
          [6, 9, 14],
        ]),
        ...branch('y', [
          [0, 5, 9],
          [10, 14, 20],
        ]),
      ],
      21,
    ),
  ).toEqual([
    'x-search-0 run 0-5',
    'y-search-0 run 5-9 (resource x-search-0)',
    'x-search-1 run 9-14 (resource y-search-0)',
    'y-search-1 run 14-20 (resource x-search-1)',
    'y run 20-21',
  ]);
});

test('a step on its own worker’s next try goes back to its try, and nobody is followed twice', () => {
  expect(
    pathOf(
      [
        { id: 'a', start: 0, end: 10, on: 'web/w-1' },
        { id: 'a', attempt: 2, queued: 8, start: 10, end: 20, on: 'web/w-1' },
      ],
      20,
    ),
  ).toEqual(['a run 0-10', 'a run 10-20 (retry a)']);
});

const anySteps = fc.array(
  fc.record({
    id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'),
    path: fc.constantFrom([], ['a'], ['b'], ['a', 'b']),
    attempt: fc.integer({ min: 1, max: 2 }),
    queued: fc.option(fc.nat(30), { nil: undefined }),
    start: fc.option(fc.nat(40), { nil: undefined }),
    end: fc.option(fc.nat(40), { nil: undefined }),
    after: fc.subarray(['a', 'b', 'c'], { maxLength: 1 }),
    on: fc.constantFrom(undefined, 'p', 'p/1', 'p/1', 'p/2', '/3'),
  }),
  { maxLength: 12 },
);

test('C1, C2: with workers too the segments partition the span, and the order of the steps does not matter', () => {
  fc.assert(
    fc.property(anySteps, fc.nat(10), fc.integer({ min: 11, max: 50 }), (given, from, to) => {
      const unique = [...new Map(given.map((one) => [`${one.path.join('/')}/${one.id}/${one.attempt}`, one])).values()];
      const path = (some: typeof unique) => criticalPath(timelineRows(some.map(attemptOf)), spanTo(to, from));
      let at = BigInt(from) * second;
      for (const { startNs, endNs } of path(unique)) {
        expect(startNs).toBe(at);
        expect(endNs).toBeGreaterThan(startNs);
        at = endNs;
      }
      expect(at).toBe(BigInt(to) * second);
      expect(path(unique.toReversed())).toEqual(path(unique));
    }),
    { numRuns: 3000 },
  );
});

test('two branches of 20,000 steps that take turns on one worker are walked without sorting again at each turn', () => {
  const steps = ['x', 'y'].flatMap((id, branch): Given[] => [
    { id, start: 0, end: 40_000 },
    ...Array.from({ length: 20_000 }, (_, i): Given => {
      const start = 2 * i + branch;
      return { id: `${id}${i}`, path: [id], queued: Math.max(0, start - 2), start, end: start + 1, on: 'p/w' };
    }),
  ]);
  const path = pathOf(steps, 40_000);
  expect(path).toHaveLength(40_000);
  expect(path[2]).toBe('x1 run 2-3 (resource y0)');
});
