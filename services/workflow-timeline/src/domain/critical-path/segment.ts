/** What a piece of time went into. */
export type SegmentKind =
  | 'run'
  | 'orchestration'
  | 'queue'
  | 'rate_limit'
  | 'retry_backoff'
  | 'timer'
  | 'approval'
  | 'external'
  | 'debug_paused'
  | 'unknown';

/** A piece of the path. Pieces follow each other without gap or overlap. */
export interface Segment {
  /** Whose time it is; undefined where no step accounts for it. */
  readonly of: { readonly stepKey: string; readonly stepId: string; readonly attempt: number } | undefined;
  readonly kind: SegmentKind;
  readonly startNs: bigint;
  readonly endNs: bigint;
  readonly reason: string;
  /** On the first piece of a step: what let it go on, where that is known. */
  readonly release?: Release;
}

/** dependency: it ended; retry: the try before it; resource: it left the worker or pool the step was queued for. */
export interface Release {
  readonly kind: 'dependency' | 'retry' | 'resource';
  readonly stepKey: string;
}
