import type { Graph } from './graph.ts';

export type Ordered =
  /** All nodes, each after its predecessors. */
  | { readonly order: Int32Array; readonly cycle: undefined }
  /** One cycle that is there: each has an edge to the next, the last to the first. */
  | { readonly order: undefined; readonly cycle: readonly number[] };

/** An order in which each node comes after its predecessors, or a cycle that forbids it. O(V + E), the same for the same graph. */
export function topologicalOrder(graph: Graph): Ordered {
  const { nodeCount, successorStart, successors, predecessorStart } = graph;
  const missing = new Int32Array(nodeCount);
  const order = new Int32Array(nodeCount);
  let filled = 0;
  for (let node = 0; node < nodeCount; node++) {
    const count = (predecessorStart[node + 1] ?? 0) - (predecessorStart[node] ?? 0);
    missing[node] = count;
    if (count === 0) order[filled++] = node;
  }
  for (let done = 0; done < filled; done++) {
    const node = order[done] ?? 0;
    const end = successorStart[node + 1] ?? 0;
    for (let i = successorStart[node] ?? 0; i < end; i++) {
      const next = successors[i] ?? 0;
      const left = (missing[next] ?? 0) - 1;
      missing[next] = left;
      if (left === 0) order[filled++] = next;
    }
  }
  return filled === nodeCount ? { order, cycle: undefined } : { order: undefined, cycle: cycleAmong(graph, missing) };
}

/** Walks back from a node that was never free; each such node has a predecessor of the same sort, so the walk meets itself. */
function cycleAmong({ nodeCount, predecessorStart, predecessors }: Graph, missing: Int32Array): number[] {
  const seenAt = new Int32Array(nodeCount).fill(-1);
  const walk: number[] = [];
  let node = missing.findIndex((count) => count > 0);
  while (seenAt[node] === -1) {
    seenAt[node] = walk.length;
    walk.push(node);
    const end = predecessorStart[node + 1] ?? 0;
    for (let i = predecessorStart[node] ?? 0; i < end; i++) {
      const before = predecessors[i] ?? 0;
      if ((missing[before] ?? 0) === 0) continue;
      node = before;
      break;
    }
  }
  return walk.slice(seenAt[node]).reverse();
}
