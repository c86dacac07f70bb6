import type { NotificationJson } from '@tmws/contracts/alerting';
import type { ListReceiversResponseJson } from '@tmws/contracts/deliveries';
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import { type Notification, readNotification } from '../../model/alert-group.ts';
import { notificationLook, notificationStatuses } from '../../model/receiver.ts';
import { openAlertActions } from '../../state/alert-actions.ts';
import { openAnswer, openPages } from '../../state/alert-pages.ts';
import { useOpened } from '../../state/alert-opened.ts';
import { useConsole } from '../../state/console.ts';
import { list, text } from '../../state/url-state.ts';
import { useUrlState } from '../../state/use-url-state.ts';
import { CopyAs } from '../../ui/copy-as.tsx';
import { NothingMatches } from '../../ui/empty.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { ShowMore } from '../../ui/show-more.tsx';
import { DeadLettersBar } from './dead-letters-bar.tsx';
import { DeliveryFilters } from './delivery-filters.tsx';
import { DeliveryRow } from './delivery-row.tsx';
import { DoneBar } from './done-bar.tsx';
import { useRowKeys } from './use-row-keys.ts';

const parameters = {
  status: list<(typeof notificationStatuses)[number]>(notificationStatuses),
  receiver: text(),
  alert: text(),
  id: text(),
};
const againMs = 5_000;

/** Every message to every receiver and what became of it, the latest first; those given up can be sent again. */
export function DeliveriesView({ views }: { views: ComponentChildren }) {
  const { api, announcer, session } = useConsole();
  const { state, push, set } = useUrlState(parameters);
  const query = { status: state.status.join(','), receiver: state.receiver, fingerprint: state.alert };
  const store = useOpened(
    () => openPages<NotificationJson, Notification>(api, 'notifications', readNotification, query),
    [api, JSON.stringify(query)],
  );
  const receivers = useOpened(
    () => openAnswer(api, 'receivers', ({ items = [] }: ListReceiversResponseJson) => items.map(({ name = '' }) => name)),
    [api],
  );
  const actions = useMemo(() => openAlertActions(api, announcer, () => undefined), [api]);
  const selected = useSignal<ReadonlySet<string>>(new Set());
  useEffect(() => {
    const timer = setInterval(() => !document.hidden && scrollY < 200 && void store.load(), againMs);
    selected.value = new Set();
    return () => clearInterval(timer);
  }, [store]);
  useEffect(() => actions.close, [actions]);
  const [items, problem] = [store.items.value, store.problem.value];
  const mayAct = session.may('operate');
  const onlyDead = state.status.length === 1 && state.status[0] === 'dead';
  const dead = items?.filter(({ status }) => status === 'dead') ?? [];
  const filters = [
    ...state.status.map((each) => ({
      words: notificationLook(each).word,
      clear: () => push({ status: state.status.filter((other) => other !== each) }),
    })),
    ...(state.receiver === '' ? [] : [{ words: `to ${state.receiver}`, clear: () => push({ receiver: '' }) }]),
    ...(state.alert === '' ? [] : [{ words: `about ${state.alert}`, clear: () => push({ alert: '' }) }]),
  ];
  const select = (id: string): void => {
    const next = new Set(selected.peek());
    if (!next.delete(id)) next.add(id);
    selected.value = next;
  };
  useRowKeys('.message-what > button', (at) => {
    const message = items?.[at];
    if (!mayAct || message?.status !== 'dead') return false;
    select(message.id);
    return true;
  });
  return (
    <>
      <div class="head alerts-head">
        <h1>{onlyDead ? 'Dead letters' : 'Deliveries'}</h1>
        {views}
        <span class="head-end">
          <CopyAs
            path="notifications"
            query={query}
            command={[
              ...['notification', 'list'],
              ...(query.status === '' ? [] : ['--status', query.status]),
              ...(state.receiver === '' ? [] : ['--receiver', state.receiver]),
              ...(state.alert === '' ? [] : ['--alert', state.alert]),
            ]}
          />
        </span>
      </div>
      <DeliveryFilters state={state} receivers={receivers.value.value ?? []} onChange={push} />
      {mayAct && dead.length > 0 && (
        <DeadLettersBar
          {...{ dead, selected, actions }}
          receiver={state.receiver}
          everything={onlyDead && state.alert === ''}
          onReplayed={() => {
            selected.value = new Set();
            void store.load();
          }}
        />
      )}
      {problem !== undefined && (
        <ProblemNote problem={problem} what="The messages" stale={items !== undefined} retry={() => void store.load()} />
      )}
      {items === undefined && problem === undefined && <Skeleton what="messages" heights={Array<number>(6).fill(64)} />}
      {items?.length === 0 &&
        (onlyDead ? (
          <NoDeadLetters receiver={state.receiver} />
        ) : filters.length > 0 ? (
          <NothingMatches what="messages" filters={filters} clearAll={() => push({ status: [], receiver: '', alert: '' })} />
        ) : (
          <p class="notice">No message was sent yet. A group of alerts that fires makes the first.</p>
        ))}
      {items !== undefined && items.length > 0 && (
        <ul class="messages" aria-label="Messages">
          {items.map((each) => (
            <DeliveryRow
              key={each.id}
              message={each}
              open={state.id === each.id}
              onOpen={() => set({ id: state.id === each.id ? '' : each.id })}
              selected={mayAct && each.status === 'dead' ? selected.value.has(each.id) : undefined}
              onSelect={() => select(each.id)}
            />
          ))}
        </ul>
      )}
      <ShowMore pages={store} />
      <DoneBar actions={actions} />
    </>
  );
}

function NoDeadLetters({ receiver }: { receiver: string }) {
  return (
    <section class="notice">
      <h2>No dead letter{receiver !== '' && ` of ${receiver}`}</h2>
      <p>
        A dead letter is a message that its receiver refused for good, or that could not be brought to it however often it was
        tried. It is kept here with what was answered, and can be sent again once the receiver is well.
      </p>
    </section>
  );
}
