import fc from 'fast-check';
import { type Given, rowsOf, second, spanTo } from '../../../test/given-attempts.ts';
import { findBottlenecks } from './bottlenecks.ts';
import { criticalPath } from '../critical-path/critical-path.ts';

const found = (given: readonly Given[], to: number) => {
  const rows = rowsOf(given);
  return findBottlenecks(rows, criticalPath(rows, spanTo(to)), spanTo(to), 100);
};
const numbers = (given: readonly Given[], to: number): Record<string, readonly number[]> =>
  Object.fromEntries(
    found(given, to).steps.map(({ row, dragNs, slackNs, resource }) => [
      row.step.stepId,
      [dragNs, slackNs, resource?.dragNs ?? -1n, resource?.slackNs ?? -1n].map((ns) => Number(ns) / 1e9),
    ]),
  );

test('a step that kept another from its worker has drag for it, which dependencies alone do not show', () => {
  const given: readonly Given[] = [
    { id: 'plan', start: 0, end: 2 },
    { id: 'a', queued: 2, start: 2, end: 12, after: ['plan'], on: 'web/w-1' },
    { id: 'b', queued: 2, start: 12, end: 20, after: ['plan'], on: 'web/w-1' },
  ];
  // drag and slack by dependencies, then with the worker.
  expect(numbers(given, 20)).toEqual({ b: [8, 0, 8, 0], plan: [2, 0, 2, 0], a: [0, 8, 10, 0] });
});

test('without workers both are the same', () => {
  const given: readonly Given[] = [
    { id: 'a', start: 0, end: 10 },
    { id: 'b', start: 0, end: 7 },
    { id: 'c', start: 10, end: 12, after: ['a', 'b'] },
  ];
  expect(numbers(given, 12)).toEqual({ a: [3, 0, 3, 0], c: [2, 0, 2, 0], b: [0, 3, 0, 3] });
});

test('the order on a worker never makes a path longer than the makespan, and no step wins more than it took', () => {
  const steps = fc.array(
    fc.record({ gap: fc.nat(3), took: fc.integer({ min: 1, max: 9 }), worker: fc.nat(2), after: fc.nat(12) }),
    {
      minLength: 1,
      maxLength: 14,
    },
  );
  fc.assert(
    fc.property(steps, (made) => {
      const ends: number[] = [];
      const free = [0, 0, 0];
      const given = made.map(({ gap, took, worker, after }, i): Given => {
        const ready = after < i ? (ends[after] ?? 0) : 0;
        const start = Math.max(ready + gap, free[worker] ?? 0);
        ends.push(start + took);
        free[worker] = start + took;
        return {
          id: `s${i}`,
          queued: ready,
          start,
          end: start + took,
          after: after < i ? [`s${after}`] : [],
          on: `p/w${worker}`,
        };
      });
      const to = Math.max(...ends);
      for (const { durationNs, dragNs, slackNs, resource } of found(given, to).steps) {
        expect(resource).toBeDefined();
        if (resource === undefined) continue;
        expect(resource.dragNs <= durationNs && dragNs <= durationNs).toBe(true);
        expect(resource.slackNs <= BigInt(to) * second && slackNs >= 0n).toBe(true);
      }
    }),
    { numRuns: 300 },
  );
});

test('many short steps that run less than the execution took are better put together', () => {
  const chain = (count: number, gap: number): Given[] =>
    Array.from({ length: count }, (_, i) => ({
      id: `s${i}`,
      queued: i * (1 + gap),
      start: i * (1 + gap) + gap,
      end: (i + 1) * (1 + gap),
      after: i === 0 ? [] : [`s${i - 1}`],
    }));
  expect(found(chain(60, 2), 180).advice).toBe(
    'its 60 steps ran 60 s in all, less than the 180 s it took, and 120 s of the critical path went to getting steps started: ' +
      'more at once would win little; let one step do the work of several (batching)',
  );
  expect(found(chain(40, 2), 120).advice).toBe('');
  expect(found(chain(60, 0.05), 63).advice).toBe('');
  const approved = chain(60, 2).map(({ queued, ...one }): Given => ({
    ...one,
    waits: [['approval', queued ?? 0, (queued ?? 0) + 2]],
  }));
  expect(found(approved, 180).advice).toBe('');
});
