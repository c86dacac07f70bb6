import type { Timestamp } from '@bufbuild/protobuf/wkt';
import type { Dependency, Fact, StepEvent, Wait } from '@tmws/contracts';
import { timestampOf } from '../recorded-facts.ts';
import { payloadOf } from './payloads.ts';
import type { Step } from './run.ts';

/** As many dependencies as a step may tell. */
const maxDependencies = 10_000;

/** All that the history tells of a step, as one fact: how it ended, or how far it came. */
export function stepFact(executionId: string, step: Step): Fact {
  const { startNs, endNs, queuedNs, outcome } = step;
  return {
    $typeName: 'tmws.events.v1.Fact',
    // The events it is made of: a longer history of the same run tells more in facts of other ids.
    id: `${step.opened.id}-${step.lastEventId}`,
    type: `tmws.step.${outcome ?? (startNs === undefined ? 'queued' : 'started')}`,
    time: timestamp(endNs ?? startNs ?? queuedNs ?? step.opened.timeNs),
    data: { case: 'step', value: eventOf(executionId, step) },
  };
}

/** Written out, not by `create`: a history has tens of thousands, and this is half the time. */
function eventOf(executionId: string, step: Step): StepEvent {
  const { stepId, iteration, attempt, name, kind, wait, error, pool, worker } = step;
  const input = payloadOf(step.input);
  const output = payloadOf(step.output);
  const dependsOn = dependenciesOf(step);
  return {
    $typeName: 'tmws.events.v1.StepEvent',
    executionId,
    parentExecutionId: '',
    stepId,
    iteration,
    attempt,
    name,
    kind,
    path: [],
    dependsOn,
    ...withTimes(step),
    waits: wait === undefined ? [] : [waitOf(wait)],
    ...((pool !== '' || worker !== '') && { resource: { $typeName: 'tmws.events.v1.Resource', pool, worker, cores: 0 } }),
    reads: [],
    writes: [],
    ...(input !== undefined && { input }),
    ...(output !== undefined && { output }),
    ...(error !== undefined && { error }),
    ...(Object.keys(step.attributes).length > 0 && { attributes: step.attributes }),
    spanId: '',
    parentSpanId: '',
    keyedBySpan: false,
    spanKind: '',
  };
}

function withTimes({ queuedNs, startNs, endNs }: Step): Pick<StepEvent, 'queuedAt' | 'startedAt' | 'finishedAt'> {
  return {
    ...(queuedNs !== undefined && { queuedAt: timestamp(queuedNs) }),
    ...(startNs !== undefined && { startedAt: timestamp(startNs) }),
    ...(endNs !== undefined && { finishedAt: timestamp(endNs) }),
  };
}

function waitOf({ kind, fromNs, toNs, reason }: NonNullable<Step['wait']>): Wait {
  return {
    $typeName: 'tmws.events.v1.Wait',
    kind,
    from: timestamp(fromNs),
    ...(toNs !== undefined && { to: timestamp(toNs) }),
    reason,
  };
}

/** Of more than may be told, those that ended last: the path to the end leads over them. */
function dependenciesOf({ after, attributes }: Step): Dependency[] {
  const known = after.length > 1 ? [...new Set(after)] : after;
  const told = known.slice(-maxDependencies);
  if (told.length < known.length) attributes.dependenciesNotTold = known.length - told.length;
  return told.map(dependencyOn);
}

function dependencyOn({ stepId, iteration }: Step): Dependency {
  return { $typeName: 'tmws.events.v1.Dependency', stepId, iteration, kind: 'control', path: [], spanId: '' };
}

function timestamp(ns: bigint): Timestamp {
  return { $typeName: 'google.protobuf.Timestamp', ...timestampOf(ns) };
}
