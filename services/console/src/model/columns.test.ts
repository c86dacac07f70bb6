import { readColumns } from './columns.ts';
import { attemptsOf, eachDependency, nameOf, pathOf, statusOf, stepIdOf, timesOf } from './steps.ts';
import { example } from './testing/three-steps.ts';

const ms = 1e6;

test('rows have the ids, paths and parents that the columns stand for', () => {
  const steps = readColumns(example);
  expect([0, 1, 2].map((row) => stepIdOf(steps, row))).toEqual(['plan', 'search-1', 'search-2']);
  expect(nameOf(steps, 2)).toBe('search-2');
  expect([...steps.rows.parent]).toEqual([-1, 0, 0]);
  expect(pathOf(steps, 2)).toEqual(['plan']);
  expect(statusOf(steps, 1)).toBe('completed');
});

test('times are added up from stage to stage', () => {
  const steps = readColumns(example);
  expect(attemptsOf(steps, 1)).toMatchObject([{ readyNs: 2 * ms, queuedNs: 3 * ms, startNs: 7 * ms, endNs: 27 * ms }]);
});

test('the first try of a step that waited for others is counted from when they had ended, its next one from the try before', () => {
  const steps = readColumns(example);
  expect(attemptsOf(steps, 2)).toMatchObject([
    { attempt: 1, status: 'failed', readyNs: 30 * ms, startNs: 30 * ms, endNs: 35 * ms, flags: ['skew_clamped'] },
    {
      attempt: 2,
      startNs: 45 * ms,
      endNs: undefined,
      waits: [{ kind: 'retry_backoff', fromNs: 40 * ms, toNs: 45 * ms, reason: '429' }],
    },
  ]);
});

test('what is critical, what waited for what and what a step ran and waited are known of rows', () => {
  const steps = readColumns(example);
  expect([...steps.rows.critical]).toEqual([1, 0, 1]);
  const on: number[] = [];
  eachDependency(steps, 2, (row) => on.push(row));
  expect(on).toEqual([1]);
  expect(timesOf(steps, 1, 0)).toEqual({ ranNs: 20 * ms, waitedNs: 5 * ms });
  expect(timesOf(steps, 2, 100 * ms)).toEqual({ ranNs: 60 * ms, waitedNs: 0 });
});

test('an answer asked for later counts its times from where the first one did', () => {
  const steps = readColumns(example, 999_999_000_000_000n);
  expect(attemptsOf(steps, 1)[0]?.readyNs).toBe(1_000 * ms + 2 * ms);
});

test('what bars used is read in seconds, bytes, tokens and USD, and is absent where no bar tells of it', () => {
  expect(readColumns(example).usage).toBeUndefined();
  const usage = { count: 2, bar: [1, 2], cpu: [1_500_000, 0], memory: [2, 0], tokens: [7, 1], cost: [0, 4_000_000] } as never;
  expect(readColumns({ ...example, usage }).usage).toEqual({
    cpu: Float64Array.of(0, 1.5, 0, 0),
    memory: Float64Array.of(0, 2_048, 0, 0),
    tokens: Float64Array.of(0, 7, 0, 1),
    cost: Float64Array.of(0, 0, 0, 0.004),
  });
});
