import { staircase } from './staircase.ts';

const segment = (stepKey: string, fromNs: number, toNs: number) => ({
  stepKey,
  stepId: '',
  attempt: 1,
  kind: 'run',
  fromNs,
  toNs,
  reason: '',
});
const rowOf = new Map([
  ['plan', 0],
  ['search', 1],
  ['write', 4],
]);

test('the path goes along a row and then to the row of the next step', () => {
  expect(staircase([segment('plan', 0, 10), segment('write', 10, 30)], rowOf)).toEqual([
    { row: 0, fromNs: 0, toNs: 10, toRow: 4 },
    { row: 4, fromNs: 10, toNs: 30, toRow: 4 },
  ]);
});

test('segments of one step after another are one line', () => {
  expect(staircase([segment('plan', 0, 10), segment('plan', 10, 20), segment('plan', 20, 30)], rowOf)).toEqual([
    { row: 0, fromNs: 0, toNs: 30, toRow: 0 },
  ]);
});

test('time no step accounts for stays on the row before it, at the beginning on the row after it', () => {
  expect(staircase([segment('', 0, 5), segment('search', 5, 10), segment('', 10, 20), segment('write', 20, 30)], rowOf)).toEqual([
    { row: 1, fromNs: 0, toNs: 20, toRow: 4 },
    { row: 4, fromNs: 20, toNs: 30, toRow: 4 },
  ]);
});

test('while the execution runs the last stretch has no end', () => {
  expect(staircase([segment('plan', 0, 10), segment('write', 10, 30)], rowOf, true).map(({ toNs }) => toNs)).toEqual([
    10,
    Infinity,
  ]);
});

test('without rows there is no line', () => {
  expect(staircase([segment('gone', 0, 5)], rowOf)).toEqual([]);
});
