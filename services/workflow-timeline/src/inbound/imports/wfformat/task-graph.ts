import { type Graph, graphOf, topologicalOrder } from '@tmws/graph';
import { Problem } from '@tmws/problems';
import { shown, wrong } from '../json.ts';
import type { Task } from './task.ts';

export interface TaskGraph {
  readonly graph: Graph;
  /** Task numbers, each after its predecessors. */
  readonly order: Int32Array;
}

/** As many predecessors as a step may tell. */
const maxParents = 10_000;

/**
 * The edges of both lists, parents and children. In all 167 readable WfInstances the two say the same; 1.4 has files without
 * `children` and some that name parents by name where ids differ, so neither list alone will do.
 *
 * @throws Problem `invalid` for a task named that is not there, two of one id, or a cycle
 */
export function taskGraph(tasks: readonly Task[]): TaskGraph {
  const find = findTask(tasks);
  const from: number[] = [];
  const to: number[] = [];
  const add = (before: number, after: number, at: string): void => {
    if (before === after)
      throw new Problem('invalid', `${at} names the task itself; a task cannot wait for itself`, { field: at });
    from.push(before);
    to.push(after);
  };
  tasks.forEach(({ at, parents, children }, number) => {
    parents.forEach((name, i) => {
      if (name !== '') add(find(name, `${at}.parents[${i}]`), number, `${at}.parents[${i}]`);
    });
    children.forEach((name, i) => {
      if (name !== '') add(number, find(name, `${at}.children[${i}]`), `${at}.children[${i}]`);
    });
  });
  const graph = graphOf(tasks.length, from, to);
  tasks.forEach(({ at }, number) => {
    const count = (graph.predecessorStart[number + 1] ?? 0) - (graph.predecessorStart[number] ?? 0);
    if (count > maxParents)
      throw new Problem('invalid', `${at} has ${count} parents; a task may have at most ${maxParents}`, {
        field: `${at}.parents`,
      });
  });
  const { order, cycle } = topologicalOrder(graph);
  if (order !== undefined) return { graph, order };
  const [first] = cycle;
  const at = tasks[first ?? 0]?.at ?? '$';
  const names = cycle.slice(0, 8).map((number) => shown(tasks[number]?.id));
  const round = `${names.join(' → ')}${cycle.length > 8 ? ` → … (${cycle.length} tasks)` : ''} → ${names[0]}`;
  throw new Problem('invalid', `${at} is part of a cycle: ${round}; a task cannot wait for itself`, { field: at });
}

/** By id, else by name. Nextflow gives many tasks one name; such a name finds none. */
function findTask(tasks: readonly Task[]): (name: string, at: string) => number {
  const byId = new Map<string, number>();
  const byName = new Map<string, number>();
  const ambiguous = new Set<string>();
  tasks.forEach(({ id, name, at }, number) => {
    const other = byId.get(id);
    if (other !== undefined) throw wrong(`${at}.id`, `another id than that of ${tasks[other]?.at ?? ''}`, id);
    byId.set(id, number);
    if (byName.has(name)) ambiguous.add(name);
    byName.set(name, number);
  });
  return (name, at) => {
    const number = byId.get(name) ?? (ambiguous.has(name) ? undefined : byName.get(name));
    if (number === undefined) throw wrong(at, 'the id of a task of this file', name);
    return number;
  };
}
