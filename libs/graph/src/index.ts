export { exactDrag, groupDrag } from './drag.ts';
export { type Graph, graphOf } from './graph.ts';
export { criticalChain, longestPaths, type LongestPaths, totalSlack } from './longest-path.ts';
export { type Ordered, topologicalOrder } from './topological-order.ts';
