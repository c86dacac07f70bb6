import { useSignal } from '@preact/signals';
import type { GetStepResponseJson } from '@tmws/contracts/timeline';
import { useEffect } from 'preact/hooks';
import { ApiProblem, executionPath } from '../../api/api.ts';
import { useConsole } from '../../state/console.ts';

export interface LoadedStep {
  /** Of the step asked for; undefined until it is there. */
  readonly step: GetStepResponseJson | undefined;
  readonly problem: ApiProblem | undefined;
  retry(): void;
}

/** One step from the API; asked for again when `changes` does, keeping what is shown until the answer comes. */
export function useStep(executionId: string, stepKey: string, changes: unknown): LoadedStep {
  const { api } = useConsole();
  const step = useSignal<{ key: string; json: GetStepResponseJson } | undefined>(undefined);
  const problem = useSignal<ApiProblem | undefined>(undefined);
  const again = useSignal(0);
  useEffect(() => {
    const closing = new AbortController();
    const path = executionPath(executionId, `/steps/${encodeURIComponent(stepKey)}`);
    api.get<GetStepResponseJson>(path, {}, closing.signal).then(
      (json) => {
        step.value = { key: stepKey, json };
        problem.value = undefined;
      },
      (error: unknown) => {
        if (!closing.signal.aborted) problem.value = ApiProblem.from(error);
      },
    );
    return () => closing.abort();
  }, [api, executionId, stepKey, changes, again.value]);
  return { step: step.value?.key === stepKey ? step.value.json : undefined, problem: problem.value, retry: () => again.value++ };
}
