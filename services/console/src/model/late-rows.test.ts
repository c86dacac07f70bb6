import { lateRowsOf } from './late-rows.ts';
import { layOut } from './layout.ts';
import { stepKeyAt } from './step-key.ts';
import type { Steps } from './steps.ts';
import { type Given, manySteps } from './testing/many-steps.ts';

const shown = (steps: Steps, late: readonly number[]): number[] => {
  const rows = lateRowsOf(steps);
  for (const row of late) rows.add(row);
  const { row, count } = layOut(steps, { closed: new Set(), openFolds: new Set(), folding: false, only: 'all', late: rows });
  return [...row.subarray(0, count)];
};

test('a row that came later stands where a reload would place it: by when it was first heard of', () => {
  const steps = manySteps([
    { name: 'a', startNs: 10 },
    { name: 'b', startNs: 30 },
    { name: 'c', readyNs: 20, startNs: 40 },
    { name: 'd', startNs: 5 },
    { name: 'e', startNs: 50 },
  ]);
  expect(shown(steps, [2, 3, 4])).toEqual([3, 0, 2, 1, 4]);
  expect(shown(steps, [])).toEqual([0, 1, 2, 3, 4]);
});

test('it stands among the rows of its own parent, with all that is under it', () => {
  const steps = manySteps([
    { name: 'a', startNs: 10 },
    { name: 'a1', parent: 0, startNs: 30 },
    { name: 'b', startNs: 15 },
    { name: 'a0', parent: 0, startNs: 20 },
    { name: 'z', startNs: 1 },
    { name: 'z1', parent: 4, startNs: 2 },
  ]);
  expect(shown(steps, [3, 4, 5])).toEqual([4, 5, 0, 3, 1, 2]);
});

test('a planned step that begins moves up from among those nobody heard of', () => {
  const steps = manySteps([{ name: 'a', startNs: 10 }, { name: 'b', startNs: 30 }, { name: 'p' }, { name: 'q', startNs: 20 }]);
  expect(shown(steps, [3])).toEqual([0, 3, 1, 2]);
});

test('whatever comes late, all rows together stand as if all had come at once', () => {
  let seed = 7;
  const random = (n: number): number => (seed = (seed * 48_271) % 2_147_483_647) % n;
  for (let round = 0; round < 200; round++) {
    const given: Given[] = Array.from({ length: 2 + random(12) }, (_, row) => ({
      name: `s${row}`,
      ...(row > 0 && random(3) === 0 && { parent: random(row) }),
      ...(random(5) > 0 && { startNs: random(6) }),
    }));
    const steps = manySteps(given);
    const key = given.map((_, row) => stepKeyAt(steps, row));
    const at = given.map(({ startNs = Infinity }) => startNs);
    const under = (parent: number): number[] =>
      given
        .flatMap((each, row) => ((each.parent ?? -1) === parent ? [row] : []))
        .sort((a, b) => {
          const [x = 0, y = 0] = [at[a], at[b]];
          return x === y ? ((key[a] ?? '') < (key[b] ?? '') ? -1 : 1) : x - y;
        })
        .flatMap((row) => [row, ...under(row)]);
    expect(
      shown(
        steps,
        given.map((_, row) => row),
      ),
    ).toEqual(under(-1));
  }
});
