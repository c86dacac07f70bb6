import fc from 'fast-check';
import type { Attempt } from '../attempt.ts';
import { findBottlenecks } from './bottlenecks.ts';
import { criticalPath } from '../critical-path/critical-path.ts';
import type { Dependency, Wait } from '../fact.ts';
import { stepKeyOf } from '../step-key.ts';
import { timelineRows } from '../timeline.ts';

interface Given {
  id: string;
  kind?: string;
  path?: readonly string[];
  attempt?: number;
  ready?: number;
  queued?: number;
  start?: number;
  end?: number;
  after?: readonly string[];
  waits?: readonly (readonly [kind: string, from: number, to: number])[];
}

const second = 1_000_000_000n;
const ns = (n: number | undefined): bigint | undefined => (n === undefined ? undefined : BigInt(n) * second);
const attemptOf = ({
  id,
  kind = '',
  path = [],
  attempt = 1,
  ready,
  queued,
  start,
  end,
  after = [],
  waits = [],
}: Given): Attempt => ({
  step: { stepKey: stepKeyOf(path, id, 0), stepId: id, path, iteration: 0 },
  attempt,
  status: end === undefined ? 'running' : 'completed',
  name: '',
  kind,
  readyNs: ns(ready),
  queuedNs: ns(queued),
  startNs: ns(start),
  endNs: ns(end),
  waits: waits.map(([of, from, to]): Wait => ({
    kind: of,
    fromNs: BigInt(from) * second,
    toNs: BigInt(to) * second,
    reason: '',
  })),
  dependsOn: after.map((stepId): Dependency => ({ stepId, kind: 'data', path: undefined, iteration: undefined })),
  resource: undefined,
  usage: undefined,
  span: undefined,
  error: undefined,
});

function found(given: readonly Given[], to: number, limit = 50) {
  const rows = timelineRows(given.map(attemptOf));
  const span = { startNs: 0n, endNs: BigInt(to) * second };
  return findBottlenecks(rows, criticalPath(rows, span), span, limit);
}
const drags = (given: readonly Given[], to: number): string[] =>
  found(given, to).steps.map(
    ({ row, durationNs, dragNs, slackNs, feasibility }) =>
      `${row.step.stepId} ${durationNs / second}s drag ${dragNs / second} slack ${slackNs / second} ${feasibility.word}`,
  );

/** A step of 880 s with a near-twin beside it, then one that joins them. */
const twins: readonly Given[] = [
  { id: 'project-1', kind: 'project', start: 0, end: 880 },
  { id: 'project-2', kind: 'project', start: 0, end: 873 },
  { id: 'add', kind: 'add', start: 880, end: 920, after: ['project-1', 'project-2'] },
];

test('the longest step is not the bottleneck when a twin runs beside it, but its kind is', () => {
  expect(drags(twins, 920)).toEqual([
    'add 40s drag 40 slack 0 shorten',
    'project-1 880s drag 7 slack 0 shorten',
    'project-2 873s drag 0 slack 7 none',
  ]);
  const { types, steps, criticalLengthNs } = found(twins, 920);
  expect(types.map(({ by, value, steps: n, dragNs }) => `${by} ${value} ${n} ${dragNs / second}`)).toEqual([
    'kind project 2 880',
    'kind add 1 40',
  ]);
  expect(criticalLengthNs).toBe(920n * second);
  expect(steps.map(({ onCriticalPath }) => onCriticalPath)).toEqual([true, true, false]);
  expect(steps.map(({ feasibility: { reason } }) => reason)).toEqual([
    'it ran 100 % of its time; at most 40 s of its 40 s can be won',
    'it ran 100 % of its time; at most 7 s of its 14 m 40 s can be won, then others decide',
    'the execution would end no sooner without it: it could take 7 s longer unnoticed',
  ]);
});

test('a step that mostly waited says what for', () => {
  const given: readonly Given[] = [
    { id: 'a', start: 0, end: 10 },
    { id: 'b', start: 70, end: 80, after: ['a'], queued: 5, waits: [['rate_limit', 40, 50]] },
    { id: 'c', start: 80, end: 90, after: ['b'], waits: [['approval', 81, 90]] },
  ];
  const { steps } = found(given, 90);
  // b was queued before a ended: what it waited for a is not its own time.
  expect(
    steps.map(({ row, feasibility }) => [row.step.stepId, feasibility.word, feasibility.waitKind, feasibility.reason]),
  ).toEqual([
    ['b', 'wait', 'queue', '71 % of its time is queue, 14 % work; at most 1 m 10 s of its 1 m 10 s can be won'],
    ['a', 'shorten', undefined, 'it ran 100 % of its time; at most 10 s of its 10 s can be won'],
    ['c', 'wait', 'approval', '90 % of its time is approval, 10 % work; at most 10 s of its 10 s can be won'],
  ]);
});

test('tries and the pauses between them are the time of a step', () => {
  const given: readonly Given[] = [
    { id: 'a', start: 0, end: 1 },
    { id: 'a', attempt: 2, start: 31, end: 32 },
  ];
  expect(drags(given, 32)).toEqual(['a 32s drag 32 slack 0 wait']);
  expect(found(given, 32).steps[0]?.feasibility.waitKind).toBe('retry_backoff');
});

test('where no step tells what it waited for, the observed order counts', () => {
  const given: readonly Given[] = [
    { id: 'a', start: 0, end: 10 },
    { id: 'b', start: 10, end: 30 },
    { id: 'beside', start: 0, end: 12 },
    { id: 'c', start: 31, end: 35 },
  ];
  expect(drags(given, 35)).toEqual([
    'b 20s drag 20 slack 0 shorten',
    'a 10s drag 10 slack 0 shorten',
    'c 4s drag 4 slack 0 shorten',
    'beside 12s drag 0 slack 22 none',
  ]);
});

test('a step with steps inside counts with its own time, what is inside counts for itself', () => {
  const given: readonly Given[] = [
    { id: 'agent', start: 0, end: 50 },
    { id: 'llm', path: ['agent'], start: 5, end: 20 },
    { id: 'tool', path: ['agent'], start: 25, end: 45, after: ['llm', 'agent'] },
    { id: 'send', start: 50, end: 53, after: ['agent'] },
  ];
  expect(drags(given, 53)).toEqual([
    'tool 20s drag 20 slack 0 shorten',
    'agent 15s drag 15 slack 0 shorten',
    'llm 15s drag 15 slack 0 shorten',
    'send 3s drag 3 slack 0 shorten',
  ]);
});

test('no bottleneck is named when more than half of the time is accounted for by no step', () => {
  const { refusal, steps, types, unknownShare } = found([{ id: 'a', start: 0, end: 40 }], 100);
  expect([steps, types, unknownShare]).toEqual([[], [], 0.6]);
  expect(refusal).toBe(
    '60 % of the makespan is accounted for by no step, so any name would be a guess; ' +
      'report start and end of the steps that are missing, or what the execution waited for',
  );
  expect(found([{ id: 'a', start: 0, end: 50 }], 100)).toMatchObject({
    refusal: '',
    unknownShare: 0.5,
    steps: [{ dragNs: 50n * second }],
  });
});

test('dependencies in a circle are named instead of a bottleneck', () => {
  const given: readonly Given[] = [
    { id: 'a', start: 0, end: 10, after: ['b'] },
    { id: 'b', start: 10, end: 20, after: ['a'] },
  ];
  expect(found(given, 20).refusal).toMatch(/^the dependencies go in a circle: ("a" → "b" → "a"|"b" → "a" → "b")$/);
});

test('before anything started there is nothing to name, and a plan has no drag', () => {
  expect(findBottlenecks([], [], undefined, 50).refusal).toBe('nothing has started yet');
  const planned = { ...attemptOf({ id: 'later' }), attempt: 0, status: 'planned' as const };
  const rows = timelineRows([attemptOf({ id: 'a', start: 0, end: 5 }), planned]);
  const span = { startNs: 0n, endNs: 5n * second };
  expect(findBottlenecks(rows, criticalPath(rows, span), span, 50).steps.map(({ row }) => row.step.stepId)).toEqual(['a']);
});

test('a running step counts to the end of the span; of many steps only as many as asked are given', () => {
  expect(drags([{ id: 'a', start: 0 }], 60)).toEqual(['a 60s drag 60 slack 0 shorten']);
  expect(found(twins, 920, 1).steps.map(({ row }) => row.step.stepId)).toEqual(['add']);
});

test('N2 no step wins more than it took, no type more than the path, and the path is no longer than the makespan', () => {
  const steps = fc.array(fc.record({ gap: fc.nat(3), took: fc.nat(20), parents: fc.array(fc.nat(30), { maxLength: 3 }) }), {
    minLength: 1,
    maxLength: 30,
  });
  fc.assert(
    fc.property(steps, (made) => {
      const ends: number[] = [];
      const given = made.map(({ gap, took, parents }, i): Given => {
        const before = [...new Set(parents.filter((parent) => parent < i))];
        const ready = Math.max(0, ...before.map((parent) => ends[parent]!));
        ends.push(ready + gap + took);
        return {
          id: `s${i}`,
          kind: `k${i % 3}`,
          after: before.map((parent) => `s${parent}`),
          ready: Math.max(0, ready - 2),
          start: ready + gap,
          end: ready + gap + took,
        };
      });
      const to = Math.max(...ends);
      const { steps: drag, types, criticalLengthNs, refusal } = found(given, to);
      expect(refusal).toBe('');
      expect(criticalLengthNs).toBeLessThanOrEqual(BigInt(to) * second);
      for (const { dragNs, durationNs } of drag) expect(dragNs <= durationNs).toBe(true);
      for (const { dragNs } of types) expect(dragNs <= criticalLengthNs).toBe(true);
    }),
    { numRuns: 200 },
  );
});
