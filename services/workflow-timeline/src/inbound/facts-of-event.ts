import { type DescMessage, type MessageShape, toJson } from '@bufbuild/protobuf';
import type { Timestamp } from '@bufbuild/protobuf/wkt';
import {
  DataAccessSchema,
  type Dependency as DependencyMessage,
  type ExecutionEvent,
  type Payload,
  PayloadSchema,
  type PlannedStep,
  type StepEvent,
  type Workflow,
} from '@tmws/contracts';
import type { Accepted } from '@tmws/events';
import type {
  Belonging,
  Dependency,
  ExecutionFact,
  ExecutionFactType,
  Fact,
  Stamp,
  StepFact,
  StepFactType,
} from '../domain/fact.ts';
import { stepKeyOf } from '../domain/step-key.ts';

/** The facts an event tells: one, or for `steps.reported` and plans one a step too. */
export function factsOfEvent({ event, payload }: Accepted): Fact[] {
  const stamp: Stamp = { timeNs: event.timeNs, id: event.id, source: event.source };
  if (payload.case === 'step') return [stepFact(event.type, stamp, payload.value)];
  if (payload.case === 'execution') return executionFacts(event.type, stamp, payload.value);
  // An import is our own announcement, whose facts came from the file; the others lie on topics of their own.
  if (payload.case !== 'reported') return [];
  return payload.value.facts.flatMap((fact, i) => {
    const own: Stamp = { timeNs: ns(fact.time) ?? event.timeNs, id: `${event.id}#${fact.id || String(i)}`, source: event.source };
    const facts =
      fact.data.case === 'step'
        ? [stepFact(fact.type, own, fact.data.value)]
        : fact.data.case === 'execution'
          ? executionFacts(fact.type, own, fact.data.value)
          : [];
    const { workflow } = payload.value;
    return workflow === undefined
      ? facts
      : facts.map((one) => (one.workflow === undefined ? { ...one, workflow: workflowOf(workflow) } : one));
  });
}

function stepFact(type: string, stamp: Stamp, data: StepEvent): StepFact {
  const { stepId, path, iteration } = data;
  return defined({
    about: 'step',
    stamp,
    type: type.replace('tmws.step.', '') as StepFactType,
    step: { stepKey: data.keyedBySpan ? data.spanId : stepKeyOf(path, stepId, iteration), stepId, path, iteration },
    attempt: data.attempt || 1,
    span: data.spanId === '' ? undefined : { id: data.spanId, parentId: data.parentSpanId, kind: data.spanKind },
    ...belonging(data),
    name: data.name || undefined,
    kind: data.kind || undefined,
    readyNs: ns(data.readyAt),
    queuedNs: ns(data.queuedAt),
    startNs: ns(data.startedAt),
    endNs: ns(data.finishedAt),
    waits: some(
      data.waits.map((wait) => ({
        kind: wait.kind || 'unknown',
        fromNs: ns(wait.from) ?? stamp.timeNs,
        toNs: ns(wait.to),
        reason: wait.reason,
      })),
    ),
    dependsOn: some(data.dependsOn.map(dependencyOf)),
    resource:
      data.resource === undefined
        ? undefined
        : { pool: data.resource.pool, worker: data.resource.worker, cores: data.resource.cores },
    usage:
      data.usage === undefined
        ? undefined
        : {
            cpuSeconds: data.usage.cpuSeconds,
            memoryBytes: String(data.usage.memoryBytes),
            tokens: String(data.usage.tokens),
            costUsd: data.usage.costUsd,
          },
    error: errorOf(data),
    data: dataOf(data, {
      reads: some(data.reads.map((access) => toJson(DataAccessSchema, access))),
      writes: some(data.writes.map((access) => toJson(DataAccessSchema, access))),
    }),
  });
}

function executionFacts(type: string, stamp: Stamp, data: ExecutionEvent): Fact[] {
  const own: ExecutionFact = defined({
    about: 'execution',
    stamp,
    type: type.replace('tmws.execution.', '') as ExecutionFactType,
    ...belonging(data),
    name: data.name || undefined,
    startNs: ns(data.startedAt),
    endNs: ns(data.finishedAt),
    error: errorOf(data),
    data: dataOf(data, {}),
  });
  return [own, ...data.steps.map((step, i) => plannedStep(step, { ...stamp, id: `${stamp.id}#${i}` }))];
}

function plannedStep({ stepId, path, iteration, name, kind, dependsOn }: PlannedStep, stamp: Stamp): StepFact {
  return defined({
    about: 'step',
    stamp,
    type: 'planned',
    step: { stepKey: stepKeyOf(path, stepId, iteration), stepId, path, iteration },
    attempt: 0,
    name: name || undefined,
    kind: kind || undefined,
    dependsOn: some(dependsOn.map(dependencyOf)),
  });
}

function dependencyOf({ stepId, kind, path, iteration, spanId }: DependencyMessage): Dependency {
  return defined({ spanId: spanId || undefined, stepId, kind: kind || 'data', path: some(path), iteration });
}

function belonging(data: { workflow?: Workflow; parentExecutionId: string }): Belonging {
  return {
    ...(data.workflow !== undefined && { workflow: workflowOf(data.workflow) }),
    ...(data.parentExecutionId !== '' && { parentExecutionId: data.parentExecutionId }),
  };
}

function workflowOf({ name, version }: Workflow): { name: string; version: string } {
  return { name, version };
}

function errorOf({ error }: { error?: { type: string; message: string; detail: string } }) {
  return error === undefined ? undefined : { type: error.type, message: error.message, detail: error.detail };
}

function dataOf(
  { input, output, attributes }: { input?: Payload; output?: Payload; attributes?: Record<string, unknown> },
  more: Record<string, unknown>,
): Record<string, unknown> | undefined {
  const data = defined({ input: json(PayloadSchema, input), output: json(PayloadSchema, output), attributes, ...more });
  return Object.keys(data).length === 0 ? undefined : data;
}

function json<T extends DescMessage>(schema: T, message: MessageShape<T> | undefined): unknown {
  return message === undefined ? undefined : toJson(schema, message);
}

function ns(time: Timestamp | undefined): bigint | undefined {
  return time === undefined ? undefined : time.seconds * 1_000_000_000n + BigInt(time.nanos);
}

function some<T>(list: T[]): T[] | undefined {
  return list.length === 0 ? undefined : list;
}

/** Without the fields that are undefined: a fact tells only what it knows. */
function defined<T extends object>(value: { [K in keyof T]: T[K] | undefined }): T {
  const kept: Partial<T> = {};
  for (const name of Object.keys(value) as (keyof T)[]) {
    const inner = value[name];
    if (inner !== undefined) kept[name] = inner;
  }
  return kept as T;
}
