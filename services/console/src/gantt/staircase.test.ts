import fc from 'fast-check';
import { findStairs, type Stair, staircase } from './staircase.ts';

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

test('of a long path those lines are found that are in sight, however far it jumps', () => {
  const place = fc.nat(400);
  fc.assert(
    fc.property(
      fc.array(place, { maxLength: 300 }),
      place,
      fc.nat(40),
      place,
      fc.nat(200),
      (entries, first, rows, fromNs, long) => {
        const stairs = staircase(
          entries.map((entry, at) => stretch(entry, at * 2, at * 2 + 2)),
          (row) => row,
        );
        const [end, toNs] = [first + rows, fromNs + long];
        const touches = stairs.filter(
          (stair) =>
            Math.max(stair.entry, stair.toEntry) >= first &&
            Math.min(stair.entry, stair.toEntry) < end &&
            stair.toNs >= fromNs &&
            stair.fromNs <= toNs,
        );
        const found: Stair[] = [];
        findStairs(stairs).each(first, end, { fromNs, toNs }, (stair) => found.push(stair));
        expect(found).toEqual(touches);
      },
    ),
  );
});
