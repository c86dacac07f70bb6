import type { DetectionRuleJson, ListRulesResponseJson, ReloadRulesResponseJson } from '@tmws/contracts/rules';
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { ApiProblem } from '../../api/api.ts';
import { instantMs } from '../../model/alert.ts';
import { kindWords, readRefused, readRule, type Refused, type Rule, ruleKinds, type RuleKind } from '../../model/rule.ts';
import { openAlertActions } from '../../state/alert-actions.ts';
import { openPages } from '../../state/alert-pages.ts';
import { useOpened } from '../../state/alert-opened.ts';
import { useConsole } from '../../state/console.ts';
import { list, text } from '../../state/url-state.ts';
import { useUrlState } from '../../state/use-url-state.ts';
import { Ago } from '../../ui/alert-age.tsx';
import { CopyAs } from '../../ui/copy-as.tsx';
import { NothingMatches } from '../../ui/empty.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { ShowMore } from '../../ui/show-more.tsx';
import { BacktestPart } from './backtest-part.tsx';
import { DoneBar } from './done-bar.tsx';
import { NoRules } from './no-rules.tsx';
import { RefusedRules } from './refused-rules.tsx';
import { RuleRow } from './rule-row.tsx';
import { useRowKeys } from './use-row-keys.ts';

const parameters = { q: text(), kind: list<RuleKind>(ruleKinds) };
const againMs = 10_000;

interface Loading {
  readonly running: number;
  readonly refused: readonly Refused[];
  readonly refusedCount: number;
  readonly loadedMs: number | undefined;
  readonly topics: readonly string[];
}

const readLoading = (json: ListRulesResponseJson): Loading => ({
  running: json.running ?? 0,
  refused: (json.refused ?? []).map(readRefused),
  refusedCount: json.refusedCount ?? 0,
  loadedMs: instantMs(json.loadedAt),
  topics: json.topics ?? [],
});

/** The rules over events: those that run, those that do not and why, and what any would have found. */
export function RulesView({ views }: { views: ComponentChildren }) {
  const { api, announcer, session } = useConsole();
  const { state, push } = useUrlState(parameters);
  const loading = useSignal<Loading | undefined>(undefined);
  const query = { search: state.q, kind: state.kind.join(',') };
  const store = useOpened(
    () =>
      openPages<DetectionRuleJson, Rule>(api, 'rules', readRule, query, (page) => {
        loading.value = readLoading(page as ListRulesResponseJson);
      }),
    [api, JSON.stringify(query)],
  );
  const actions = useMemo(() => openAlertActions(api, announcer, () => undefined), [api]);
  const [busy, tries] = [useSignal(false), useSignal(false)];
  useEffect(() => {
    const timer = setInterval(() => !document.hidden && void store.load(), againMs);
    return () => clearInterval(timer);
  }, [store]);
  useEffect(() => actions.close, [actions]);
  const problem = store.problem.value;
  // What was there stays until the next is.
  const before = useRef<readonly Rule[] | undefined>(undefined);
  const items = store.items.value ?? before.current;
  before.current = items;
  const reload = async (): Promise<void> => {
    busy.value = true;
    try {
      const { running = 0, refusedCount = 0 } = await api.post<ReloadRulesResponseJson>('rules/reload', {});
      actions.tell(`Read again: ${rulesRun(running)}${refusedCount === 0 ? '' : `, ${refusedCount} refused`}`);
    } catch (error) {
      actions.tell(`Not read again: ${ApiProblem.from(error).message}`);
    }
    busy.value = false;
    void store.load();
  };
  const filters = [
    ...(state.q === '' ? [] : [{ words: `“${state.q}” in id or title`, clear: () => push({ q: '' }) }]),
    ...state.kind.map((each) => ({
      words: `kind ${kindWords[each] ?? each}`,
      clear: () => push({ kind: state.kind.filter((other) => other !== each) }),
    })),
  ];
  useRowKeys('.rule-name > a');
  const now = loading.value;
  const nothing = items?.length === 0 && filters.length === 0;
  return (
    <>
      <div class="head alerts-head">
        <h1>Rules</h1>
        {views}
        <span class="head-end">
          {session.may('operate', true) && (
            <button type="button" disabled={busy.value} onClick={() => void reload()}>
              Reload
            </button>
          )}
          <CopyAs
            path="rules"
            query={query}
            command={['rule', 'list', ...(state.q === '' ? [] : [state.q]), ...(query.kind === '' ? [] : ['--kind', query.kind])]}
          />
        </span>
      </div>
      <p class="rules-loaded">
        {now !== undefined && (
          <>
            <strong>{rulesRun(now.running)}</strong>
            <span class="quiet">
              {now.topics.length > 0 && <>over {now.topics.join(', ')}</>}
              {now.loadedMs !== undefined && (
                <>
                  , read <Ago ms={now.loadedMs} />
                </>
              )}
            </span>
          </>
        )}
      </p>
      <RefusedRules refused={now?.refused ?? []} count={now?.refusedCount ?? 0} />
      {!nothing && (
        <div class="list-tools alert-tools">
          <input
            type="search"
            class="rule-search"
            aria-label="Search rules"
            placeholder="Part of an id or a title"
            spellcheck={false}
            value={state.q}
            onChange={(event) => push({ q: event.currentTarget.value.trim() })}
          />
          <div class="toggles" role="group" aria-label="Kind">
            {ruleKinds.map((each) => (
              <button
                key={each}
                type="button"
                aria-pressed={state.kind.includes(each)}
                onClick={() =>
                  push({
                    kind: state.kind.includes(each) ? state.kind.filter((other) => other !== each) : [...state.kind, each],
                  })
                }
              >
                {kindWords[each]}
              </button>
            ))}
          </div>
          <button type="button" class="tries" aria-expanded={tries.value} onClick={() => (tries.value = !tries.value)}>
            Backtest
          </button>
        </div>
      )}
      {tries.value && (
        <section class="card rule-tries" aria-label="Backtest">
          <BacktestPart own />
        </section>
      )}
      {problem !== undefined && (
        <ProblemNote problem={problem} what="The rules" stale={items !== undefined} retry={() => void store.load()} />
      )}
      {items === undefined && problem === undefined && <Skeleton what="rules" heights={Array<number>(6).fill(74)} />}
      {nothing && <NoRules refused={now?.refusedCount ?? 0} />}
      {items?.length === 0 && filters.length > 0 && (
        <NothingMatches what="rules" filters={filters} clearAll={() => push({ q: '', kind: [] })} />
      )}
      {items !== undefined && items.length > 0 && (
        <ul class={store.items.value === undefined ? 'rules stale' : 'rules'} aria-label="Rules that run">
          {items.map((rule) => (
            <RuleRow key={`${rule.kind} ${rule.id}`} rule={rule} />
          ))}
        </ul>
      )}
      <ShowMore pages={store} />
      <DoneBar actions={actions} />
    </>
  );
}

const rulesRun = (count: number): string => (count === 1 ? '1 rule runs' : `${count.toLocaleString('en')} rules run`);
