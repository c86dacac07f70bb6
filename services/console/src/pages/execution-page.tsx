import { useEffect, useMemo } from 'preact/hooks';
import { executionPath } from '../api/api.ts';
import { linkToRuns } from '../state/address.ts';
import { useConsole } from '../state/console.ts';
import { openExecution } from '../state/execution-store.ts';
import { useLive } from '../state/use-live.ts';
import { CopyAs } from '../ui/copy-as.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { StatusMark } from '../ui/status-mark.tsx';
import { ExecutionPicture } from './execution/picture.tsx';

/** A demo's first event takes a moment from the button to the read model. */
const awaitForMs = 10_000;

/** Where the time of one execution went, and what failed first. */
export function ExecutionPage({ id }: { id: string }) {
  const { api, router } = useConsole();
  const store = useMemo(() => openExecution(api, id, router.awaited() ? awaitForMs : 0), [api, id]);
  useLive(store.live);
  useEffect(() => {
    void store.load();
    return store.close;
  }, [store]);
  const picture = store.picture.value;
  const problem = store.problem.value;
  const { name = id, workflow = '' } = picture?.execution ?? {};
  useEffect(() => {
    document.title = `${name} · TMWS`;
  }, [name]);

  return (
    <>
      <nav class="crumbs" aria-label="Up">
        <a href={router.toList.value}>Executions</a>
        <span aria-hidden="true">/</span>
        {workflow === '' ? (
          <span aria-current="page">{id}</span>
        ) : (
          <a href={linkToRuns(workflow, router.search.value)}>{workflow}</a>
        )}
      </nav>
      <div class="head">
        <h1 key={name}>{name}</h1>
        {picture !== undefined && <StatusMark status={picture.execution.status} />}
        {(picture !== undefined || problem !== undefined) && (
          <span class="head-end">
            <CopyAs
              path={executionPath(id, '/timeline')}
              command={['run', 'timeline', id]}
              picture={{ path: executionPath(id, '/timeline.svg'), name: id }}
            />
          </span>
        )}
      </div>
      {problem !== undefined && (
        <ProblemNote problem={problem} what="The execution" stale={picture !== undefined} retry={() => void store.load()} />
      )}
      {store.awaited.value && (
        <section class="notice">
          <h2>Waiting for its first event…</h2>
          <p>
            Nothing is known of <code>{id}</code> yet.
          </p>
        </section>
      )}
      {picture !== undefined && <ExecutionPicture store={store} picture={picture} />}
      {picture === undefined && problem === undefined && !store.awaited.value && (
        <Skeleton what="the execution" heights={[44, 24, 86, 420]} />
      )}
    </>
  );
}
