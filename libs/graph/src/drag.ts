import { greatestCovering } from './range-greatest.ts';
import type { Graph } from './graph.ts';
import { finishes, type LongestPaths, totalSlack } from './longest-path.ts';

/** Sums of weights that are no whole numbers differ by their order; nearer than this part of the path counts as equal. */
const roundingShare = 1e-9;

/**
 * By node: its exact drag, what the longest path would lose if the node took no time.
 *
 * drag(v) = min(weight(v), length − longest path that avoids v). A path avoids v when it goes over an edge (a, b) with a before
 * and b after v in the topological order, or lies before or after v altogether; the first is the greatest earliestFinish(a) +
 * tail(b) of all edges over v. Only nodes without slack can have drag, so edges are looked at between those. O(E log V).
 *
 *   D1  equal to computing the longest path again with the node's weight 0, for every node
 *   D2  0 ≤ drag ≤ weight
 */
export function exactDrag(graph: Graph, order: Int32Array, weights: Float64Array, paths: LongestPaths): Float64Array {
  const { nodeCount, successorStart, successors } = graph;
  const { length, earliestFinish, tail } = paths;
  const candidates = criticalPlaces(order, totalSlack(paths, weights), length * roundingShare);
  const { before, places, count } = candidates;

  const from = new Int32Array(graph.edgeCount);
  const to = new Int32Array(graph.edgeCount);
  const value = new Float64Array(graph.edgeCount);
  const placeOf = new Int32Array(nodeCount);
  for (let place = 0; place < nodeCount; place++) placeOf[order[place] ?? 0] = place;
  let spans = 0;
  for (let a = 0; a < nodeCount; a++) {
    const first = before[(placeOf[a] ?? 0) + 1] ?? 0;
    const end = successorStart[a + 1] ?? 0;
    for (let i = successorStart[a] ?? 0; i < end; i++) {
      const b = successors[i] ?? 0;
      const last = before[placeOf[b] ?? 0] ?? 0;
      if (last <= first) continue;
      from[spans] = first;
      to[spans] = last;
      value[spans++] = (earliestFinish[a] ?? 0) + (tail[b] ?? 0);
    }
  }
  const avoiding = greatestCovering(count, from.subarray(0, spans), to.subarray(0, spans), value);
  const after = greatestAfter(order, tail);

  const drag = new Float64Array(nodeCount);
  let finished = 0;
  let place = 0;
  for (let i = 0; i < count; i++) {
    const at = places[i] ?? 0;
    for (; place < at; place++) finished = Math.max(finished, earliestFinish[order[place] ?? 0] ?? 0);
    const node = order[at] ?? 0;
    const longest = Math.max(avoiding[i] ?? 0, finished, after[at + 1] ?? 0);
    drag[node] = Math.min(weights[node] ?? 0, Math.max(0, length - longest));
  }
  return drag;
}

/** What the longest path would lose if all nodes of one group took no time. One pass, O(V + E). */
export function groupDrag(
  graph: Graph,
  order: Int32Array,
  weights: Float64Array,
  { length }: LongestPaths,
  group: Iterable<number>,
): number {
  const without = weights.slice();
  for (const node of group) without[node] = 0;
  const longest = finishes(graph, order, without).reduce((a, b) => Math.max(a, b), 0);
  return Math.max(0, length - longest);
}

/** The places of nodes without slack, and by place how many of them lie before it. */
function criticalPlaces(
  order: Int32Array,
  slack: Float64Array,
  tolerance: number,
): { before: Int32Array; places: Int32Array; count: number } {
  const before = new Int32Array(order.length + 1);
  const places = new Int32Array(order.length);
  let count = 0;
  for (let place = 0; place < order.length; place++) {
    if ((slack[order[place] ?? 0] ?? 0) <= tolerance) places[count++] = place;
    before[place + 1] = count;
  }
  return { before, places, count };
}

/** By place: the greatest tail from there on. */
function greatestAfter(order: Int32Array, tail: Float64Array): Float64Array {
  const after = new Float64Array(order.length + 1);
  for (let place = order.length - 1; place >= 0; place--) {
    after[place] = Math.max(after[place + 1] ?? 0, tail[order[place] ?? 0] ?? 0);
  }
  return after;
}
