import { staircase } from './staircase.ts';

const stretch = (row: number, fromNs: number, toNs: number) => ({ row, fromNs, toNs });
const places = new Map([
  [10, 0],
  [11, 1],
]);
const shown = (row: number): number => places.get(row) ?? -1;

test('the path runs along the entries of its steps, and from each to the next where it leaves it', () => {
  expect(staircase([stretch(10, 0, 5), stretch(11, 5, 9)], shown)).toEqual([
    { entry: 0, fromNs: 0, toNs: 5, toEntry: 1 },
    { entry: 1, fromNs: 5, toNs: 9, toEntry: 1 },
  ]);
});

test('stretches of one entry are one line, as those of steps folded into it are', () => {
  expect(staircase([stretch(10, 0, 5), stretch(12, 5, 9)], () => 3)).toEqual([{ entry: 3, fromNs: 0, toNs: 9, toEntry: 3 }]);
});

test('time no step accounts for stays where the path came from; what no entry shows counts as such', () => {
  expect(staircase([stretch(-1, 0, 2), stretch(10, 2, 5), stretch(99, 5, 9)], shown)).toEqual([
    { entry: 0, fromNs: 0, toNs: 9, toEntry: 0 },
  ]);
});

test('of an execution that goes on the last stretch goes on', () => {
  expect(staircase([stretch(10, 0, 5)], shown, true)).toEqual([{ entry: 0, fromNs: 0, toNs: Infinity, toEntry: 0 }]);
});
