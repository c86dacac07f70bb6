import { create } from '@bufbuild/protobuf';
import { type Fact, FactSchema, StepEventSchema } from '@tmws/contracts';
import { timestampOf } from '../recorded-facts.ts';
import type { Times } from './schedule.ts';
import type { FileUse, Run, Task } from './task.ts';

/** A task and what it waits for; a shared file makes an edge one of data. */
export interface PlacedTask {
  readonly task: Task;
  readonly run: Run | undefined;
  readonly times: Times;
  readonly parents: readonly Parent[];
  readonly kind: string;
}

export interface Parent {
  readonly id: string;
  readonly outputs: ReadonlySet<string>;
}

/** The fact of one task: it ran once and completed, or nothing is recorded of its run. */
export function taskFact(executionId: string, { task, run, times, parents, kind }: PlacedTask): Fact {
  const step = create(StepEventSchema, { executionId, stepId: task.id, name: task.name, kind, attempt: 1 });
  const files = new Set(task.inputs.map(({ name }) => name));
  step.dependsOn = parents.map(({ id, outputs }) => ({
    $typeName: 'tmws.events.v1.Dependency',
    stepId: id,
    kind: files.isDisjointFrom(outputs) ? 'control' : 'data',
    path: [],
    spanId: '',
  }));
  step.reads = task.inputs.map(accessOf);
  step.writes = task.outputs.map(accessOf);
  if (run !== undefined) tellRun(step, run, times);
  return create(FactSchema, {
    id: task.id,
    type: run === undefined ? 'tmws.step.skipped' : 'tmws.step.completed',
    time: timestampOf(times.endNs),
    data: { case: 'step', value: step },
  });
}

function tellRun(step: ReturnType<typeof create<typeof StepEventSchema>>, run: Run, { startNs, endNs }: Times): void {
  const { cpuShare, memoryBytes, machines, cores } = run;
  step.startedAt = { $typeName: 'google.protobuf.Timestamp', ...timestampOf(startNs) };
  step.finishedAt = { $typeName: 'google.protobuf.Timestamp', ...timestampOf(endNs) };
  if (cpuShare !== undefined || memoryBytes !== undefined) {
    step.usage = {
      $typeName: 'tmws.events.v1.Usage',
      cpuSeconds: (cpuShare ?? 0) * (Number(run.runtimeNs) / 1e9),
      memoryBytes: BigInt(Math.round(memoryBytes ?? 0)),
      tokens: 0n,
      costUsd: 0,
    };
  }
  if (machines.length > 0 || cores !== undefined)
    step.resource = { $typeName: 'tmws.events.v1.Resource', pool: '', worker: machines.join(', '), cores: cores ?? 0 };
  if (Object.keys(run.attributes).length > 0) step.attributes = run.attributes;
}

function accessOf({ name, bytes }: FileUse) {
  return { $typeName: 'tmws.events.v1.DataAccess' as const, key: name, hash: '', bytes };
}
