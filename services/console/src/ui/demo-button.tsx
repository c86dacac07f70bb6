import { useSignal } from '@preact/signals';
import { ApiProblem } from '../api/api.ts';
import { linkTo } from '../state/address.ts';
import { useConsole } from '../state/console.ts';

/** Plays the demo on the server and opens its first execution, to be watched as it runs. */
export function DemoButton({ primary = false }: { primary?: boolean }) {
  const { api, router, session } = useConsole();
  const busy = useSignal(false);
  const problem = useSignal<ApiProblem | undefined>(undefined);
  const play = async (): Promise<void> => {
    busy.value = true;
    problem.value = undefined;
    try {
      const { executionIds } = await api.post<{ executionIds?: string[] }>('demo', {});
      const first = executionIds?.[0];
      if (first !== undefined) router.go(linkTo({ name: 'execution', id: first }, router.search.value), true);
    } catch (error) {
      problem.value = ApiProblem.from(error);
    }
    busy.value = false;
  };
  if (!session.may('write')) return null;
  return (
    <>
      <button type="button" class={primary ? 'primary' : undefined} disabled={busy.value} onClick={() => void play()}>
        <svg viewBox="0 0 16 16" width="12" height="12" aria-hidden="true">
          <path fill="currentColor" d="M3 1.5v13L14 8z" />
        </svg>
        {busy.value ? 'Starting the demo…' : 'Play the demo'}
      </button>
      {problem.value !== undefined && (
        <p class="problem-line" role="alert">
          The demo did not start: {problem.value.message}
        </p>
      )}
    </>
  );
}
