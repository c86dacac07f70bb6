import { Problem } from '@tmws/problems';
import type { Run } from './task.ts';
import type { TaskGraph } from './task-graph.ts';

export interface Times {
  readonly startNs: bigint;
  readonly endNs: bigint;
}

/** 2200-01-01, after which no time is taken. */
const lastNs = 7_258_118_400_000_000_000n;

/**
 * When each task ran. One that tells its start has it; of the others each starts when the last of its predecessors ended, the
 * first at `fromNs`, on as many machines as are needed: which of them waited for a machine, and how long, no file tells.
 *
 * @throws Problem `invalid` for a task that would end after 2200
 * @returns by task; a task that did not run ends when it could have begun
 */
export function schedule({ graph, order }: TaskGraph, runs: readonly (Run | undefined)[], fromNs: bigint): Times[] {
  const times: Times[] = runs.map(() => ({ startNs: fromNs, endNs: fromNs }));
  for (const task of order) {
    let startNs = fromNs;
    const last = graph.predecessorStart[task + 1] ?? 0;
    for (let i = graph.predecessorStart[task] ?? 0; i < last; i++) {
      const { endNs } = times[graph.predecessors[i] ?? 0] ?? { endNs: fromNs };
      if (endNs > startNs) startNs = endNs;
    }
    const run = runs[task];
    startNs = run?.startNs ?? startNs;
    const endNs = startNs + (run?.runtimeNs ?? 0n);
    if (endNs >= lastNs) throw tooLate(run);
    times[task] = { startNs, endNs };
  }
  return times;
}

function tooLate(run: Run | undefined): Problem {
  const at = run?.at ?? '$.workflow.execution.tasks';
  return new Problem('invalid', `${at} ends after 2200; its start and runtimeInSeconds, with those before it, are too large`, {
    field: at,
  });
}
