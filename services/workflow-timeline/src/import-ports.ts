// What imports ask of the world, beside ports.ts.
import type { Problem } from '@tmws/problems';
import type { ExecutionRecord, NumberedFact, Recording, RowPlace, StoredAttempt } from './ports.ts';

/** A file that was given to be imported. */
export interface KeptFile {
  /** The import's. */
  readonly id: string;
  readonly namespace: string;
  /** As it was given, for people. */
  readonly name: string;
  /** Of the content, hex. */
  readonly sha256: string;
  /** Of the content. */
  readonly sizeBytes: number;
  readonly keptMs: number;
}

/** Where given files are kept: what imports are made anew from. Contents are compressed (zstd). */
export interface ImportFiles {
  /** Durable when it resolves, whole or not at all. A file that is kept already stays as it is. */
  keep(file: KeptFile, content: Uint8Array): Promise<void>;
  /** Oldest first. */
  list(): Promise<KeptFile[]>;
  read(id: string): Promise<{ readonly file: KeptFile; readonly content: Uint8Array<ArrayBuffer> } | undefined>;
  drop(id: string): Promise<void>;
}

/** What all facts of an execution amount to; its rows come apart from it. */
export interface FoldedExecution extends Pick<
  ExecutionRecord,
  | 'id'
  | 'status'
  | 'word'
  | 'workflow'
  | 'name'
  | 'parentId'
  | 'startNs'
  | 'endNs'
  | 'firstStartNs'
  | 'lastEndNs'
  | 'error'
  | 'firstFailure'
  | 'origin'
  | 'stepCount'
  | 'stepsByStatus'
  | 'traced'
> {
  readonly factCount: number;
  readonly attemptCount: number;
}

/** A recorded file that was read, as far as it takes to know what is in it. */
export interface ReadFile {
  readonly format: string;
  readonly executions: readonly { readonly id: string; /** At most. */ readonly factCount: number }[];
  /**
   * The next facts and attempts of an execution, by its place in `executions`; about a thousand.
   *
   * @param anew    from the first on; else those after the last that were given, of the execution that was asked for last
   * @param packed  packed they may be, and need not
   * @throws Problem `invalid` for what is found wrong only now
   */
  next(execution: number, how: { readonly anew: boolean; readonly packed: boolean }): Promise<ReadPortion>;
  close(): Promise<void>;
}

export interface ReadPortion<R = Rows | PackedRows> {
  readonly rows: R;
  /** With the last: what all of them amount to. */
  readonly end: FoldedExecution | undefined;
}

export interface Rows {
  readonly facts: readonly (NumberedFact & { readonly eventKey: string })[];
  readonly attempts: readonly StoredAttempt[];
}

/** Rows as the store writes them: cheap to give to another thread. */
export interface PackedRows {
  readonly factCount: number;
  readonly facts: readonly Uint8Array<ArrayBuffer>[];
  readonly attemptCount: number;
  readonly attempts: readonly Uint8Array<ArrayBuffer>[];
}

/**
 * Reads a kept file.
 *
 * @param signal  ends it
 * @throws Problem `unsupported`, `invalid` or `too_large` for what is no recorded file that can be read
 */
export type OpenFile = (file: KeptFile, content: Uint8Array<ArrayBuffer>, signal: AbortSignal) => Promise<ReadFile>;

export type OperationStatus = 'queued' | 'running' | 'done' | 'failed' | 'cancelled';

export interface Operation {
  readonly id: string;
  readonly namespace: string;
  readonly kind: 'import';
  readonly status: OperationStatus;
  readonly name: string;
  readonly done: number;
  readonly total: number;
  readonly unit: string;
  readonly createdMs: number;
  readonly startedMs: number | undefined;
  /** When its progress was last told. */
  readonly changedMs: number | undefined;
  readonly finishedMs: number | undefined;
  readonly problem: Pick<Problem, 'kind' | 'message' | 'field'> | undefined;
  /** Somebody wants it to end. */
  readonly cancelling: boolean;
  /** Its file is kept for longer than this run: it may have been imported before, so it stays whatever becomes of this run. */
  readonly again: boolean;
  /** What it made. */
  readonly result: Imported | undefined;
}

export interface Imported {
  readonly id: string;
  readonly namespace: string;
  readonly name: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly format: string;
  readonly executionCount: number;
  readonly stepCount: number;
  /** The first thousand. */
  readonly executions: readonly { readonly id: string; readonly steps: number; readonly reconstructed: boolean }[];
  readonly importedMs: number;
}

/** The place in a list after which the next page begins. */
export interface After {
  readonly ms: number;
  readonly id: string;
}

/** Long work and who does it. */
export interface Operations {
  /**
   * Queues the import of a file, unless it is queued, running or done; one that failed or was cancelled is queued anew.
   *
   * @param again  it was kept for long
   */
  enqueue(file: KeptFile, again: boolean): Promise<Operation>;
  find(namespace: string, id: string): Promise<Operation | undefined>;
  list(namespace: string, statuses: readonly string[], limit: number, after: After | undefined): Promise<Operation[]>;
  /** Wants one to end: one that nobody does is now done by `owner`, who ends it. False: there is none that has not ended. */
  cancel(owner: string, namespace: string, id: string): Promise<'mine' | 'theirs' | false>;
  /** How many are queued or running. */
  open(): Promise<number>;
  /** The oldest that nobody does, now done by `owner`, who has to tell of progress to keep it. */
  claim(owner: string, nowMs: number): Promise<Operation | undefined>;
  /** Ends one that `owner` does, with why. */
  end(owner: string, id: string, status: 'failed' | 'cancelled', nowMs: number, problem?: Problem): Promise<void>;
  /** Gives back what `owner` does; undefined: what anybody does, for a store that only this process has. */
  release(owner: string | undefined): Promise<void>;
}

/** Whether work may go on: `lost` if somebody else does it now, or it begins anew. */
export type Standing = 'mine' | 'cancelled' | 'lost';

export interface Claim {
  readonly owner: string;
  readonly id: string;
}

/** Rows under a reserved number. */
export interface StagedRows {
  readonly place: RowPlace;
  readonly rows: Rows | PackedRows;
}

/** What a file's executions are written with. */
export interface ImportStore {
  /** Which of these executions are stored, and which were deleted. */
  known(
    namespace: string,
    ids: readonly string[],
  ): Promise<{ readonly stored: ReadonlySet<string>; readonly deleted: ReadonlySet<string> }>;
  /** Tells progress, and keeps the claim. */
  progress(claim: Claim, done: number, total: number, nowMs: number): Promise<Standing>;
  /** Numbers for executions whose rows nobody sees until `finish`. */
  reserve(claim: Claim, count: number, nowMs: number): Promise<{ readonly bucket: number; readonly nos: readonly bigint[] }>;
  /** Writes rows under reserved numbers, with progress. @throws Problem `conflict` when an event belongs to another execution */
  stage(
    claim: Claim,
    rows: readonly StagedRows[],
    progress: { readonly done: number; readonly total: number; readonly nowMs: number },
  ): Promise<Standing>;
  /** Takes away rows that were staged, some at a time. */
  discard(id: string): Promise<void>;
  /**
   * In one transaction: the staged executions are seen, `work` is done, the import is done.
   *
   * @returns `taken` when an execution came into being meanwhile: then nothing was done
   */
  finish(
    claim: Claim,
    staged: readonly ExecutionRecord[],
    work: (recording: Recording) => Promise<Imported>,
  ): Promise<Standing | 'taken'>;
  find(namespace: string, id: string): Promise<Imported | undefined>;
  list(namespace: string, limit: number, after: After | undefined): Promise<Imported[]>;
}
