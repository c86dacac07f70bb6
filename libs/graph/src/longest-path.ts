import type { Graph } from './graph.ts';

/** Longest paths by node weight, in the unit of the weights. */
export interface LongestPaths {
  /** Of the longest path of all: the critical path. */
  readonly length: number;
  /** By node: the longest path that ends with it, its own weight included. */
  readonly earliestFinish: Float64Array;
  /** By node: the longest path that begins with it, its own weight included. */
  readonly tail: Float64Array;
}

/**
 * Longest paths of a graph with weights on its nodes. O(V + E).
 *
 * Weights are finite and ≥ 0. Whole numbers (ns, say) are exact as long as the longest path is at most 2^53 (104 days of ns).
 *
 * @param order  of topologicalOrder
 */
export function longestPaths(graph: Graph, order: Int32Array, weights: Float64Array): LongestPaths {
  const { nodeCount, successorStart, successors } = graph;
  const earliestFinish = finishes(graph, order, weights);
  const tail = new Float64Array(nodeCount);
  let length = 0;
  for (let place = nodeCount - 1; place >= 0; place--) {
    const node = order[place] ?? 0;
    const end = successorStart[node + 1] ?? 0;
    let longest = 0;
    for (let i = successorStart[node] ?? 0; i < end; i++) {
      const after = tail[successors[i] ?? 0] ?? 0;
      if (after > longest) longest = after;
    }
    const whole = longest + (weights[node] ?? 0);
    tail[node] = whole;
    if (whole > length) length = whole;
  }
  return { length, earliestFinish, tail };
}

/** By node: the longest path that ends with it. */
export function finishes(graph: Graph, order: Int32Array, weights: Float64Array): Float64Array {
  const { nodeCount, predecessorStart, predecessors } = graph;
  const finish = new Float64Array(nodeCount);
  for (let place = 0; place < nodeCount; place++) {
    const node = order[place] ?? 0;
    const end = predecessorStart[node + 1] ?? 0;
    let longest = 0;
    for (let i = predecessorStart[node] ?? 0; i < end; i++) {
      const before = finish[predecessors[i] ?? 0] ?? 0;
      if (before > longest) longest = before;
    }
    finish[node] = longest + (weights[node] ?? 0);
  }
  return finish;
}

/** By node: how much longer it could be before the longest path grows. 0 on every longest path; never negative. */
export function totalSlack({ length, earliestFinish, tail }: LongestPaths, weights: Float64Array): Float64Array {
  const slack = new Float64Array(weights.length);
  for (let node = 0; node < weights.length; node++) {
    const through = (earliestFinish[node] ?? 0) + (tail[node] ?? 0) - (weights[node] ?? 0);
    slack[node] = Math.max(0, length - through);
  }
  return slack;
}

/** One longest path, first node first; where several are as long, the one through the lowest node numbers. Empty for no nodes. */
export function criticalChain(graph: Graph, { tail }: LongestPaths): number[] {
  const { nodeCount, successorStart, successors } = graph;
  const longestOf = (a: number, b: number): number => {
    if (a === -1) return b;
    const difference = (tail[b] ?? 0) - (tail[a] ?? 0);
    return difference > 0 || (difference === 0 && b < a) ? b : a;
  };
  let node = -1;
  for (let other = 0; other < nodeCount; other++) node = longestOf(node, other);
  const chain: number[] = [];
  while (node !== -1) {
    chain.push(node);
    const end = successorStart[node + 1] ?? 0;
    let next = -1;
    for (let i = successorStart[node] ?? 0; i < end; i++) next = longestOf(next, successors[i] ?? 0);
    node = next;
  }
  return chain;
}
