import { patcherOf, templateOf } from './patch-steps.ts';
import { readColumns } from './columns.ts';
import { createHasher, indexKeys, stepKeyAt } from './step-key.ts';
import { attemptsOf, eachDependency, nameOf, statusOf } from './steps.ts';
import { keyAt, manySteps, noSteps } from './testing/many-steps.ts';
import { example } from './testing/three-steps.ts';

test('a key is the beginning of the SHA-256 of path, id and round, of texts of any length', async () => {
  const hash = createHasher();
  for (const text of ['', 'abc', '[["plan"],"search-1",0]', 'ü'.repeat(700), 'x'.repeat(55), 'x'.repeat(56), 'x'.repeat(64)]) {
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
    expect(hash(text)).toBe(Array.from(digest.slice(0, 16), (byte) => byte.toString(16).padStart(2, '0')).join(''));
  }
  expect(stepKeyAt(readColumns(example), 1)).toBe(hash('[["plan"],"search-1",0]'));
});

test('a row that is known is changed where it stands', () => {
  const steps = readColumns(example);
  const index = indexKeys(steps);
  expect(index.work(() => true)).toBe(true);
  const { apply } = patcherOf(steps, index);
  const fresh = apply([
    {
      stepKey: stepKeyAt(steps, 1),
      status: 'failed',
      attempts: [
        { attempt: 1, status: 'failed', startNs: '1000000007000000', endNs: '1000000027000000' },
        {
          attempt: 2,
          status: 'running',
          startNs: '1000000040000000',
          waits: [{ kind: 'rate_limit', fromNs: '1000000041000000' }],
        },
      ],
    },
  ]);
  expect(fresh).toBe(false);
  expect(steps.rows.count).toBe(3);
  expect(statusOf(steps, 1)).toBe('failed');
  expect(attemptsOf(steps, 1)).toMatchObject([
    { status: 'failed', readyNs: undefined, endNs: 27e6 },
    { status: 'running', startNs: 40e6, endNs: undefined, waits: [{ kind: 'rate_limit', fromNs: 41e6, toNs: undefined }] },
  ]);
  expect(attemptsOf(steps, 2)).toHaveLength(2);
});

test('new rows go to the end, under their parents, also where the parent comes later', () => {
  const steps = noSteps();
  const { apply } = patcherOf(steps, indexKeys(steps));
  expect(apply([{ stepKey: keyAt(1), stepId: 'child', parentStepKey: keyAt(2) }])).toBe(true);
  apply([{ stepKey: keyAt(2), stepId: 'parent' }]);
  expect([...steps.rows.parent.subarray(0, 2)]).toEqual([1, -1]);
});

test('two rows that say they lie under each other do not go in a circle', () => {
  const steps = noSteps();
  const { apply } = patcherOf(steps, indexKeys(steps));
  apply([
    { stepKey: keyAt(1), stepId: 'a', parentStepKey: keyAt(2) },
    { stepKey: keyAt(2), stepId: 'b', parentStepKey: keyAt(1) },
  ]);
  expect([...steps.rows.parent.subarray(0, 2)]).toEqual([-1, 0]);
});

test('columns grow as far as the stream does, and what was in them stays', () => {
  const steps = manySteps(
    Array.from({ length: 1_000 }, (_, i) => ({ name: `step-${i}`, startNs: i, endNs: i + 1, on: i === 0 ? [] : [i - 1] })),
  );
  expect(steps.rows.count).toBe(1_000);
  expect(nameOf(steps, 0)).toBe('step-0');
  expect(nameOf(steps, 999)).toBe('step-999');
  expect(attemptsOf(steps, 500)).toMatchObject([{ startNs: 500, endNs: 501 }]);
  const on: number[] = [];
  eachDependency(steps, 999, (row) => on.push(row));
  expect(on).toEqual([998]);
});

test.each([
  ['step-7', ['step-', 0, ''], 7],
  ['step-007', ['step-', 3, ''], 7],
  ['a1 b2 c', ['a1 b', 0, ' c'], 2],
  ['step-0', ['step-', 0, ''], 0],
  ['plan', 'plan', 0],
])('the number in %s is told apart', (text, template, number) => {
  expect(templateOf(text)).toEqual([template, number]);
});
