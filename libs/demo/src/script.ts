// What an execution of the demo says about itself, as a script: a story tells it step by step, each step by its attempts.
import type { ExecutionEventJson, PlannedStepJson, StepErrorJson, UsageJson, WaitJson, WorkflowJson } from '@tmws/contracts';
import type { TimedEvent } from './timed-event.ts';
import type { WorkerPool } from './worker-pool.ts';

/** A step as the workflow's definition knows it. */
export type StepSpec = Pick<PlannedStepJson, 'name' | 'kind' | 'dependsOn'> & {
  readonly stepId: string;
  readonly path?: string[];
  readonly iteration?: number;
};

/** Time a step spends without running. */
export interface PlannedWait {
  readonly kind: 'rate_limit' | 'retry_backoff' | 'timer' | 'approval' | 'external';
  readonly ms: number;
  readonly reason: string;
}

/** One try of a step. */
export interface AttemptScript {
  /** Between being ready and asking for a worker, one after the other. */
  readonly before?: readonly PlannedWait[];
  /** Whose worker it needs; none: it starts at once. */
  readonly pool?: WorkerPool;
  /** From start to end. */
  readonly runMs: number;
  /** Within the run, `afterMs` after its start. */
  readonly during?: PlannedWait & { readonly afterMs: number };
  /** How it ends; completed if absent. */
  readonly outcome?: 'completed' | 'failed' | 'cancelled' | 'timed_out';
  readonly error?: StepErrorJson;
  readonly usage?: UsageJson;
  readonly input?: unknown;
  readonly output?: unknown;
}

export interface ExecutionSpec {
  readonly id: string;
  readonly workflow: WorkflowJson;
  readonly name: string;
  readonly parentExecutionId?: string;
  readonly namespace?: string;
  readonly steps: readonly StepSpec[];
}

/** Tells what happens in one execution. Times are ms since the epoch; steps may be told in any order of time. */
export interface ExecutionScript {
  readonly id: string;
  /** Planned and started. */
  begin(atMs: number, input: unknown, attributes?: ExecutionEventJson['attributes']): void;
  /** A step by its attempts; a failed one is tried again after the next one's `retry_backoff`. @returns when it ended */
  step(spec: StepSpec, readyMs: number, attempts: readonly [AttemptScript, ...AttemptScript[]]): number;
  /** A step that ended because of what lies under it, which is told apart. */
  span(spec: StepSpec, fromMs: number, toMs: number, outcome?: 'completed' | 'failed', error?: StepErrorJson): void;
  /** A step that will not run. */
  skip(spec: StepSpec, atMs: number): void;
  end(atMs: number, outcome: 'completed' | 'failed' | 'cancelled', more?: { output?: unknown; error?: StepErrorJson }): void;
  /** What was told so far, in the order of telling. */
  readonly events: readonly TimedEvent[];
}

export function rfc3339(ms: number): string {
  return new Date(ms).toISOString();
}

export function waitJson(wait: PlannedWait, fromMs: number, ended: boolean): WaitJson {
  const to = ended ? { to: rfc3339(fromMs + wait.ms) } : {};
  return { kind: wait.kind, from: rfc3339(fromMs), ...to, reason: wait.reason };
}
