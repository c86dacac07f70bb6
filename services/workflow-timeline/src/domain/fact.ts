// What an event says, in the domain's words: about one attempt of a step, or about the execution itself.

/** Decides between facts that contradict each other. */
export interface Stamp {
  /** The event's time, ns since the epoch. */
  readonly timeNs: bigint;
  readonly id: string;
  readonly source: string;
}

export type StepFactType =
  | 'planned'
  | 'ready'
  | 'queued'
  | 'started'
  | 'completed'
  | 'failed'
  | 'cancelled'
  | 'timed_out'
  | 'skipped'
  | 'paused'
  | 'resumed'
  | 'retry_scheduled';

export type ExecutionFactType = 'planned' | 'started' | 'completed' | 'failed' | 'cancelled' | 'timed_out';

/** A span in which a step did not run. `toNs` undefined: it still waits. */
export interface Wait {
  readonly kind: string;
  readonly fromNs: bigint;
  readonly toNs: bigint | undefined;
  readonly reason: string;
}

/**
 * A step that had to end first: the one a span told of, or by step id. Absent path: the nearest enclosing path that has it;
 * absent iteration: the same.
 */
export interface Dependency {
  readonly spanId?: string;
  readonly stepId: string;
  readonly kind: string;
  readonly path: readonly string[] | undefined;
  readonly iteration: number | undefined;
}

export interface StepError {
  readonly type: string;
  readonly message: string;
  readonly detail: string;
}

export interface Resource {
  readonly pool: string;
  readonly worker: string;
  readonly cores: number;
}

/** memoryBytes and tokens are decimal strings: 64-bit numbers in JSON. */
export interface Usage {
  readonly cpuSeconds: number;
  readonly memoryBytes: string;
  readonly tokens: string;
  readonly costUsd: number;
}

/** The span that told of a step. Ids are 16 hex digits; `parentId` and `kind` empty if not told. */
export interface SpanPlace {
  readonly id: string;
  readonly parentId: string;
  /** internal, server, client, producer or consumer. */
  readonly kind: string;
}

/** The recording an execution was imported from. */
export interface Origin {
  /** wfformat, temporal, jaeger or cloudevents. */
  readonly format: string;
  readonly importId: string;
  /** The recording holds no start times: they were made from dependencies and durations. */
  readonly reconstructed: boolean;
  /** In words, what to know of it. */
  readonly note: string;
  /** What the recording says the run took, as a decimal string, where that is another number than the makespan. */
  readonly recordedMakespanNs?: string;
}

/** Which step: its place is the same in two runs of one definition, unless only a span names it. */
export interface StepPlace {
  /** 32 hex digits, see step-key.ts; of a step that only a span names, the 16 of the span id. */
  readonly stepKey: string;
  readonly stepId: string;
  readonly path: readonly string[];
  readonly iteration: number;
}

/** What is told of the execution in passing. */
export interface Belonging {
  readonly workflow?: { readonly name: string; readonly version: string };
  readonly parentExecutionId?: string;
}

export interface StepFact extends Belonging {
  readonly about: 'step';
  readonly stamp: Stamp;
  readonly type: StepFactType;
  readonly step: StepPlace;
  /** From 1; 0 for a step that is only planned. */
  readonly attempt: number;
  readonly span?: SpanPlace;
  readonly name?: string;
  readonly kind?: string;
  readonly readyNs?: bigint;
  readonly queuedNs?: bigint;
  readonly startNs?: bigint;
  readonly endNs?: bigint;
  readonly waits?: readonly Wait[];
  readonly dependsOn?: readonly Dependency[];
  readonly resource?: Resource;
  readonly usage?: Usage;
  readonly error?: StepError;
  /** Input, output, reads, writes, attributes: kept and shown, never interpreted. */
  readonly data?: Readonly<Record<string, unknown>>;
}

export interface ExecutionFact extends Belonging {
  readonly about: 'execution';
  readonly stamp: Stamp;
  readonly type: ExecutionFactType;
  readonly origin?: Origin;
  readonly name?: string;
  readonly startNs?: bigint;
  readonly endNs?: bigint;
  readonly error?: StepError;
  readonly data?: Readonly<Record<string, unknown>>;
}

export type Fact = StepFact | ExecutionFact;

const terminal: ReadonlySet<string> = new Set(['completed', 'failed', 'cancelled', 'timed_out', 'skipped']);

/** Whether nothing follows: of a fact's type or of a status. */
export function isTerminal(type: string): boolean {
  return terminal.has(type);
}
