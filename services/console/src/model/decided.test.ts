import { decidedBy } from './decided.ts';

const second = 1e9;
const text = (seconds: number): string => String(seconds * second);
const path = (...steps: [stepKey: string, seconds: number][]) => ({
  makespanNs: 0,
  nsByKind: {},
  segments: steps.map(([stepKey, seconds]) => ({
    ...{ stepKey, stepId: `id of ${stepKey}`, attempt: 1, kind: 'run', reason: '' },
    ...{ fromNs: 0, toNs: seconds * second },
  })),
});
const steps = [
  { stepKey: 'f7', stepId: 'f7', name: 'frequency_7', dragNs: text(3), feasibility: { reason: 'then others decide' } },
  { stepKey: 'm', stepId: 'merge', dragNs: text(2) },
];
const frequency = { by: 'kind', value: 'frequency', steps: 140, dragNs: text(118) };

test('many steps side by side, of which each alone decides little, are told together', () => {
  const found = {
    makespanNs: text(387),
    steps,
    types: [frequency, { by: 'kind', value: 'merge', steps: 20, dragNs: text(100) }],
  };
  expect(decidedBy(found, path(['m', 131], ['f7', 189], ['', 67]))).toEqual({
    group: { by: 'kind', value: 'frequency', steps: 140, ns: 118 * second, part: 118 / 387 },
    step: { stepKey: 'f7', name: 'frequency_7', ns: 3 * second, part: 3 / 387, reason: 'then others decide' },
    longest: { stepKey: 'f7', name: 'frequency_7', ns: 189 * second, part: 189 / 387 },
  });
});

test('a group is told from twice the best step on, and never for one step', () => {
  const groupOf = (...types: object[]) => decidedBy({ makespanNs: text(100), steps, types }, undefined)?.group?.value;
  expect(groupOf({ ...frequency, dragNs: text(5.9) })).toBeUndefined();
  expect(groupOf({ ...frequency, dragNs: text(6) })).toBe('frequency');
  expect(groupOf({ ...frequency, steps: 1 })).toBeUndefined();
  expect(groupOf({ ...frequency, value: '' })).toBeUndefined();
});

test('of a kind and a name that decide alike the name is told, as the chart shows it', () => {
  const types = [frequency, { by: 'name', value: 'frequency of words', steps: 140, dragNs: text(118) }];
  expect(decidedBy({ makespanNs: text(387), steps, types }, undefined)?.group).toMatchObject({ by: 'name' });
});

test('the longest step of the path is told when the one that decides most does not say so', () => {
  const longest = (...on: [string, number][]) => decidedBy({ makespanNs: text(100), steps }, path(...on))?.longest;
  expect(longest(['f7', 4], ['m', 2])).toBeUndefined();
  expect(longest(['f7', 43], ['m', 2])).toMatchObject({ name: 'frequency_7', ns: 43 * second });
  expect(longest(['f7', 4], ['m', 3], ['m', 3])).toMatchObject({ stepKey: 'm', name: 'merge', part: 0.06 });
  expect(longest(['other', 5])).toMatchObject({ name: 'id of other' });
  expect(longest(['', 99])).toBeUndefined();
});

test('where no step decides anything nothing is told', () => {
  expect(decidedBy({}, path(['f7', 4]))).toBeUndefined();
  expect(decidedBy({ makespanNs: text(1), steps: [{ stepKey: 'a', dragNs: '0' }] }, undefined)).toBeUndefined();
});
