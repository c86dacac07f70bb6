import { useSignal } from '@preact/signals';
import type { AlertJson } from '@tmws/contracts/alerting';
import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import { type Alert, readAlert } from '../../model/alert.ts';
import { alertsParameters, alertsQuery, alertWords, filtersOf, isFiltered, noFilter } from '../../model/alert-filter.ts';
import { withMatcher } from '../../model/label-matcher.ts';
import { formatInstant } from '../../model/when.ts';
import { openAlertActions } from '../../state/alert-actions.ts';
import { openPages } from '../../state/alert-pages.ts';
import { useOpened } from '../../state/alert-opened.ts';
import { useConsole } from '../../state/console.ts';
import { useUrlState } from '../../state/use-url-state.ts';
import { CopyAs } from '../../ui/copy-as.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { ShowMore } from '../../ui/show-more.tsx';
import { AlertsContext, type AlertsOfPage } from './alerts-context.ts';
import { AlertRow } from './alert-row.tsx';
import { FilterBar } from './filter-bar.tsx';
import { NoGroups } from './no-groups.tsx';

/** What fired at an instant that is over: to be read, not to be acted on. */
export function AtView({ views }: { views: ComponentChildren }) {
  const { api, announcer, session } = useConsole();
  const { state, push } = useUrlState(alertsParameters);
  const instant = Date.parse(state.at);
  const at = Number.isNaN(instant) ? state.at : new Date(instant).toISOString();
  const me = session.who.value?.name ?? '';
  const query = { ...alertsQuery(state, me), at, state: '' };
  const store = useOpened(() => openPages<AlertJson, Alert>(api, 'alerts', readAlert, query), [api, JSON.stringify(query)]);
  const part = useSignal<AlertsOfPage['part']['value']>(undefined);
  const selected = useSignal<ReadonlySet<string>>(new Set());
  const page = useMemo<AlertsOfPage>(
    () => ({
      actions: openAlertActions(api, announcer, () => undefined),
      mayAct: false,
      me: '',
      atMs: Number.isNaN(instant) ? undefined : instant,
      part,
      selected,
      onLabel: (matcher) => push({ filter: withMatcher(state.filter, matcher) }),
      onOpen: () => undefined,
      reload: () => void store.load(),
    }),
    [api, store, instant],
  );
  const items = store.items.value;
  const problem = store.problem.value;
  const fault = problem?.status === 400 && filtersOf(state).length > 0 ? problem.message : undefined;
  const total = store.total.value ?? items?.length ?? 0;
  return (
    <AlertsContext.Provider value={page}>
      <div class="head alerts-head">
        <h1>Alerts</h1>
        {views}
        <span class="head-end">
          <CopyAs path="alerts" query={query} command={['alert', 'list', ...alertWords(state, me), '--at', at]} />
        </span>
      </div>
      <div class="as-of">
        <p>
          <strong>As of {Number.isNaN(instant) ? at : formatInstant(instant)}.</strong> What fired then; what muted it is not
          known.
        </p>
        <button type="button" onClick={() => push({ at: '' })}>
          Show what fires now
        </button>
      </div>
      <FilterBar {...{ state, groups: [], fault, past: true }} onChange={push} />
      {problem !== undefined && fault === undefined && (
        <ProblemNote problem={problem} what="The alerts of then" stale={items !== undefined} retry={() => void store.load()} />
      )}
      {items === undefined && problem === undefined && <Skeleton what="alerts" heights={[80, 80, 80]} />}
      {items?.length === 0 &&
        (isFiltered(state) ? (
          <NoGroups {...{ state, lastFiredMs: 0 }} onClear={() => push(noFilter)} onChange={push} />
        ) : (
          <p class="notice">No alert fired then.</p>
        ))}
      {items !== undefined && items.length > 0 && (
        <>
          <p class="headline">{total === 1 ? '1 alert fired' : `${total.toLocaleString('en')} alerts fired`}</p>
          <ul class="alert-rows card" aria-label="Alerts that fired then">
            {items.map((alert) => (
              <AlertRow key={alert.fingerprint} alert={alert} shared={{}} />
            ))}
          </ul>
        </>
      )}
      <ShowMore pages={store} />
    </AlertsContext.Provider>
  );
}
