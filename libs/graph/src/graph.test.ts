import fc from 'fast-check';
import { criticalChain, exactDrag, type Graph, graphOf, groupDrag, longestPaths, topologicalOrder, totalSlack } from './index.ts';

type Edge = readonly [from: number, to: number];

const graphOfEdges = (nodeCount: number, edges: readonly Edge[]): Graph =>
  graphOf(
    nodeCount,
    edges.map(([from]) => from),
    edges.map(([, to]) => to),
  );

function analyse(weights: readonly number[], edges: readonly Edge[]) {
  const given = Float64Array.from(weights);
  const graph = graphOfEdges(weights.length, edges);
  const { order } = topologicalOrder(graph);
  if (order === undefined) throw new Error('the graph has a cycle');
  const paths = longestPaths(graph, order, given);
  return { graph, order, given, paths, drag: exactDrag(graph, order, given, paths), slack: totalSlack(paths, given) };
}

/** The longest path as anyone would compute it: for each node, in an order of ids, the best of its predecessors. */
function longestByHand(weights: readonly number[], edges: readonly Edge[]): number {
  const finish = [...weights];
  for (let round = 0; round < weights.length; round++) {
    for (const [from, to] of edges) finish[to] = Math.max(finish[to]!, finish[from]! + weights[to]!);
  }
  return Math.max(0, ...finish);
}

/** A random DAG whose ids are no topological order. */
const dag = fc
  .integer({ min: 1, max: 60 })
  .chain((n) =>
    fc.record({
      weights: fc.array(fc.oneof(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 1000 })), {
        minLength: n,
        maxLength: n,
      }),
      pairs: fc.array(fc.tuple(fc.nat(n - 1), fc.nat(n - 1)), { maxLength: 3 * n }),
      ids: fc.shuffledSubarray([...Array(n).keys()], { minLength: n, maxLength: n }),
    }),
  )
  .map(({ weights, pairs, ids }) => ({
    weights,
    edges: pairs.filter(([a, b]) => a !== b).map(([a, b]): Edge => (a < b ? [ids[a]!, ids[b]!] : [ids[b]!, ids[a]!])),
  }));
const runs = { numRuns: 600 };

test('D1 the drag of every node is what the path loses when the node takes no time', () => {
  fc.assert(
    fc.property(dag, ({ weights, edges }) => {
      const { drag, paths } = analyse(weights, edges);
      expect(paths.length).toBe(longestByHand(weights, edges));
      expect([...drag]).toEqual(weights.map((_, node) => paths.length - longestByHand(weights.with(node, 0), edges)));
    }),
    runs,
  );
});

test('D2 a drag is never negative nor above the weight, also for weights that are no whole numbers', () => {
  fc.assert(
    fc.property(dag, ({ weights, edges }) => {
      const odd = weights.map((weight) => weight / 3);
      const { drag, paths } = analyse(odd, edges);
      drag.forEach((value, node) => {
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(odd[node]!);
        expect(value).toBeCloseTo(paths.length - longestByHand(odd.with(node, 0), edges), 6);
      });
    }),
    { numRuns: 200 },
  );
});

test('slack is how much longer a node could be before the path grows', () => {
  fc.assert(
    fc.property(dag, ({ weights, edges }) => {
      const { slack, paths } = analyse(weights, edges);
      slack.forEach((free, node) => {
        expect(longestByHand(weights.with(node, weights[node]! + free), edges)).toBe(paths.length);
        expect(longestByHand(weights.with(node, weights[node]! + free + 1), edges)).toBe(paths.length + 1);
      });
    }),
    { numRuns: 200 },
  );
});

test('the drag of a group is what the path loses when all of it takes no time', () => {
  fc.assert(
    fc.property(dag, fc.integer({ min: 2, max: 5 }), ({ weights, edges }, every) => {
      const { graph, order, given, paths } = analyse(weights, edges);
      const group = weights.map((_, node) => node).filter((node) => node % every === 0);
      const without = weights.map((weight, node) => (node % every === 0 ? 0 : weight));
      expect(groupDrag(graph, order, given, paths, group)).toBe(paths.length - longestByHand(without, edges));
    }),
    { numRuns: 200 },
  );
});

test('the critical chain is a path, and as long as the longest', () => {
  fc.assert(
    fc.property(dag, ({ weights, edges }) => {
      const { graph, paths } = analyse(weights, edges);
      const chain = criticalChain(graph, paths);
      expect(chain.reduce((sum, node) => sum + weights[node]!, 0)).toBe(paths.length);
      chain.slice(1).forEach((node, i) => expect(edges).toContainEqual([chain[i], node]));
    }),
    runs,
  );
});

test('of two near-twins the longer has only the difference as drag; the step after both has all of its own', () => {
  // 0 → 1 (880) and 2 (873) → 3
  const { drag, slack, paths } = analyse([10, 880, 873, 40], [[0, 1], [0, 2], [1, 3], [2, 3]]); // prettier-ignore
  expect(paths.length).toBe(930);
  expect([...drag]).toEqual([10, 7, 0, 40]);
  expect([...slack]).toEqual([0, 0, 7, 0]);
});

test('a step beside everything bounds the drag of the others', () => {
  expect([...analyse([10, 10, 18], [[0, 1]]).drag]).toEqual([2, 2, 0]);
});

test('a graph without nodes has a path of length 0', () => {
  const { paths, drag, graph } = analyse([], []);
  expect([paths.length, drag.length, criticalChain(graph, paths)]).toEqual([0, 0, []]);
});

test('an edge given twice counts once', () => {
  expect(graphOfEdges(3, [[0, 2], [0, 1], [0, 2], [1, 2]]).edgeCount).toBe(3); // prettier-ignore
});

test('an edge to itself, or of a node that is not there, is refused by name', () => {
  expect(() => graphOfEdges(3, [[2, 2]])).toThrow(new RangeError('node 2 has an edge to itself; leave it out'));
  expect(() => graphOfEdges(3, [[0, 3]])).toThrow(new RangeError('the edge 0 → 3 has the node 3; nodes are 0 to 2'));
});

test('the order has each node once, after its predecessors', () => {
  fc.assert(
    fc.property(dag, ({ weights, edges }) => {
      const { order } = analyse(weights, edges);
      expect([...order].sort((a, b) => a - b)).toEqual([...weights.keys()]);
      for (const [from, to] of edges) expect(order.indexOf(from)).toBeLessThan(order.indexOf(to));
    }),
    runs,
  );
});

test('a graph that cannot be ordered names a cycle that is there', () => {
  const anyEdges = fc
    .integer({ min: 2, max: 20 })
    .chain((n) => fc.record({ n: fc.constant(n), pairs: fc.array(fc.tuple(fc.nat(n - 1), fc.nat(n - 1)), { maxLength: 40 }) }));
  let cyclic = 0;
  fc.assert(
    fc.property(anyEdges, ({ n, pairs }) => {
      const edges = pairs.filter(([a, b]) => a !== b);
      const { cycle } = topologicalOrder(graphOfEdges(n, edges));
      if (cycle === undefined) return;
      cyclic++;
      expect(new Set(cycle).size).toBe(cycle.length);
      cycle.forEach((node, i) => expect(edges).toContainEqual([node, cycle[(i + 1) % cycle.length]]));
    }),
    runs,
  );
  expect(cyclic).toBeGreaterThan(20);
});

test('a chain and a star of 200,000 overflow nothing', () => {
  const n = 200_000;
  const nodes = Float64Array.from({ length: n - 1 }, (_, i) => i);
  const weights = new Float64Array(n).fill(1);
  const chain = graphOf(n, nodes, nodes.map((i) => i + 1)); // prettier-ignore
  const star = graphOf(n, nodes.map(() => 0), nodes.map((i) => i + 1)); // prettier-ignore
  for (const [graph, length, dragOfFirst, dragOfLast] of [
    [chain, n, 1, 1],
    [star, 2, 1, 0],
  ] as const) {
    const { order } = topologicalOrder(graph);
    const paths = longestPaths(graph, order!, weights);
    const drag = exactDrag(graph, order!, weights, paths);
    expect([paths.length, drag[0], drag[n - 1]]).toEqual([length, dragOfFirst, dragOfLast]);
    expect(criticalChain(graph, paths).length).toBe(length);
  }
  const ring = topologicalOrder(graphOf(n, [...nodes, n - 1], [...nodes.map((i) => i + 1), 0]));
  expect(ring.cycle?.length).toBe(n);
});
