import { exactDrag, graphOf, groupDrag, longestPaths, topologicalOrder, totalSlack } from '@tmws/graph';
import type { Bench } from './bench.ts';
import { residentMiB } from './process-figures.ts';

const nodeCount = 1_000_000;
const edgeCount = 3_000_000;
const reach = 1_000;
const seed = 42;
const limits = { criticalPathSeconds: 1, dragSeconds: 3 };

/** Critical path, slack and exact drag of a graph of a million nodes. */
export const graph: Bench = {
  what: 'critical path, slack and exact drag of 1 M nodes and 3 M edges, in libs/graph',
  run() {
    const { from, to, weights } = layeredGraph();
    const residentBefore = residentMiB(process.pid);
    const [built, buildSeconds] = timed(() => graphOf(nodeCount, from, to));
    const [found, pathSeconds] = timed(() => {
      const { order } = topologicalOrder(built);
      if (order === undefined) throw new Error('the graph has a cycle');
      const paths = longestPaths(built, order, weights);
      return { order, paths, slack: totalSlack(paths, weights) };
    });
    const { order, paths, slack } = found;
    const [drag, dragSeconds] = timed(() => exactDrag(built, order, weights, paths));
    const resident = residentMiB(process.pid);
    // The dearest case: no node has slack, so every edge is looked at.
    const even = new Float64Array(nodeCount);
    const evenPaths = longestPaths(built, order, even);
    const [, evenSeconds] = timed(() => exactDrag(built, order, even, evenPaths));

    const critical = slack.reduce((count, free) => count + (free < 1e-6 ? 1 : 0), 0);
    let checked = 0;
    for (let node = 0; node < nodeCount && checked < 20; node++) {
      if ((drag[node] ?? 0) === 0) continue;
      const byRemoval = groupDrag(built, order, weights, paths, [node]);
      if (Math.abs(byRemoval - (drag[node] ?? 0)) > 1e-6)
        throw new Error(`node ${node} has drag ${drag[node]}, by removal ${byRemoval}`);
      checked++;
    }
    if (pathSeconds > limits.criticalPathSeconds)
      throw new Error(`critical path and slack took ${pathSeconds} s, limit ${limits.criticalPathSeconds} s`);
    if (Math.max(dragSeconds, evenSeconds) > limits.dragSeconds)
      throw new Error(`exact drag took ${dragSeconds} s, ${evenSeconds} s where all is critical, limit ${limits.dragSeconds} s`);
    return Promise.resolve({
      nodes: nodeCount,
      edges: built.edgeCount,
      build_seconds: buildSeconds,
      critical_path_and_slack_seconds: pathSeconds,
      exact_drag_seconds: dragSeconds,
      exact_drag_all_critical_seconds: evenSeconds,
      input_resident_mib: residentBefore,
      resident_mib: resident,
      critical_path_length: paths.length,
      critical_nodes: critical,
      drags_checked_by_removal: checked,
    });
  },
};

function timed<T>(work: () => T): [T, seconds: number] {
  const begin = performance.now();
  return [work(), (performance.now() - begin) / 1000];
}

/** Each node after the first has up to three parents within the thousand ids before it; weights are Exp(10). The same each time. */
function layeredGraph(): { from: Int32Array; to: Int32Array; weights: Float64Array } {
  const random = mulberry32(seed);
  const from = new Int32Array(edgeCount);
  const to = new Int32Array(edgeCount);
  let edges = 0;
  for (let node = 1; node < nodeCount; node++) {
    for (let parent = 0; parent < 3 && edges < edgeCount; parent++) {
      from[edges] = node - 1 - Math.floor(random() * Math.min(node, reach));
      to[edges++] = node;
    }
  }
  const weights = Float64Array.from({ length: nodeCount }, () => -10 * Math.log(1 - random()));
  return { from: from.subarray(0, edges), to: to.subarray(0, edges), weights };
}

/** Random numbers in [0, 1) from a seed (Tommy Ettinger, public domain). */
function mulberry32(state: number): () => number {
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
