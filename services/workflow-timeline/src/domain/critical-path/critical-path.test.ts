import fc from 'fast-check';
import type { Attempt } from '../attempt.ts';
import { criticalPath } from './critical-path.ts';
import type { Dependency, Wait } from '../fact.ts';
import { stepKeyOf } from '../step-key.ts';
import { timelineRows } from '../timeline.ts';

interface Given {
  id: string;
  path?: readonly string[];
  attempt?: number;
  ready?: number;
  queued?: number;
  start?: number;
  end?: number;
  after?: readonly string[];
  waits?: readonly (readonly [kind: string, from: number, to: number])[];
}

const ns = (n: number | undefined): bigint | undefined => (n === undefined ? undefined : BigInt(n));
const attemptOf = ({ id, path = [], attempt = 1, ready, queued, start, end, after = [], waits = [] }: Given): Attempt => ({
  step: { stepKey: stepKeyOf(path, id, 0), stepId: id, path, iteration: 0 },
  attempt,
  status: end === undefined ? 'running' : 'completed',
  name: '',
  kind: '',
  readyNs: ns(ready),
  queuedNs: ns(queued),
  startNs: ns(start),
  endNs: ns(end),
  waits: waits.map(([kind, from, to]): Wait => ({ kind, fromNs: BigInt(from), toNs: BigInt(to), reason: '' })),
  dependsOn: after.map((stepId): Dependency => ({ stepId, kind: 'data', path: undefined, iteration: undefined })),
  resource: undefined,
  usage: undefined,
  span: undefined,
  error: undefined,
});
const pathOf = (given: readonly Given[], from: number, to: number): string[] =>
  criticalPath(timelineRows(given.map(attemptOf)), { startNs: BigInt(from), endNs: BigInt(to) }).map(
    ({ of, kind, startNs, endNs }) =>
      `${of === undefined ? '-' : `${of.stepId}${of.attempt > 1 ? `#${of.attempt}` : ''}`} ${kind} ${startNs}-${endNs}`,
  );

test('a chain is walked from the last end to the first start', () => {
  const given = [
    { id: 'a', start: 0, end: 10 },
    { id: 'b', start: 10, end: 30, after: ['a'] },
    { id: 'short', start: 10, end: 12, after: ['a'] },
    { id: 'c', start: 30, end: 35, after: ['b', 'short'] },
  ];
  expect(pathOf(given, 0, 35)).toEqual(['a run 0-10', 'b run 10-30', 'c run 30-35']);
});

test('ready to queued is orchestration, queued to start is queue, and told waits have their own kind', () => {
  const given: Given[] = [
    { id: 'a', start: 0, end: 10 },
    {
      id: 'b',
      after: ['a'],
      ready: 12,
      queued: 15,
      start: 30,
      end: 40,
      waits: [['rate_limit', 18, 22]],
    },
  ];
  expect(pathOf(given, 0, 40)).toEqual([
    'a run 0-10',
    'b orchestration 10-15',
    'b queue 15-18',
    'b rate_limit 18-22',
    'b queue 22-30',
    'b run 30-40',
  ]);
});

test('a retry goes back over its backoff to the try before', () => {
  const given = [
    { id: 'a', start: 0, end: 10 },
    { id: 'a', attempt: 2, start: 25, end: 30 },
  ];
  expect(pathOf(given, 0, 30)).toEqual(['a run 0-10', 'a#2 retry_backoff 10-25', 'a#2 run 25-30']);
});

test('a step with steps inside shows what ran inside, and its own time between', () => {
  const given = [
    { id: 'agent', start: 0, end: 50 },
    { id: 'llm', path: ['agent'], start: 5, end: 20 },
    { id: 'tool', path: ['agent'], start: 25, end: 45 },
  ];
  expect(pathOf(given, 0, 50)).toEqual(['agent run 0-5', 'llm run 5-20', 'agent run 20-25', 'tool run 25-45', 'agent run 45-50']);
});

test('time nobody accounts for is unknown', () => {
  expect(pathOf([{ id: 'a', start: 10, end: 20 }], 0, 30)).toEqual(['- unknown 0-10', 'a run 10-20', '- unknown 20-30']);
});

test('before the first and after the last step it is orchestration, if the execution itself told its times', () => {
  const rows = timelineRows([attemptOf({ id: 'a', start: 10, end: 20 }), attemptOf({ id: 'b', start: 22, end: 25 })]);
  const path = criticalPath(rows, { startNs: 0n, endNs: 30n }, { start: true, end: true });
  expect(path.map(({ of, kind }) => `${of?.stepId ?? '-'} ${kind}`)).toEqual([
    '- orchestration',
    'a run',
    '- unknown',
    'b run',
    '- orchestration',
  ]);
});

test('a step that was skipped is not on the path', () => {
  const rows = timelineRows([
    attemptOf({ id: 'a', start: 0, end: 20 }),
    { ...attemptOf({ id: 'b', end: 20, after: ['a'] }), status: 'skipped' },
  ]);
  expect(criticalPath(rows, { startNs: 0n, endNs: 20n }).map(({ of }) => of?.stepId)).toEqual(['a']);
});

test('a running step grows to the end of the span', () => {
  expect(
    pathOf(
      [
        { id: 'a', start: 0, end: 10 },
        { id: 'b', start: 10, after: ['a'] },
      ],
      0,
      99,
    ),
  ).toEqual(['a run 0-10', 'b run 10-99']);
});

test('a dependency that ended after the start is clamped, and the sum stays exact', () => {
  expect(
    pathOf(
      [
        { id: 'a', start: 0, end: 15 },
        { id: 'b', start: 12, end: 20, after: ['a'] },
      ],
      0,
      20,
    ),
  ).toEqual(['a run 0-12', 'b run 12-20']);
});

test('wait inside a run is cut out of it', () => {
  expect(pathOf([{ id: 'a', start: 0, end: 20, waits: [['approval', 5, 15]] }], 0, 20)).toEqual([
    'a run 0-5',
    'a approval 5-15',
    'a run 15-20',
  ]);
});

const anySteps = fc.array(
  fc.record({
    id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
    path: fc.constantFrom([], ['a'], ['b'], ['a', 'b']),
    attempt: fc.integer({ min: 1, max: 3 }),
    ready: fc.option(fc.nat(60), { nil: undefined }),
    queued: fc.option(fc.nat(60), { nil: undefined }),
    start: fc.option(fc.nat(60), { nil: undefined }),
    end: fc.option(fc.nat(60), { nil: undefined }),
    after: fc.subarray(['a', 'b', 'c', 'd', 'e']),
    waits: fc.array(fc.tuple(fc.constantFrom('timer', 'rate_limit', 'odd'), fc.nat(60), fc.nat(60)), { maxLength: 2 }),
  }),
  { maxLength: 9 },
);

test('C1: the segments partition the span, whatever the clocks say', () => {
  fc.assert(
    fc.property(anySteps, fc.nat(30), fc.integer({ min: 31, max: 80 }), (given, from, to) => {
      const unique = [...new Map(given.map((one) => [`${one.path.join('/')}/${one.id}/${one.attempt}`, one])).values()];
      const path = criticalPath(timelineRows(unique.map(attemptOf)), { startNs: BigInt(from), endNs: BigInt(to) });
      let at = BigInt(from);
      for (const { startNs, endNs } of path) {
        expect(startNs).toBe(at);
        expect(endNs).toBeGreaterThan(startNs);
        at = endNs;
      }
      expect(at).toBe(BigInt(to));
    }),
    { numRuns: 2000 },
  );
});

test('C2: the order in which steps are given does not matter', () => {
  fc.assert(
    fc.property(anySteps, (given) => {
      const unique = [...new Map(given.map((one) => [`${one.path.join('/')}/${one.id}/${one.attempt}`, one])).values()];
      const path = (some: typeof given) => criticalPath(timelineRows(some.map(attemptOf)), { startNs: 0n, endNs: 70n });
      expect(path(unique.toReversed())).toEqual(path(unique));
    }),
  );
});

test('a path of years is as exact as one of nanoseconds', () => {
  // More than numbers tell exactly.
  const long = (ns: bigint): bigint => ns * 10_000_000_000_000_003n;
  const stretch = (ns: bigint | undefined): bigint | undefined => (ns === undefined ? undefined : long(ns));
  fc.assert(
    fc.property(anySteps, (given) => {
      const unique = [...new Map(given.map((one) => [`${one.path.join('/')}/${one.id}/${one.attempt}`, one])).values()];
      const short = unique.map(attemptOf);
      const stretched = short.map((attempt) => ({
        ...attempt,
        readyNs: stretch(attempt.readyNs),
        queuedNs: stretch(attempt.queuedNs),
        startNs: stretch(attempt.startNs),
        endNs: stretch(attempt.endNs),
        waits: attempt.waits.map(({ fromNs, toNs, ...wait }) => ({ ...wait, fromNs: long(fromNs), toNs: stretch(toNs) })),
      }));
      const path = criticalPath(timelineRows(short), { startNs: 0n, endNs: 70n });
      expect(criticalPath(timelineRows(stretched), { startNs: 0n, endNs: long(70n) })).toEqual(
        path.map(({ startNs, endNs, ...rest }) => ({ ...rest, startNs: long(startNs), endNs: long(endNs) })),
      );
    }),
  );
});

test('100,000 steps one after the other do not overflow, nor do 60 inside each other', () => {
  const chain = Array.from({ length: 100_000 }, (_, i) => ({
    id: `s${i}`,
    start: i,
    end: i + 1,
    after: i === 0 ? [] : [`s${i - 1}`],
  }));
  expect(pathOf(chain, 0, 100_000)).toHaveLength(100_000);
  const deep = Array.from({ length: 60 }, (_, i) => ({
    id: `d${i}`,
    path: Array.from({ length: i }, (_, j) => `d${j}`),
    start: i,
    end: 200 - i,
  }));
  expect(pathOf(deep, 0, 200)).toHaveLength(119);
});
