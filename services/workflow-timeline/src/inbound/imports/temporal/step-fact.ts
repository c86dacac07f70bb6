import { create } from '@bufbuild/protobuf';
import type { Timestamp } from '@bufbuild/protobuf/wkt';
import { type Dependency, type Fact, FactSchema, type StepEvent, StepEventSchema } from '@tmws/contracts';
import { timestampOf } from '../recorded-facts.ts';
import type { Step } from './run.ts';

/** As many dependencies as a step may tell. */
const maxDependencies = 10_000;

/** All that the history tells of a step, as one fact: how it ended, or how far it came. */
export function stepFact(executionId: string, step: Step): Fact {
  const { stepId, iteration, attempt, name, kind, startNs, endNs, queuedNs, outcome, wait } = step;
  const value = create(StepEventSchema, { executionId, stepId, iteration, attempt, name, kind });
  value.queuedAt = optional(queuedNs);
  value.startedAt = optional(startNs);
  value.finishedAt = optional(endNs);
  tellDependencies(value, step);
  if (wait !== undefined) {
    const { fromNs, toNs, reason } = wait;
    value.waits = [{ $typeName: 'tmws.events.v1.Wait', kind: wait.kind, from: timestamp(fromNs), to: optional(toNs), reason }];
  }
  if (step.pool !== '' || step.worker !== '')
    value.resource = { $typeName: 'tmws.events.v1.Resource', pool: step.pool, worker: step.worker, cores: 0 };
  value.input = step.input;
  value.output = step.output;
  value.error = step.error;
  if (Object.keys(step.attributes).length > 0) value.attributes = step.attributes;
  const fact = create(FactSchema);
  // The events it is made of: a longer history of the same run tells more in facts of other ids.
  fact.id = `${step.opened.id}-${step.lastEventId}`;
  fact.type = `tmws.step.${outcome ?? (startNs === undefined ? 'queued' : 'started')}`;
  fact.time = timestamp(endNs ?? startNs ?? queuedNs ?? step.opened.timeNs);
  fact.data = { case: 'step', value };
  return fact;
}

/** Of more than may be told, those that ended last: the path to the end leads over them. */
function tellDependencies(value: StepEvent, { after, attributes }: Step): void {
  const known = [...new Set(after)];
  const told = known.slice(-maxDependencies);
  if (told.length < known.length) attributes.dependenciesNotTold = known.length - told.length;
  value.dependsOn = told.map(dependencyOn);
}

function dependencyOn({ stepId, iteration }: Step): Dependency {
  return { $typeName: 'tmws.events.v1.Dependency', stepId, iteration, kind: 'control', path: [], spanId: '' };
}

function optional(ns: bigint | undefined): Timestamp | undefined {
  return ns === undefined ? undefined : timestamp(ns);
}

function timestamp(ns: bigint): Timestamp {
  return { $typeName: 'google.protobuf.Timestamp', ...timestampOf(ns) };
}
