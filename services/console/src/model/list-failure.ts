// What a list says of an execution that failed.
import type { Execution, StepFailure } from './execution.ts';

/** The execution's own error; of one that told none that of the step that failed first. */
export const errorOf = ({ error, firstFailure }: Pick<Execution, 'error' | 'firstFailure'>): StepFailure | undefined =>
  error ?? firstFailure?.error;

/** In one line: `tool.search: Timeout: no answer in 30 s`. Empty where nothing was told. */
export function saidOf(execution: Pick<Execution, 'error' | 'firstFailure'>): string {
  const error = errorOf(execution);
  return [execution.firstFailure?.step, error?.type, error?.message].filter(Boolean).join(': ');
}
