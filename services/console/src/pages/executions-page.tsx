import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { ListFilter } from '../model/execution-list.ts';
import { useConsole } from '../state/console.ts';
import { useLive } from '../state/live.ts';
import { openExecutions } from '../state/executions-store.ts';
import { CopyAs } from '../ui/copy-as.tsx';
import { DemoButton } from '../ui/demo-button.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { ExecutionsFilter } from './executions/filter.tsx';
import { NothingYet } from './executions/nothing-yet.tsx';
import { ExecutionsTable } from './executions/table.tsx';

/** Which runs there are, which failed or run, newest first. */
export function ExecutionsPage() {
  const { router, api } = useConsole();
  const search = router.search.value;
  const filter: ListFilter = { q: search.get('q') ?? '', status: search.get('status') ?? '' };
  const store = useMemo(() => openExecutions(api, filter), [api, filter.q, filter.status]);
  useLive(store.live);
  useEffect(() => {
    document.title = 'Executions · TMWS';
    void store.load();
    return store.close;
  }, [store]);

  // Until the answer to a changed filter is here, the former list stays, dimmed.
  const former = useRef(store.items.value);
  if (store.items.value !== undefined) former.current = store.items.value;
  const items = store.items.value ?? former.current;
  const problem = store.problem.value;
  const filtered = filter.q !== '' || filter.status !== '';
  const empty = items?.length === 0;
  return (
    <>
      <div class="head">
        <h1>Executions</h1>
        <span class="head-end">
          <CopyAs path="executions" query={{ q: filter.q, status: filter.status }} command={listCommand(filter)} />
          {!(empty && !filtered) && items !== undefined && <DemoButton />}
        </span>
      </div>
      {(filtered || !empty) && <ExecutionsFilter filter={filter} onChange={(change) => router.set(change)} />}
      {problem !== undefined && (
        <ProblemNote problem={problem} what="The executions" stale={items !== undefined} retry={() => void store.load()} />
      )}
      {items === undefined && problem === undefined && <Skeleton />}
      {empty && !filtered && <NothingYet />}
      {empty && filtered && (
        <section class="notice">
          <h2>Nothing matches</h2>
          <p>
            No execution {filter.status !== '' && <>is {filter.status.replaceAll('_', ' ')}</>}
            {filter.status !== '' && filter.q !== '' && ' and '}
            {filter.q !== '' && <>has “{filter.q}” in its id, name or workflow</>}.
          </p>
          <button type="button" onClick={() => router.set({ q: '', status: '' })}>
            Clear the filter
          </button>
        </section>
      )}
      {items !== undefined && items.length > 0 && <ExecutionsTable items={items} stale={store.items.value === undefined} />}
      {store.more.value && items !== undefined && (
        <div class="more">
          <button type="button" disabled={store.loadingMore.value} onClick={() => void store.loadMore()}>
            {store.loadingMore.value ? 'Loading…' : 'Load more'}
          </button>
        </div>
      )}
    </>
  );
}

/** The same list by `tmws`. */
const listCommand = ({ q, status }: ListFilter): string[] => [
  ...['run', 'list'],
  ...(status === '' ? [] : ['--status', status]),
  ...(q === '' ? [] : ['--query', q]),
];

/** Space of the size of a list, so that nothing jumps when it comes. Shows only after a moment (CSS). */
function Skeleton() {
  return (
    <div class="skeleton" role="status">
      <span class="visually-hidden">Loading</span>
      {Array.from({ length: 8 }, (_, at) => (
        <div key={at} class="skeleton-row" />
      ))}
    </div>
  );
}
