import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { ApiProblem, executionPath } from '../../api/api.ts';
import { stepKeyAt } from '../../model/step-key.ts';
import { useConsole } from '../../state/console.ts';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { JsonTree } from './json-tree.tsx';
import type { TabProps } from './tab-props.ts';

/** What the API says of the chosen step, or of the execution where none is chosen. */
export function JsonTab({ picture: { execution, steps }, selected }: TabProps) {
  const { api } = useConsole();
  const path = executionPath(execution.id, selected < 0 ? '' : `/steps/${stepKeyAt(steps, selected)}`);
  const answer = useSignal<{ path: string; json: unknown } | undefined>(undefined);
  const problem = useSignal<ApiProblem | undefined>(undefined);
  const again = useSignal(0);
  useEffect(() => {
    const closing = new AbortController();
    problem.value = undefined;
    api.get<unknown>(path, {}, closing.signal).then(
      (json) => (answer.value = { path, json }),
      (error: unknown) => {
        if (!closing.signal.aborted) problem.value = ApiProblem.from(error);
      },
    );
    return () => closing.abort();
  }, [path, again.value]);
  return (
    <section class="json-tab" aria-label="JSON">
      <p class="quiet">
        <code>GET {api.urlOf(path)}</code> {selected < 0 && 'Choose a step to see what is said of it.'}
      </p>
      {problem.value !== undefined && <ProblemNote problem={problem.value} what="The JSON" retry={() => again.value++} />}
      {answer.value?.path === path ? (
        <JsonTree value={answer.value.json} />
      ) : (
        problem.value === undefined && <Skeleton what="the JSON" heights={[300]} />
      )}
    </section>
  );
}
