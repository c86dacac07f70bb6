import type { Fact } from '../../domain/fact.ts';

/** The formats of recorded files that are read, told by their content. */
export type ImportFormat = 'wfformat' | 'temporal' | 'jaeger' | 'cloudevents';

/** What a recorded file amounts to. */
export interface ImportedFile {
  readonly format: ImportFormat;
  readonly executions: readonly ImportedExecution[];
}

export interface ImportedExecution {
  /** As the file has it: trace id, execution id, Temporal run id; else the format, `-` and 16 hex digits of the file's SHA-256. */
  readonly id: string;
  /** The same for the same file, ids included, so that a file imported twice adds nothing. */
  readonly facts: readonly Fact[];
}
