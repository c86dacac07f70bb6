/**
 * A directed graph in compressed sparse rows: the successors of v are `successors[successorStart[v] … successorStart[v + 1]]`,
 * its predecessors likewise. Nodes are 0 … nodeCount - 1; no edge is there twice.
 */
export interface Graph {
  readonly nodeCount: number;
  readonly edgeCount: number;
  readonly successorStart: Int32Array;
  readonly successors: Int32Array;
  readonly predecessorStart: Int32Array;
  readonly predecessors: Int32Array;
}

/**
 * A graph of its edges, `from[i] → to[i]`. O(V + E). An edge given twice counts once.
 *
 * @throws RangeError for a self-loop, a node outside 0 … nodeCount - 1, or lists of different length
 */
export function graphOf(nodeCount: number, from: ArrayLike<number>, to: ArrayLike<number>): Graph {
  if (from.length !== to.length) throw new RangeError(`edges need both ends: ${from.length} from, ${to.length} to`);
  for (let i = 0; i < from.length; i++) checkEdge(nodeCount, from[i] ?? -1, to[i] ?? -1);
  const given = rowsBy(nodeCount, from, to);

  const successorStart = new Int32Array(nodeCount + 1);
  const sources = new Int32Array(from.length);
  const targets = new Int32Array(from.length);
  const lastFrom = new Int32Array(nodeCount).fill(-1);
  let edgeCount = 0;
  for (let node = 0; node < nodeCount; node++) {
    const end = given.start[node + 1] ?? 0;
    for (let i = given.start[node] ?? 0; i < end; i++) {
      const target = given.ends[i] ?? 0;
      if (lastFrom[target] === node) continue;
      lastFrom[target] = node;
      sources[edgeCount] = node;
      targets[edgeCount++] = target;
    }
    successorStart[node + 1] = edgeCount;
  }
  const successors = targets.slice(0, edgeCount);
  const { start, ends } = rowsBy(nodeCount, successors, sources.subarray(0, edgeCount));
  return { nodeCount, edgeCount, successorStart, successors, predecessorStart: start, predecessors: ends };
}

/** Other ends by node, in the order given: counting sort. */
function rowsBy(nodeCount: number, nodes: ArrayLike<number>, others: ArrayLike<number>): { start: Int32Array; ends: Int32Array } {
  const start = new Int32Array(nodeCount + 1);
  for (let i = 0; i < nodes.length; i++) {
    const next = (nodes[i] ?? 0) + 1;
    start[next] = (start[next] ?? 0) + 1;
  }
  for (let node = 0; node < nodeCount; node++) start[node + 1] = (start[node + 1] ?? 0) + (start[node] ?? 0);
  const at = start.slice(0, nodeCount);
  const ends = new Int32Array(nodes.length);
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i] ?? 0;
    const place = at[node] ?? 0;
    ends[place] = others[i] ?? 0;
    at[node] = place + 1;
  }
  return { start, ends };
}

function checkEdge(nodeCount: number, from: number, to: number): void {
  for (const node of [from, to]) {
    if (!Number.isInteger(node) || node < 0 || node >= nodeCount) {
      throw new RangeError(`the edge ${from} → ${to} has the node ${node}; nodes are 0 to ${nodeCount - 1}`);
    }
  }
  if (from === to) throw new RangeError(`node ${from} has an edge to itself; leave it out`);
}
