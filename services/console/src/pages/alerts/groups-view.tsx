import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { alertsParameters, alertsQuery, alertWords, filtersOf, isFiltered, noFilter } from '../../model/alert-filter.ts';
import { headline } from '../../model/alert-group.ts';
import { withMatcher } from '../../model/label-matcher.ts';
import { openAlertActions } from '../../state/alert-actions.ts';
import { openAlertGroups } from '../../state/alert-groups-store.ts';
import { useOpened } from '../../state/alert-opened.ts';
import { useConsole } from '../../state/console.ts';
import { useLive } from '../../state/use-live.ts';
import { useUrlState } from '../../state/use-url-state.ts';
import { CopyAs } from '../../ui/copy-as.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { AlertsContext, type AlertsOfPage } from './alerts-context.ts';
import { AtView } from './at-view.tsx';
import { BulkBar } from './bulk-bar.tsx';
import { CountsLine } from './counts-line.tsx';
import { DoneBar } from './done-bar.tsx';
import { FilterBar } from './filter-bar.tsx';
import { GroupList } from './group-list.tsx';
import { NoGroups } from './no-groups.tsx';
import { useAlertKeys } from './use-alert-keys.ts';

/** What must be acted on now? */
export function GroupsView({ views }: { views: ComponentChildren }) {
  const { state } = useUrlState(alertsParameters);
  return state.at === '' ? <GroupsNow views={views} /> : <AtView views={views} />;
}

function GroupsNow({ views }: { views: ComponentChildren }) {
  const { api, announcer, session } = useConsole();
  const { state, push, set } = useUrlState(alertsParameters);
  const me = session.who.value?.name ?? '';
  const list = useRef<HTMLDivElement>(null);
  const part = useSignal<AlertsOfPage['part']['value']>(undefined);
  const selected = useSignal<ReadonlySet<string>>(new Set());
  const query = alertsQuery(state, me);
  const asked = JSON.stringify(query);
  const held = (): boolean =>
    (list.current?.matches(':hover, :focus-within') ?? false) || (list.current?.getBoundingClientRect().top ?? 0) < 0;
  const store = useOpened(() => openAlertGroups(api, query, held), [api, asked]);
  useLive(store.live);
  const loader = useRef(store);
  loader.current = store;
  const actions = useMemo(() => openAlertActions(api, announcer, () => void loader.current.load()), [api]);
  useEffect(() => actions.close, [actions]);

  // Until the answer to a changed filter is here, the former one stays, dimmed.
  const former = useRef(store);
  if (store.groups.value !== undefined) former.current = store;
  const { groups, counts, more, lastFiredMs } = former.current;
  const stale = store.groups.value === undefined;
  const shown = groups.value;
  const problem = store.problem.value;
  const fault = problem?.status === 400 && filtersOf(state).length > 0 ? problem.message : undefined;
  const words = shown === undefined || stale ? undefined : headline(shown, more.value);
  useEffect(() => {
    if (words !== undefined) announcer.say(words);
  }, [words]);

  const latest = useRef(state);
  latest.current = state;
  const mayAct = session.may('operate');
  const page = useMemo<AlertsOfPage>(
    () => ({
      actions,
      mayAct,
      me,
      part,
      selected,
      onLabel: (matcher) => push({ filter: withMatcher(latest.current.filter, matcher) }),
      onOpen: (group) => set({ group: latest.current.group === group ? '' : group }),
      reload: () => void loader.current.load(),
    }),
    [actions, mayAct, me],
  );
  useAlertKeys(page, shown ?? [], list);
  const empty = !stale && shown?.length === 0;
  return (
    <AlertsContext.Provider value={page}>
      <div class="head alerts-head">
        <h1>Alerts</h1>
        {views}
        <span class="head-end">
          <CopyAs path="alerts/groups" query={query} command={['alert', 'groups', ...alertWords(state, me)]} />
        </span>
      </div>
      {!(empty && !isFiltered(state)) && (
        <div class={stale ? 'alerts-top stale' : 'alerts-top'}>
          <p class="headline">{words ?? '\u00a0'}</p>
          {!mayAct && <p class="quiet">You may look; acknowledging and silencing takes the scope operate.</p>}
          {counts.value !== undefined && (
            <CountsLine
              counts={counts.value}
              groups={former.current.total.value}
              severities={state.severity}
              onSeverities={(severity) => push({ severity })}
            />
          )}
        </div>
      )}
      {!(empty && !isFiltered(state)) && <FilterBar {...{ state, groups: shown ?? [], fault }} onChange={push} />}
      {problem !== undefined && fault === undefined && (
        <ProblemNote problem={problem} what="The alerts" stale={shown !== undefined} retry={() => void store.load()} />
      )}
      <BulkBar groups={shown ?? []} />
      {empty && <NoGroups {...{ state, lastFiredMs: lastFiredMs.value }} onClear={() => push(noFilter)} onChange={push} />}
      {!empty && shown === undefined && problem === undefined && <Skeleton what="alerts" heights={Array<number>(7).fill(112)} />}
      {!empty && shown !== undefined && (
        <div
          ref={list}
          class={stale ? 'stale' : undefined}
          onPointerLeave={() => setTimeout(store.release)}
          onFocusOut={() => setTimeout(store.release)}
        >
          <FreshButton fresh={store.fresh.value} moved={store.heldBack.value} onShow={store.showFresh} />
          <GroupList {...{ groups: shown, open: state.group, more: more.value }} onMore={() => void store.loadMore()} />
        </div>
      )}
      <DoneBar actions={actions} />
    </AlertsContext.Provider>
  );
}

/** What waits while something is looked at. */
function FreshButton({ fresh, moved, onShow }: { fresh: number; moved: boolean; onShow(): void }) {
  if (!moved) return <div class="fresh-place" />;
  return (
    <div class="fresh-place">
      <button type="button" class="primary fresh" onClick={onShow}>
        {fresh > 0 ? `${fresh} new` : 'Order has changed'}
      </button>
    </div>
  );
}
