// The state of reading a history: its steps so far, and what the next workflow task will see.
import type { JsonObject as Attributes } from '@bufbuild/protobuf';
import type { StepError } from '@tmws/contracts';
import { isId, wrong } from '../json.ts';
import { eventIdOf, type HistoryEvent } from './history.ts';

export type Outcome = 'completed' | 'failed' | 'cancelled' | 'timed_out';

/** A step as far as the events tell it. */
export interface Step {
  readonly stepId: string;
  /** A step id that is used again is another round of it. */
  readonly iteration: number;
  readonly opened: HistoryEvent;
  name: string;
  readonly kind: string;
  readonly after: Step[];
  queuedNs?: bigint;
  startNs?: bigint;
  endNs?: bigint;
  outcome?: Outcome;
  attempt: number;
  wait?: { kind: string; fromNs: bigint; toNs: bigint | undefined; reason: string };
  pool: string;
  worker: string;
  /** Payloads as the history has them; most of a history, so decoded only when they are told. */
  input?: unknown;
  output?: unknown;
  error?: StepError;
  readonly attributes: Attributes;
  lastEventId: number;
}

export interface Run {
  readonly steps: Step[];
  /** By the id of the event that opened them. */
  readonly byEvent: Map<number, Step>;
  /** By the id of their completion: the workflow tasks whose commands other events carry out. */
  readonly tasks: Map<number, Step>;
  readonly rounds: Map<string, number>;
  readonly counts: Map<string, number>;
  /** Steps whose end no workflow task has seen yet. */
  unseen: Step[];
  lastTask: Step | undefined;
}

export type Handle = (run: Run, event: HistoryEvent) => void;

export function emptyRun(): Run {
  const [steps, unseen]: [Step[], Step[]] = [[], []];
  return {
    steps,
    byEvent: new Map(),
    tasks: new Map(),
    rounds: new Map(),
    counts: new Map(),
    unseen,
    lastTask: undefined,
  };
}

/** A step that an event begins. It comes after the workflow task that commanded it, if one did. */
export function openStep(run: Run, event: HistoryEvent, { stepId, name, kind }: Pick<Step, 'stepId' | 'name' | 'kind'>): Step {
  if (!isId(stepId)) throw wrong(event.at, 'an event whose step has an id of 1 to 512 bytes', stepId);
  const iteration = run.rounds.get(stepId) ?? 0;
  run.rounds.set(stepId, iteration + 1);
  const task = run.tasks.get(eventIdOf(event.attributes, 'workflowTaskCompletedEventId', event.at) ?? 0);
  const step: Step = {
    stepId,
    iteration,
    opened: event,
    name: name || stepId,
    kind,
    after: task === undefined ? [] : [task],
    attempt: 1,
    pool: '',
    worker: '',
    attributes: {},
    lastEventId: event.id,
  };
  run.steps.push(step);
  run.byEvent.set(event.id, step);
  return step;
}

/** The step that an event goes on with. @throws Problem `invalid` if the event it names opened none of this kind */
export function stepOf(run: Run, event: HistoryEvent, reference: string, kind: string): Step {
  const id = eventIdOf(event.attributes, reference, event.at);
  const step = run.byEvent.get(id ?? 0);
  if (step?.kind !== kind)
    throw wrong(
      `${event.at}: ${reference}`,
      `the id of an event before it that began a step of kind ${kind}; export the whole history`,
      id,
    );
  step.lastEventId = event.id;
  return step;
}

/** Ends a step; the next workflow task will see it. */
export function closeStep(run: Run, step: Step, event: HistoryEvent, outcome: Outcome): void {
  step.endNs = event.timeNs;
  step.outcome = outcome;
  run.unseen.push(step);
}

/** The next number of a kind: the same in two runs of one definition, as far as they take the same way. */
export function nextNumber(run: Run, kind: string): number {
  const number = (run.counts.get(kind) ?? 0) + 1;
  run.counts.set(kind, number);
  return number;
}
