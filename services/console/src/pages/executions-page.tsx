import { useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { columnsFor, shownColumns } from '../model/list-columns.ts';
import {
  failuresOnly,
  filterQuery,
  filterWords,
  isFiltered,
  listParameters,
  type ListState,
  toggleFailures,
} from '../model/list-filter.ts';
import { formatTotal, type Summary } from '../model/listing.ts';
import { useConsole } from '../state/console.ts';
import { openExecutions } from '../state/executions-store.ts';
import { useKeys } from '../state/use-keys.ts';
import { useLive } from '../state/use-live.ts';
import { useUrlState } from '../state/use-url-state.ts';
import { CopyAs } from '../ui/copy-as.tsx';
import { DemoButton } from '../ui/demo-button.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { Chips } from './executions/chips.tsx';
import { ColumnsMenu } from './executions/columns-menu.tsx';
import { ExportMenu } from './executions/export-menu.tsx';
import { Facets } from './executions/facets.tsx';
import { FailureGroups } from './executions/failure-groups.tsx';
import { Histogram } from './executions/histogram.tsx';
import { NoneMatch } from './executions/none-match.tsx';
import { NothingYet } from './executions/nothing-yet.tsx';
import { QueryBox } from './executions/query-box.tsx';
import { RangeSelect } from './executions/range-select.tsx';
import { ExecutionsTable } from './executions/table.tsx';
import { useRoom } from './executions/use-room.ts';

/** Which runs failed or are stuck, and do they share a cause? */
export function ExecutionsPage() {
  const { api, announcer, session } = useConsole();
  const { state, push, set } = useUrlState(listParameters);
  const table = useRef<HTMLDivElement>(null);
  const seen = useSignal<readonly string[]>([]);
  const asked = JSON.stringify([state.q, state.status, state.workflow, state.range, state.from, state.to, state.sort]);
  const store = useMemo(() => {
    const atTop = (): boolean =>
      (table.current?.getBoundingClientRect().top ?? 1) > 0 &&
      table.current?.contains(document.activeElement) !== true &&
      table.current?.matches(':hover') !== true;
    return openExecutions(api, {
      filter: (nowMs) => filterQuery(state, nowMs),
      sort: state.sort,
      seen: () => ({ ids: seen.peek(), atTop: atTop() }),
    });
  }, [api, asked]);
  useLive(store.live);
  useEffect(() => {
    document.title = 'Executions · TMWS';
    void store.load();
    return store.close;
  }, [store]);

  // Until the answer to a changed filter is here, the former one stays, dimmed.
  const former = useRef({ items: store.items.value, summary: store.summary.value, durations: store.durations.value });
  if (store.items.value !== undefined) former.current.items = store.items.value;
  if (store.summary.value !== undefined) former.current.summary = store.summary.value;
  if (store.durations.value.size > 0) former.current.durations = store.durations.value;
  const { items, summary, durations } = former.current;
  const stale = store.items.value === undefined;
  const problem = store.problem.value;
  const fault = problem?.position && { ...problem.position, message: problem.message };
  const filtered = isFiltered(state);
  const empty = !stale && items?.length === 0;
  const fresh = store.fresh.value;
  const total = stale ? undefined : summary?.total;
  useEffect(() => {
    if (total !== undefined) announcer.say(`${formatTotal(total, summary?.estimated ?? false)} executions match`);
  }, [total]);
  const toggle = (): void => push(toggleFailures(state));
  useKeys({ failuresOnly: toggle });
  const room = useRoom();
  const chosen = useMemo(() => shownColumns(state.cols), [state.cols.join()]);
  const shown = useMemo(() => columnsFor(chosen, room.value), [chosen, room.value]);
  // The same as long as the address is: what it is given to is drawn anew only then.
  const change = useMemo(() => push, [asked, state.cols.join()]);
  const onRange = useMemo(
    () =>
      (fromMs: number, toMs: number): void =>
        change({ range: '', from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() }),
    [change],
  );
  const listState = useMemo(() => state, [asked, state.cols.join()]);

  if (empty && !filtered) return <NothingYet />;
  return (
    <>
      <div class="head list-head">
        <h1>Executions</h1>
        {/* Its room is there before the number is. */}
        <span class="quiet list-total">{total === undefined ? '\u00a0' : formatTotal(total, summary?.estimated ?? false)}</span>
        <span class="head-end">
          <ExportMenu filter={() => filterQuery(state, Date.now())} />
          <CopyAs
            path="executions"
            query={{ ...filterQuery(state, Date.now()), sort: state.sort }}
            command={['run', 'list', ...filterWords(state, Date.now())]}
          />
        </span>
      </div>
      <div class="list-tools">
        <QueryBox q={state.q} fault={fault} onApply={(q) => push({ q })} />
        <RangeSelect state={state} onChange={push} />
        <button type="button" aria-pressed={failuresOnly(state)} onClick={toggle} title="Failures only: f">
          Failures only
        </button>
        <ColumnsMenu shown={chosen} onChange={(cols) => set({ cols })} />
      </div>
      {!empty && <Chips state={state} summary={stale ? undefined : summary} onChange={push} />}
      {problem !== undefined && fault === undefined && (
        <ProblemNote problem={problem} what="The executions" stale={items !== undefined} retry={() => void store.load()} />
      )}
      {store.summaryProblem.value !== undefined && problem === undefined && (
        <ProblemNote
          problem={store.summaryProblem.value}
          what="The counts"
          stale={summary !== undefined}
          stillWorks="The list below is complete."
          retry={() => void store.loadSummary()}
        />
      )}
      {empty && <NoneMatch state={state} summary={store.summary.value} onChange={push} />}
      {!empty && (items !== undefined || problem === undefined) && (
        <div class="list">
          <ListTop {...{ summary, stale, onRange }} state={listState} onChange={change} />
          <FacetsPane summary={summary} state={listState} onChange={change} />
          <div class="list-rows" ref={table}>
            <div class="fresh-place">
              {fresh.length > 0 && (
                <button
                  type="button"
                  class="primary fresh"
                  onClick={() => {
                    store.showFresh();
                    table.current?.scrollIntoView({ block: 'start' });
                  }}
                >
                  {fresh.length >= 50 ? '50 or more' : fresh.length} new
                </button>
              )}
            </div>
            {items === undefined ? (
              <Skeleton what="executions" heights={Array<number>(12).fill(36)} />
            ) : (
              <ExecutionsTable
                {...{ items, shown, durations, stale, total, seen }}
                sort={state.sort}
                onSort={(sort: ListState['sort']) => push({ sort })}
                onEnd={() => void store.loadMore()}
              />
            )}
            {store.loadingMore.value && <p class="more quiet">Loading more…</p>}
            {items !== undefined && items.length < 20 && session.may('write') && (
              <p class="more">
                <DemoButton />
              </p>
            )}
          </div>
        </div>
      )}
    </>
  );
}

interface TopProps {
  summary: Summary | undefined;
  stale: boolean;
  state: ListState;
  onRange(fromMs: number, toMs: number): void;
  onChange(change: Partial<ListState>): void;
}

/** What is counted of all that match. It is as high without its counts as with them, so that the rows stay where they are when these come. */
function ListTop({ summary, stale, state, onRange, onChange }: TopProps) {
  const histogram = summary?.histogram;
  return (
    <div class={stale ? 'list-top stale' : 'list-top'} aria-busy={summary === undefined}>
      {summary === undefined ? <div class="groups" /> : <FailureGroups {...{ summary, state, onChange }} />}
      {histogram === undefined ? <div class="histogram" /> : <Histogram {...{ histogram, onRange }} />}
    </div>
  );
}

/** Beside the list where there is room, folded above it elsewhere. */
function FacetsPane({ summary, ...of }: Omit<Parameters<typeof Facets>[0], 'summary'> & { summary: Summary | undefined }) {
  const wide = useMemo(() => matchMedia('(min-width: 1180px)').matches, []);
  return (
    <details class="facets-pane" open={wide}>
      <summary>Facets</summary>
      {summary !== undefined && <Facets summary={summary} {...of} />}
    </details>
  );
}
