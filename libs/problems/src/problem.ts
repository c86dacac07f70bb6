/** What went wrong, in the words a caller can act on. Every wire says it by the table in wire-table.ts. */
export const problemKinds = [
  'invalid',
  'precondition',
  'unauthenticated',
  'forbidden',
  'not_found',
  'conflict',
  'stale',
  'limited',
  'unavailable',
  'timeout',
  'too_large',
  'unsupported',
  'internal',
] as const;

export type ProblemKind = (typeof problemKinds)[number];

export interface ProblemOptions {
  /** The field or setting the problem lies in, as the caller spelled it: `data.stepId`. */
  field?: string;
  /** Where in the field's text it lies, in UTF-16 units from `start` up to `end`. */
  position?: { readonly start: number; readonly end: number };
  /** How long to wait before another try, ms. For `limited` and `unavailable`. */
  retryAfterMs?: number;
  cause?: unknown;
}

/**
 * An error its caller can act on. The message names the thing, the value, what is allowed, and the remedy;
 * it is shown to the caller as it is, so it holds no secret and no path of the machine.
 */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly kind: ProblemKind;
  readonly field: string | undefined;
  readonly position: ProblemOptions['position'];
  readonly retryAfterMs: number | undefined;

  constructor(kind: ProblemKind, message: string, options: ProblemOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.kind = kind;
    this.field = options.field;
    this.position = options.position;
    this.retryAfterMs = options.retryAfterMs;
  }

  /** The error as a Problem: itself, or `internal` with a fixed sentence and the error as its cause. */
  static from(error: unknown): Problem {
    if (error instanceof Problem) return error;
    return new Problem('internal', 'Something went wrong on our side; the log has the details.', { cause: error });
  }
}
