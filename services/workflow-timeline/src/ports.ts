import type { Attempt } from './domain/attempt.ts';
import type { ExecutionFact, Fact, Origin, StepError, StepFact } from './domain/fact.ts';
import type { ExecutionStatus } from './domain/execution.ts';
import type { FirstFailure } from './domain/first-failure.ts';
import type { Bucket, DueShare } from './domain/retention.ts';

/** Milliseconds since the epoch. */
export type Clock = () => number;

/** An execution as the store keeps it. */
export interface ExecutionRecord {
  readonly namespace: string;
  readonly id: string;
  /** The store's own short name of it. */
  readonly no: bigint;
  /** The day it was first seen, in days since the epoch: child rows are dropped by it. */
  readonly bucket: number;
  /** How many facts were applied. */
  readonly seq: bigint;
  /** Its last change among the changes of all executions. */
  readonly revision: bigint;
  readonly status: ExecutionStatus;
  readonly workflow: { readonly name: string; readonly version: string };
  readonly name: string;
  readonly parentId: string;
  /** What the execution's own events say. */
  readonly word: ExecutionStatus | undefined;
  readonly startNs: bigint | undefined;
  readonly endNs: bigint | undefined;
  /** What its steps say. */
  readonly firstStartNs: bigint | undefined;
  readonly lastEndNs: bigint | undefined;
  readonly error: StepError | undefined;
  /** Of one that failed, if a step of it did; not known of one that was recorded before this was kept. */
  readonly firstFailure: FirstFailure | undefined;
  readonly stepCount: number;
  readonly stepsByStatus: Readonly<Record<string, number>>;
  /** Spans tell of it. */
  readonly traced: boolean;
  /** When something was last recorded of it, ms since the epoch. */
  readonly heardMs: number;
  /** Of an imported one. */
  readonly origin: Origin | undefined;
}

/** An attempt with the facts it was folded from, by their numbers. */
export interface StoredAttempt extends Attempt {
  readonly factSeqs: readonly bigint[];
}

/** A fact with its number in the execution. */
export interface NumberedFact<F extends Fact = Fact> {
  readonly seq: bigint;
  readonly fact: F;
}

export interface StepFacts {
  readonly facts: readonly NumberedFact<StepFact>[];
  /** How many there are, whatever the limit. */
  readonly total: number;
}

export interface ExecutionKey {
  readonly namespace: string;
  readonly id: string;
}

/** What was told of an execution up to this instant stays away. */
export interface Deletion {
  readonly key: ExecutionKey;
  /** ns since the epoch. */
  readonly deletedNs: bigint;
}

/** Under which the rows of an execution lie; `seq` is the last that lay there before. */
export type RowPlace = Pick<ExecutionRecord, 'bucket' | 'no' | 'seq'>;

/** What one recording may do, within one transaction. Executions it opened are locked until the end. */
export interface Recording {
  /** The executions, made where missing, locked. In the order of the keys given; keys are distinct. */
  open(keys: readonly ExecutionKey[], nowMs: number): Promise<ExecutionRecord[]>;
  /** Takes executions away with all their rows, unless their deletion was known already. @returns whose was not */
  remove(deletions: readonly Deletion[]): Promise<ExecutionKey[]>;
  /** Gives deletions a revision each, in the order of commits; after the last row was locked. */
  tellRemoved(keys: readonly ExecutionKey[]): Promise<void>;
  /** Their deletions count no longer, whatever is told of the time before. */
  lift(keys: readonly ExecutionKey[]): Promise<void>;
  /** When those executions that were deleted were, by number. */
  deletedNs(executions: readonly ExecutionRecord[]): Promise<Map<bigint, bigint>>;
  /** Which event keys (hex) the execution's bucket knows already, and from which execution. */
  knownEvents(asked: readonly { bucket: number; eventKey: string }[]): Promise<Map<string, bigint>>;
  /** All attempts of the given steps. */
  attemptsOf(steps: readonly { execution: ExecutionRecord; stepKey: string }[]): Promise<Map<bigint, StoredAttempt[]>>;
  /** Facts by number. */
  factsOf(asked: readonly { execution: ExecutionRecord; seqs: readonly bigint[] }[]): Promise<Map<bigint, NumberedFact[]>>;
  /** All facts about the execution itself. */
  executionFacts(executions: readonly ExecutionRecord[]): Promise<Map<bigint, NumberedFact<ExecutionFact>[]>>;
  addFacts(facts: readonly (NumberedFact & { execution: RowPlace; eventKey: string })[]): Promise<void>;
  putAttempts(attempts: readonly { execution: RowPlace; attempt: StoredAttempt }[]): Promise<void>;
  /** By execution number: of those where a step failed and stayed so, the one that did first. */
  firstFailures(executions: readonly ExecutionRecord[]): Promise<Map<bigint, FirstFailure>>;
  /** First start and last end over all attempts. */
  extentOf(execution: ExecutionRecord): Promise<{ firstStartNs: bigint | undefined; lastEndNs: bigint | undefined }>;
  /** Writes the executions; the store gives each a new revision, in the order of commits. */
  putExecutions(executions: readonly ExecutionRecord[]): Promise<void>;
  moveOffsets(moves: readonly { topic: string; partition: number; from: bigint | undefined; next: bigint }[]): Promise<void>;
  /** Leaves records for the broker, sent after the transaction. */
  send(
    records: readonly {
      topic: string;
      key: Buffer | undefined;
      headers: Readonly<Record<string, string>>;
      value: Buffer | undefined;
    }[],
  ): Promise<void>;
}

/** A change of the list of executions: one as it is now, or one that was deleted. */
export type ListChange =
  { readonly revision: bigint; readonly record: ExecutionRecord } | { readonly revision: bigint; readonly deletedId: string };

export interface ExecutionStore {
  record<T>(work: (recording: Recording) => Promise<T>): Promise<T>;
  find(key: ExecutionKey): Promise<ExecutionRecord | undefined>;
  attempts(execution: ExecutionRecord): Promise<Attempt[]>;
  /** Attempts of the steps that changed after the given number of facts. */
  changedAttempts(execution: ExecutionRecord, afterSeq: bigint): Promise<Attempt[]>;
  /** The facts of one step, in order of their numbers; of more than `limit` the newest. */
  /** What the attempts of one step amount to. */
  attemptsOfStep(execution: ExecutionRecord, stepKey: string): Promise<Attempt[]>;
  factsOfStep(execution: ExecutionRecord, stepKey: string, limit: number): Promise<StepFacts>;
  /** Executions of the namespace changed or deleted after a revision, in order of revision; those that were made anew are no longer deleted. */
  changedExecutions(namespace: string, afterRevision: bigint, limit: number): Promise<ListChange[]>;
  /** The latest revision given, over all namespaces. */
  latestRevision(): Promise<bigint>;
  /** Executions that spans tell of, without a word of their own, silent since before `beforeMs`, become unknown. @returns how many */
  settleSilent(beforeMs: number): Promise<number>;
  offsets(): Promise<{ topic: string; partition: number; next: bigint }[]>;
  /** Throws all executions and offsets away. */
  clear(): Promise<void>;
}

/** A Kafka record to leave in the outbox. */
export type Announcement = Parameters<Recording['send']>[0][number];

/** How long executions are kept, and taking them away. */
export interface RetentionStore {
  /** By namespace, of those that were ever set; days undefined = as the default is. */
  rules(): Promise<Map<string, { days: number | undefined; revision: bigint }>>;
  /** @param revision  0n = never set before; undefined = whatever it is. @throws Problem `stale` */
  setRule(namespace: string, days: number | undefined, revision: bigint | undefined): Promise<void>;
  /** All days that have tables, oldest first. */
  buckets(): Promise<Bucket[]>;
  /** Deletes up to `limit` due executions; without `withRows` their steps stay until the day is dropped. @returns how many */
  deleteDue(share: DueShare, options: { withRows: boolean; limit: number }): Promise<number>;
  /** Drops a day's tables if no execution is left in it. */
  dropDay(day: number): Promise<boolean>;
  /** Takes an execution away and remembers it, in one transaction with the announcement. @returns false if there is none */
  deleteExecution(key: ExecutionKey, deletedNs: bigint, announcement: Announcement): Promise<boolean>;
  /** Imports of which no execution is left. */
  emptyImports(): Promise<string[]>;
  /** Forgets imports, so that the same files may come again. */
  forgetImports(ids: readonly string[]): Promise<void>;
}
