import { dependentsOf } from './dependents.ts';
import { etaOf } from './eta.ts';
import { failureBeside, failuresOf, longestCritical } from './find-step.ts';
import { placeInLayers } from './layers.ts';
import { orderBy } from './sort-steps.ts';
import { graphAround, graphOfNames } from './step-graph.ts';
import { manySteps } from './testing/many-steps.ts';

test('failures come in the order they ended in; a step that failed because one under it did is none', () => {
  const steps = manySteps([
    { name: 'question', status: 'failed', endNs: 10 },
    { name: 'late', parent: 0, status: 'timed_out', endNs: 30 },
    { name: 'early', status: 'failed', endNs: 20 },
    { name: 'good', endNs: 5 },
  ]);
  const failures = failuresOf(steps);
  expect(failures).toEqual([2, 1]);
  expect(failureBeside(failures, -1, 1)).toBe(2);
  expect(failureBeside(failures, 1, 1)).toBe(2);
  expect(failureBeside(failures, 2, -1)).toBe(1);
  expect(failureBeside([], 2, 1)).toBeUndefined();
});

test('the longest critical step is one that holds no other', () => {
  const steps = manySteps([
    { name: 'all', critical: true, startNs: 0, endNs: 100 },
    { name: 'short', parent: 0, critical: true, startNs: 0, endNs: 30 },
    { name: 'long', parent: 0, critical: true, startNs: 30, endNs: 100 },
  ]);
  expect(longestCritical({ ...steps, bars: { ...steps.bars, critical: Uint8Array.of(1, 1, 1) } })).toBe(2);
  expect(longestCritical({ ...steps, bars: { ...steps.bars, critical: Uint8Array.of(1, 1, 1) } }, (row) => row === 1)).toBe(1);
  expect(longestCritical(manySteps([{ name: 'a' }]))).toBeUndefined();
});

test('100,000 numbers are put in order, equal ones as they stood, unknown ones last', () => {
  const values = Float32Array.from([3, NaN, -1, 3, 0, 1e12, 2.5]);
  expect([...orderBy(values, false)]).toEqual([2, 4, 6, 0, 3, 5, 1]);
  expect([...orderBy(values, true)]).toEqual([5, 0, 3, 6, 4, 2, 1]);
});

const chain = manySteps([
  { name: 'a' },
  { name: 'b-1', on: [0] },
  { name: 'b-2', on: [0] },
  { name: 'c', on: [1, 2] },
  { name: 'alone' },
]);

test('what waited for a step is found from the step', () => {
  const dependents = dependentsOf(chain);
  expect([0, 1, 3, -1].map((row) => dependents(row))).toEqual([[1, 2], [3], [], []]);
});

test('the graph around a step has what it waited for and what waited for it, the nearest first', () => {
  const dependents = dependentsOf(chain);
  expect(graphAround(chain, dependents, 1).nodes.map(({ name }) => name)).toEqual(['b-1', 'a', 'c', 'b-2']);
  expect(graphAround(chain, dependents, 1, 2)).toMatchObject({ nodes: [{ name: 'b-1' }, { name: 'a' }], leftOut: 2 });
});

test('the graph of names has one node for all steps of a name', () => {
  const { nodes, edges } = graphOfNames(chain);
  expect(nodes.map(({ name, steps }) => [name, steps])).toEqual([
    ['b-#', 2],
    ['a', 1],
    ['c', 1],
    ['alone', 1],
  ]);
  expect(edges).toHaveLength(2);
});

test('a node stands in a layer after all it waits for, and a circle is drawn too', () => {
  const { at } = placeInLayers(graphAround(chain, dependentsOf(chain), 3));
  expect([0, 1, 2, 3].map((row) => at.get(row)?.[0])).toEqual([0, 1, 1, 2]);
  const node = (id: number) => ({ id, name: '', status: 'completed', critical: false, steps: 1, row: id });
  const circle = {
    nodes: [node(1), node(2)],
    edges: [
      [1, 2],
      [2, 1],
    ] as const,
    leftOut: 0,
  };
  expect(placeInLayers(circle).at.size).toBe(2);
});

test('when it is likely to end is told with how many runs that is known from', () => {
  const history = { runs: 40, p50Ns: 60e9, p90Ns: 90e9 };
  expect(etaOf(history, 20e9)).toBe(
    '40 completed runs of this workflow took 1 m (p50) to 1 m 30 s (p90): likely done in 40 s to 1 m 10 s.',
  );
  expect(etaOf(history, 70e9)).toMatch(/likely done within 20 s\.$/);
  expect(etaOf(history, 100e9)).toMatch(/this one is longer than 9 of 10\.$/);
});
