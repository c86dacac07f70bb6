import type { Attempt, StepStatus } from './attempt.ts';

/** The step of an execution that failed first and stayed so, with what was said of it. */
export interface FirstFailure {
  readonly stepKey: string;
  /** Its name, or its id where it has none. */
  readonly step: string;
  /** Empty where no error was told. */
  readonly type: string;
  readonly message: string;
}

/** Lists carry it: of a long message the beginning is enough. */
const messageLength = 1_000;

export const failedStatuses = ['failed', 'timed_out'] as const satisfies readonly StepStatus[];

/** Whether a step or an execution with that status failed. */
export const isFailure = (status: string): boolean => failedStatuses.some((each) => each === status);

/**
 * The one of two failed attempts that failed first: the earlier end, one without an end last. Of equal ends the later start, because a
 * step inside another begins after it; then the smaller key, so that there is one answer.
 */
export function earlierFailure<T extends Attempt>(a: T | undefined, b: T): T {
  if (a === undefined) return b;
  const order = ascending(a.endNs, b.endNs) || ascending(b.startNs ?? -1n, a.startNs ?? -1n);
  return (order === 0 ? a.step.stepKey < b.step.stepKey : order < 0) ? a : b;
}

function ascending(a: bigint | undefined, b: bigint | undefined): number {
  if (a === b) return 0;
  if (a === undefined || b === undefined) return a === undefined ? 1 : -1;
  return a < b ? -1 : 1;
}

/** What an execution keeps of its first failed step. */
export function firstFailureOf({ step, name, error }: Pick<Attempt, 'step' | 'name' | 'error'>): FirstFailure {
  return {
    stepKey: step.stepKey,
    step: storable(name || step.stepId),
    type: storable(error?.type ?? ''),
    message: storable((error?.message ?? '').slice(0, messageLength)),
  };
}

/** A character that was cut in two, and NUL, are no text for a database. */
const storable = (text: string): string => text.toWellFormed().replaceAll('\0', '\ufffd');
