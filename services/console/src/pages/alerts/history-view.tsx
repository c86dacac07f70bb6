import type { ComponentChildren } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import type { AlertHistoryEntryJson } from '@tmws/contracts/alerting';
import { type HistoryEntry, kindGroups, type KindGroup, kindsOf, readEntry } from '../../model/alert-history.ts';
import { boundsOf } from '../../state/range.ts';
import { openPages } from '../../state/alert-pages.ts';
import { useOpened } from '../../state/alert-opened.ts';
import { useConsole } from '../../state/console.ts';
import { list, text } from '../../state/url-state.ts';
import { useUrlState } from '../../state/use-url-state.ts';
import { CopyAs } from '../../ui/copy-as.tsx';
import { NothingMatches } from '../../ui/empty.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { ShowMore } from '../../ui/show-more.tsx';
import { HistoryList } from './history-list.tsx';

const parameters = { what: list<KindGroup>(kindGroups.map(({ id }) => id)), range: text(), from: text(), to: text() };
const ranges = { '': 'As far as it is kept', '1h': 'Last hour', '24h': 'Last 24 h', '7d': 'Last 7 days' };
const againMs = 10_000;

/** What happened to all alerts. */
export function HistoryView({ views }: { views: ComponentChildren }) {
  const { api } = useConsole();
  const { state, push } = useUrlState(parameters);
  const asked = JSON.stringify(state);
  const query = useMemo(() => {
    const { from, to } = boundsOf(new URLSearchParams({ range: state.range, from: state.from, to: state.to }), Date.now());
    return { kind: kindsOf(state.what), from, to };
  }, [asked]);
  const store = useOpened(
    () => openPages<AlertHistoryEntryJson, HistoryEntry>(api, 'alerts/history', readEntry, query),
    [api, query],
  );
  useEffect(() => {
    const timer = setInterval(() => !document.hidden && scrollY < 200 && void store.load(), againMs);
    return () => clearInterval(timer);
  }, [store]);
  const [items, problem] = [store.items.value, store.problem.value];
  const filters = [
    ...state.what.map((each) => ({
      words: kindGroups.find(({ id }) => id === each)?.word ?? each,
      clear: () => push({ what: state.what.filter((other) => other !== each) }),
    })),
    ...(state.range === '' && state.from === '' && state.to === ''
      ? []
      : [{ words: 'a range of time', clear: () => push({ range: '', from: '', to: '' }) }]),
  ];
  return (
    <>
      <div class="head alerts-head">
        <h1>History</h1>
        {views}
        <span class="head-end">
          <CopyAs
            path="alerts/history"
            query={query}
            command={['alert', 'history', ...(query.kind.length === 0 ? [] : ['--kind', query.kind.join(',')])]}
          />
        </span>
      </div>
      <div class="list-tools alert-tools">
        <div class="toggles" role="group" aria-label="What happened">
          {kindGroups.map(({ id, word }) => (
            <button
              key={id}
              type="button"
              aria-pressed={state.what.includes(id)}
              onClick={() =>
                push({ what: state.what.includes(id) ? state.what.filter((each) => each !== id) : [...state.what, id] })
              }
            >
              {word}
            </button>
          ))}
        </div>
        <select
          aria-label="Range"
          value={state.range}
          onChange={(event) => push({ range: event.currentTarget.value, from: '', to: '' })}
        >
          {Object.entries(ranges).map(([value, word]) => (
            <option key={value} value={value}>
              {word}
            </option>
          ))}
        </select>
      </div>
      {problem !== undefined && (
        <ProblemNote problem={problem} what="The history" stale={items !== undefined} retry={() => void store.load()} />
      )}
      {items === undefined && problem === undefined && <Skeleton what="the history" heights={Array<number>(8).fill(52)} />}
      {items?.length === 0 &&
        (filters.length > 0 ? (
          <NothingMatches what="entries" filters={filters} clearAll={() => push({ what: [], range: '', from: '', to: '' })} />
        ) : (
          <p class="notice">Nothing happened yet: no alert ever fired here.</p>
        ))}
      {items !== undefined && items.length > 0 && <HistoryList entries={items} named />}
      <ShowMore pages={store} />
    </>
  );
}
