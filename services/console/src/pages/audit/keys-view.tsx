import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { ApiProblem } from '../../api/api.ts';
import type { ApiKey } from '../../model/key-form.ts';
import { useConsole } from '../../state/console.ts';
import { flag } from '../../state/url-state.ts';
import { useUrlState } from '../../state/use-url-state.ts';
import { NothingYet } from '../../ui/empty.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { KeyRow } from './key-row.tsx';
import { NewKey } from './new-key.tsx';

const parameters = { ended: flag };

/** The API keys there are; the way to a new one, and to end one. */
export function KeysView() {
  const { api } = useConsole();
  const { state, push } = useUrlState<{ ended: boolean }>(parameters);
  const keys = useSignal<readonly ApiKey[] | undefined>(undefined);
  const problem = useSignal<ApiProblem | undefined>(undefined);
  const left = useRef(new AbortController());
  const load = async (): Promise<void> => {
    left.current.abort();
    const { signal } = (left.current = new AbortController());
    try {
      const query = { all: state.ended ? 'true' : 'false', namespace: '' };
      keys.value = (await api.get<{ items: ApiKey[] }>('auth/keys', query, signal)).items;
      problem.value = undefined;
    } catch (error) {
      if (!signal.aborted) problem.value = ApiProblem.from(error);
    }
  };
  useEffect(() => {
    void load();
    return () => left.current.abort();
  }, [api, state.ended]);
  const found = keys.value;
  return (
    <>
      <div class="keys-tools">
        <NewKey onMade={() => void load()} />
        <label class="keys-ended">
          <input type="checkbox" checked={state.ended} onChange={(event) => push({ ended: event.currentTarget.checked })} />
          Also keys that ended
        </label>
      </div>
      {problem.value !== undefined && (
        <ProblemNote problem={problem.value} what="The API keys" stale={found !== undefined} retry={() => void load()} />
      )}
      {found === undefined && problem.value === undefined && <Skeleton what="the API keys" heights={[64, 64, 64]} />}
      {found?.length === 0 && (
        <NothingYet title="No API key yet">
          <p>People and programs each get one of their own, so that the audit can tell them apart and one can be ended alone.</p>
        </NothingYet>
      )}
      {found !== undefined && found.length > 0 && (
        <ul class="keys" aria-label="API keys">
          {found.map((key) => (
            <KeyRow key={key.prefix} apiKey={key} onEnded={() => void load()} />
          ))}
        </ul>
      )}
    </>
  );
}
