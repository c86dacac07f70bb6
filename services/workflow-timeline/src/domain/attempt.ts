import {
  type Dependency,
  isTerminal,
  type Resource,
  type SpanPlace,
  type StepError,
  type StepFact,
  type StepPlace,
  type Usage,
  type Wait,
} from './fact.ts';
import { compareFacts } from './rank.ts';

export type StepStatus =
  | 'planned'
  | 'ready'
  | 'queued'
  | 'running'
  | 'paused'
  | 'retry_scheduled'
  | 'completed'
  | 'failed'
  | 'cancelled'
  | 'timed_out'
  | 'skipped'
  | 'unknown';

/** One try of a step, as all its facts together tell it. Times are as they came, ns since the epoch. */
export interface Attempt {
  readonly step: StepPlace;
  /** From 1; 0 for a step that is only planned. */
  readonly attempt: number;
  readonly status: StepStatus;
  readonly span: SpanPlace | undefined;
  readonly name: string;
  readonly kind: string;
  readonly readyNs: bigint | undefined;
  readonly queuedNs: bigint | undefined;
  readonly startNs: bigint | undefined;
  readonly endNs: bigint | undefined;
  readonly waits: readonly Wait[];
  readonly dependsOn: readonly Dependency[];
  readonly resource: Resource | undefined;
  readonly usage: Usage | undefined;
  readonly error: StepError | undefined;
}

/**
 * What the facts of one attempt amount to.
 *
 *   M1  the order of the facts does not matter, nor does a fact given twice
 *   M2  a terminal state beats an open one; else the later event time, then the greater id, then source (rank.ts)
 *   M3  an explicit time beats one taken from an event's own time; among explicit ones the fact with the say wins
 *   M4  a value a fact does not tell leaves what another told; waits are gathered from all facts
 *
 * @param facts  at least one, all of the same step and attempt
 */
export function foldAttempt(facts: readonly StepFact[]): Attempt {
  const ranked = facts.toSorted((a, b) => compareFacts(b, a));
  const [top] = ranked;
  if (top === undefined) throw new RangeError('an attempt has at least one fact');
  const told = <K extends keyof StepFact>(field: K): StepFact[K] | undefined =>
    ranked.find((fact) => fact[field] !== undefined)?.[field];
  const impliedBy = (types: (type: string) => boolean): bigint | undefined =>
    ranked.find(({ type }) => types(type))?.stamp.timeNs;
  return {
    step: top.step,
    attempt: top.attempt,
    status: statusOf(top),
    span: told('span'),
    name: told('name') ?? '',
    kind: told('kind') ?? '',
    readyNs: told('readyNs') ?? impliedBy((type) => type === 'ready'),
    queuedNs: told('queuedNs') ?? impliedBy((type) => type === 'queued'),
    startNs: told('startNs') ?? impliedBy((type) => type === 'started'),
    endNs: told('endNs') ?? impliedBy(isTerminal),
    waits: gatherWaits(ranked),
    dependsOn: told('dependsOn') ?? [],
    resource: told('resource'),
    usage: told('usage'),
    error: told('error'),
  };
}

function statusOf({ type }: StepFact): StepStatus {
  return type === 'started' || type === 'resumed' ? 'running' : type;
}

function gatherWaits(ranked: readonly StepFact[]): Wait[] {
  const waits = new Map<string, Wait>();
  for (const wait of [...ranked.flatMap((fact) => fact.waits ?? []), ...pauses(ranked)]) {
    const key = `${wait.kind}@${wait.fromNs}`;
    if (!waits.has(key)) waits.set(key, wait);
  }
  return [...waits.values()].sort((a, b) => (a.fromNs === b.fromNs ? (a.kind < b.kind ? -1 : 1) : a.fromNs < b.fromNs ? -1 : 1));
}

/** From each `paused` to what came next. A pause that tells its own waits is described by them. */
function pauses(ranked: readonly StepFact[]): Wait[] {
  const ends = ranked.filter(({ type }) => type === 'resumed' || isTerminal(type)).map(({ stamp }) => stamp.timeNs);
  return ranked
    .filter((fact) => fact.type === 'paused' && fact.waits === undefined)
    .map(({ stamp: { timeNs: fromNs } }) => {
      const after = ends.filter((ns) => ns >= fromNs);
      return {
        kind: 'debug_paused',
        fromNs,
        toNs: after.length === 0 ? undefined : after.reduce((a, b) => (a < b ? a : b)),
        reason: 'paused',
      };
    });
}
