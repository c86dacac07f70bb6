import { lateRowsOf } from '../model/late-rows.ts';
import { layOut, type LayoutOptions } from '../model/layout.ts';
import { manySteps } from '../model/testing/many-steps.ts';
import { entryAfter } from './held-place.ts';

const everything: LayoutOptions = { closed: new Set(), openFolds: new Set(), folding: true, only: 'all' };
const given = [
  { name: 'first', startNs: 5 },
  ...Array.from({ length: 30 }, (_, i) => ({ name: `work-${i}`, startNs: 10 + i })),
  { name: 'last', startNs: 90 },
];

test('a row that came in above moves what is looked at by one', () => {
  const before = layOut(manySteps(given), everything);
  const steps = manySteps([...given, { name: 'earlier', startNs: 1 }]);
  const late = lateRowsOf(steps);
  late.add(32);
  const next = layOut(steps, { ...everything, late });
  expect([0, 1, 2].map((at) => entryAfter(before, next, at))).toEqual([1, 2, 3]);
  expect(next.folds[next.fold[2] ?? -1]?.rows).toHaveLength(30);
});

test('of a fold that was opened it is the fold, not the first row in it', () => {
  const steps = manySteps(given);
  const before = layOut(steps, everything);
  const next = layOut(steps, { ...everything, openFolds: new Set(before.folds.map(({ key }) => key)) });
  expect(entryAfter(before, next, 1)).toBe(1);
  expect(entryAfter(before, next, 2)).toBe(32);
});

test('what is filtered away is nowhere', () => {
  const steps = manySteps(given);
  expect(entryAfter(layOut(steps, everything), layOut(steps, { ...everything, only: 'failed' }), 0)).toBe(-1);
  expect(entryAfter(layOut(steps, everything), layOut(steps, everything), 99)).toBe(-1);
});
