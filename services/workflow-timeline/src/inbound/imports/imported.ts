import type { Fact } from '../../domain/fact.ts';

/** The formats of recorded files that are read, told by their content. */
export type ImportFormat = 'wfformat' | 'temporal' | 'jaeger' | 'cloudevents';

/** What a recorded file amounts to. */
export interface ImportedFile {
  readonly format: ImportFormat;
  readonly executions: readonly ImportedExecution[];
}

/**
 * An execution whose facts are made as they are asked for, so that few are there at a time. Each step has one fact: none that
 * comes later says more of it.
 */
export interface GrowingExecution {
  readonly id: string;
  readonly factCount: number;
  /** From the first on, each time the same. @throws Problem `invalid` */
  readonly tell: () => Iterable<Fact>;
}

export interface ImportedExecution {
  /** As the file has it: trace id, execution id, Temporal run id; else the format, `-` and 16 hex digits of the file's SHA-256. */
  readonly id: string;
  /** The same for the same file, ids included, so that a file imported twice adds nothing. */
  readonly facts: readonly Fact[];
}
