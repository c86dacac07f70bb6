// The steps as a graph small enough to be read: what lies around one step, or one node for all steps of a name.
import { eachDependency, nameOf, statusOf, type Steps, typeName } from './steps.ts';
import { hasFailed } from './status.ts';

export interface GraphNode {
  readonly id: number;
  readonly name: string;
  readonly status: string;
  readonly critical: boolean;
  /** How many steps it stands for. */
  readonly steps: number;
  /** A row to choose by it. */
  readonly row: number;
}

export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly (readonly [from: number, to: number])[];
  /** How many nodes were left out. */
  readonly leftOut: number;
}

/** At most so many steps, the nearest first: what it waited for, what waited for it, and what lies over and under it. */
export function graphAround(steps: Steps, dependents: (row: number) => number[], centre: number, most = 60): Graph {
  const near = [centre];
  const seen = new Set(near);
  const leftOut = new Set<number>();
  for (let at = 0; at < near.length; at++) {
    const row = near[at] ?? 0;
    const beside: number[] = [];
    eachDependency(steps, row, (on) => beside.push(on));
    beside.push(...dependents(row));
    for (const each of beside) {
      if (seen.has(each)) continue;
      if (seen.size >= most) leftOut.add(each);
      else {
        seen.add(each);
        near.push(each);
      }
    }
  }
  const nodes = near.map((row) => ({
    id: row,
    name: nameOf(steps, row),
    status: statusOf(steps, row),
    critical: steps.rows.critical[row] === 1,
    steps: 1,
    row,
  }));
  const edges: [number, number][] = [];
  for (const row of near) eachDependency(steps, row, (on) => seen.has(on) && edges.push([on, row]));
  return { nodes, edges, leftOut: leftOut.size };
}

/** One node for each name; the most frequent ones where there are many. */
export function graphOfNames(steps: Steps, most = 100): Graph {
  const { rows, statuses } = steps;
  const counts = new Map<number, { steps: number; row: number; failed: boolean; critical: boolean }>();
  const bad = statuses.map(hasFailed);
  for (let row = 0; row < rows.count; row++) {
    const type = rows.type[row] ?? 0;
    const failed = bad[rows.status[row] ?? 0] === true;
    const critical = rows.critical[row] === 1;
    const known = counts.get(type);
    if (known === undefined) counts.set(type, { steps: 1, row, failed, critical });
    else {
      known.steps++;
      if (failed && !known.failed) known.row = row;
      known.failed ||= failed;
      known.critical ||= critical;
    }
  }
  const kept = [...counts].sort(([, a], [, b]) => b.steps - a.steps).slice(0, most);
  const known = new Set(kept.map(([type]) => type));
  const edges = new Map<string, [number, number]>();
  for (let row = 0; row < rows.count; row++) {
    const to = rows.type[row] ?? 0;
    if (!known.has(to)) continue;
    eachDependency(steps, row, (on) => {
      const from = rows.type[on] ?? 0;
      if (from !== to && known.has(from)) edges.set(`${from} ${to}`, [from, to]);
    });
  }
  const nodes = kept.map(([type, { steps: count, row, failed, critical }]) => ({
    id: type,
    name: typeName(steps, type),
    status: failed ? 'failed' : statusOf(steps, row),
    critical,
    steps: count,
    row,
  }));
  return { nodes, edges: [...edges.values()], leftOut: counts.size - kept.length };
}
