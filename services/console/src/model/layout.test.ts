import { type Layout, layOut, type LayoutOptions } from './layout.ts';
import { manySteps } from './testing/many-steps.ts';

const everything: LayoutOptions = { closed: new Set(), openFolds: new Set(), folding: true, only: 'all' };
const rows = ({ row, count }: Layout): number[] => [...row.subarray(0, count)];

test('rows stand below their parents, in their order', () => {
  const steps = manySteps([{ name: 'a' }, { name: 'b', parent: 0 }, { name: 'c' }, { name: 'd', parent: 2 }]);
  const layout = layOut(steps, everything);
  expect(rows(layout)).toEqual([0, 1, 2, 3]);
  expect([...layout.level.subarray(0, 4)]).toEqual([0, 1, 0, 1]);
  expect([...layout.place.subarray(0, 4)]).toEqual([1, 1, 2, 1]);
  expect([...layout.siblings.subarray(0, 4)]).toEqual([2, 1, 2, 1]);
});

test('a parent that came after what lies under it stands above it all the same', () => {
  const steps = manySteps([{ name: 'child', parent: 1, status: 'failed' }, { name: 'parent' }]);
  expect(rows(layOut(steps, everything))).toEqual([1, 0]);
  expect(rows(layOut(steps, { ...everything, only: 'failed' }))).toEqual([1, 0]);
});

const repeated = manySteps([
  ...Array.from({ length: 30 }, () => ({ name: 'fetch' })),
  { name: 'fetch', status: 'failed' },
  { name: 'fetch', critical: true },
  { name: 'write' },
]);

test('more than 20 of one name and outcome are one row; what failed or is critical is not among them', () => {
  const layout = layOut(repeated, everything);
  expect(rows(layout)).toEqual([0, 30, 31, 32]);
  expect(layout.folds).toMatchObject([{ rows: Array.from({ length: 30 }, (_, row) => row), failed: false }]);
  expect(layout.entryOf[17]).toBe(0);
  expect(layout.entryOf[30]).toBe(1);
});

test('a fold opened shows its rows one level below it, and closes again', () => {
  const key = layOut(repeated, everything).folds[0]?.key ?? '';
  const layout = layOut(repeated, { ...everything, openFolds: new Set([key]) });
  expect(layout.count).toBe(34);
  expect(layout.opens[0]).toBe(2);
  expect(layout.level[1]).toBe(1);
  expect(layout.entryOf[17]).toBe(18);
});

test('20 of a name are not folded, and nothing is where folding is off', () => {
  const few = manySteps(Array.from({ length: 20 }, () => ({ name: 'fetch' })));
  expect(layOut(few, everything).count).toBe(20);
  expect(layOut(repeated, { ...everything, folding: false }).count).toBe(33);
});

test('siblings are folded apart by whether something under them failed', () => {
  const parents = Array.from({ length: 42 }, (_, i) => ({ name: `phase-${i}` }));
  const children = Array.from({ length: 21 }, (_, i) => ({ name: 'read', parent: i, status: 'failed' }));
  const layout = layOut(manySteps([...parents, ...children]), everything);
  expect(layout.folds.map(({ rows: of, failed }) => [of.length, failed])).toEqual([
    [21, true],
    [21, false],
  ]);
});

test('what lies under a closed row is shown by it', () => {
  const steps = manySteps([{ name: 'a' }, { name: 'b', parent: 0 }, { name: 'c', parent: 1 }]);
  const layout = layOut(steps, { ...everything, closed: new Set([0]) });
  expect(rows(layout)).toEqual([0]);
  expect([...layout.entryOf]).toEqual([0, 0, 0]);
  expect(layout.opens[0]).toBe(1);
});

test('only what is critical or has such under it is shown when that is asked for', () => {
  const steps = manySteps([{ name: 'a' }, { name: 'b', parent: 0, critical: true }, { name: 'c' }]);
  const layout = layOut(steps, { ...everything, only: 'critical' });
  expect(rows(layout)).toEqual([0, 1]);
  expect(layout.hidden).toBe(1);
  expect(layout.entryOf[2]).toBe(-1);
});
