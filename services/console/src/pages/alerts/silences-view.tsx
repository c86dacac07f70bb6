import { useSignal } from '@preact/signals';
import type { SilenceJson } from '@tmws/contracts/silences';
import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { parseMatcher, splitMatchers } from '../../model/label-matcher.ts';
import { draftOf, newDraft, readSilence, type Silence, type SilenceDraft } from '../../model/silence.ts';
import { openAlertActions } from '../../state/alert-actions.ts';
import { openPages } from '../../state/alert-pages.ts';
import { useOpened } from '../../state/alert-opened.ts';
import { useConsole } from '../../state/console.ts';
import { list, text } from '../../state/url-state.ts';
import { useUrlState } from '../../state/use-url-state.ts';
import { CopyAs } from '../../ui/copy-as.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { ShowMore } from '../../ui/show-more.tsx';
import { DoneBar } from './done-bar.tsx';
import { SilenceForm } from './silence-form.tsx';
import { SilenceRow } from './silence-row.tsx';

const states = ['active', 'pending', 'expired'] as const;
const titles = { active: 'In force', pending: 'Later', expired: 'Over' } as const;
const parameters = { state: list<(typeof states)[number]>(states), new: text(), id: text() };
const againMs = 5_000;

/** Silences in force, those that will be, those that were; and writing one. */
export function SilencesView({ views }: { views: ComponentChildren }) {
  const { api, announcer, session } = useConsole();
  const { state, push, set } = useUrlState(parameters);
  const query = { state: state.state.join(',') };
  const store = useOpened(() => openPages<SilenceJson, Silence>(api, 'silences', readSilence, query), [api, query.state]);
  const latest = useRef(store);
  latest.current = store;
  const actions = useMemo(() => openAlertActions(api, announcer, () => void latest.current.load()), [api]);
  const draft = useSignal<SilenceDraft | undefined>(state.new === '' ? undefined : newDraft(matchersIn(state.new)));
  const mayAct = session.may('operate');
  useEffect(() => {
    const timer = setInterval(() => !document.hidden && void latest.current.load(), againMs);
    return () => {
      clearInterval(timer);
      actions.close();
    };
  }, [actions]);
  const close = (): void => {
    draft.value = undefined;
    set({ new: '' });
  };
  const items = store.items.value;
  const problem = store.problem.value;
  return (
    <>
      <div class="head alerts-head">
        <h1>Silences</h1>
        {views}
        <span class="head-end">
          {mayAct && (
            <button
              type="button"
              class="primary"
              aria-expanded={draft.value !== undefined}
              onClick={() => (draft.value = newDraft())}
            >
              New silence
            </button>
          )}
          <CopyAs
            path="silences"
            query={query}
            command={['silence', 'list', ...(query.state === '' ? [] : ['--state', query.state])]}
          />
        </span>
      </div>
      {draft.value !== undefined && (
        <section class="card silence-new">
          <h2>{draft.value.id === '' ? 'New silence' : 'Change the silence'}</h2>
          <SilenceForm
            key={draft.value.id}
            draft={draft.value}
            onClose={close}
            onSaved={(words, undo) => {
              close();
              actions.tell(words, undo && (() => undo().finally(() => void latest.current.load())));
              void latest.current.load();
            }}
          />
        </section>
      )}
      <div class="toggles silence-states" role="group" aria-label="State">
        {states.map((each) => (
          <button
            key={each}
            type="button"
            aria-pressed={state.state.includes(each)}
            onClick={() =>
              push({ state: state.state.includes(each) ? state.state.filter((other) => other !== each) : [...state.state, each] })
            }
          >
            {titles[each]}
          </button>
        ))}
      </div>
      {problem !== undefined && (
        <ProblemNote problem={problem} what="The silences" stale={items !== undefined} retry={() => void store.load()} />
      )}
      {items === undefined && problem === undefined && <Skeleton what="silences" heights={[90, 90, 90]} />}
      {items?.length === 0 && (
        <section class="notice">
          <h2>{state.state.length === 0 ? 'No silence' : 'No silence is in this state'}</h2>
          <p>Everything that fires is told. A silence mutes what its matchers match, for a time, and says why.</p>
        </section>
      )}
      {states.map((each) => {
        const those = items?.filter((silence) => silence.state === each) ?? [];
        return (
          those.length > 0 && (
            <section key={each} class="silences">
              <h2>
                {titles[each]} <span class="quiet">{those.length}</span>
              </h2>
              <ul class="cards">
                {those.map((silence) => (
                  <SilenceRow
                    key={silence.id}
                    {...{ silence, actions, mayAct, chosen: silence.id === state.id }}
                    onEdit={() => (draft.value = draftOf(silence))}
                    onChanged={() => void store.load()}
                  />
                ))}
              </ul>
            </section>
          )
        );
      })}
      <ShowMore pages={store} />
      <DoneBar actions={actions} />
    </>
  );
}

const matchersIn = (text: string) => splitMatchers(text).flatMap((part) => parseMatcher(part) ?? []);
