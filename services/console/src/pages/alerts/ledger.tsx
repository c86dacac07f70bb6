import type { NotificationJson } from '@tmws/contracts/alerting';
import { useEffect } from 'preact/hooks';
import { type Notification, readNotification } from '../../model/alert-group.ts';
import { notificationLook, notificationStatuses } from '../../model/receiver.ts';
import { openPages } from '../../state/alert-pages.ts';
import { useOpened } from '../../state/alert-opened.ts';
import { linkTo } from '../../state/address.ts';
import { useConsole } from '../../state/console.ts';
import { list, text } from '../../state/url-state.ts';
import { useUrlState } from '../../state/use-url-state.ts';
import { Ago } from '../../ui/alert-age.tsx';
import { AlertLabels } from '../../ui/alert-labels.tsx';
import { NothingMatches } from '../../ui/empty.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';

const parameters = { status: list<(typeof notificationStatuses)[number]>(notificationStatuses), receiver: text() };
const againMs = 5_000;

/** Every message and what became of it, the latest first. */
export function Ledger({ receivers }: { receivers: readonly string[] }) {
  const { api } = useConsole();
  const { state, push } = useUrlState(parameters);
  const query = { status: state.status.join(','), receiver: state.receiver };
  const store = useOpened(
    () => openPages<NotificationJson, Notification>(api, 'notifications', readNotification, query),
    [api, JSON.stringify(query)],
  );
  useEffect(() => {
    const timer = setInterval(() => !document.hidden && void store.load(), againMs);
    return () => clearInterval(timer);
  }, [store]);
  const [items, problem] = [store.items.value, store.problem.value];
  const filters = [
    ...state.status.map((each) => ({
      words: notificationLook(each).word,
      clear: () => push({ status: state.status.filter((other) => other !== each) }),
    })),
    ...(state.receiver === '' ? [] : [{ words: `to ${state.receiver}`, clear: () => push({ receiver: '' }) }]),
  ];
  return (
    <section class="ledger">
      <div class="ledger-head">
        <h2>Messages</h2>
        <div class="toggles" role="group" aria-label="Status of messages">
          {notificationStatuses.map((each) => {
            const { word, tone, sign } = notificationLook(each);
            return (
              <button
                key={each}
                type="button"
                aria-pressed={state.status.includes(each)}
                onClick={() =>
                  push({
                    status: state.status.includes(each)
                      ? state.status.filter((other) => other !== each)
                      : [...state.status, each],
                  })
                }
              >
                <span class={`tone-${tone}`} aria-hidden="true">
                  {sign}
                </span>{' '}
                {word}
              </button>
            );
          })}
        </div>
        <select
          aria-label="Receiver of messages"
          value={state.receiver}
          onChange={(event) => push({ receiver: event.currentTarget.value })}
        >
          <option value="">To any receiver</option>
          {[...new Set([...receivers, state.receiver])].filter(Boolean).map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </div>
      {problem !== undefined && (
        <ProblemNote problem={problem} what="The messages" stale={items !== undefined} retry={() => void store.load()} />
      )}
      {items === undefined && problem === undefined && <Skeleton what="messages" heights={[64, 64, 64]} />}
      {items?.length === 0 &&
        (filters.length > 0 ? (
          <NothingMatches what="messages" filters={filters} clearAll={() => push({ status: [], receiver: '' })} />
        ) : (
          <p class="notice">No message was sent yet. A group of alerts that fires makes the first.</p>
        ))}
      {items !== undefined && items.length > 0 && (
        <ul class="messages">
          {items.map((each) => (
            <Message key={each.id} {...each} />
          ))}
        </ul>
      )}
      {store.more.value && (
        <p class="more">
          <button type="button" onClick={() => void store.loadMore()} disabled={store.loading.value}>
            Show more
          </button>
        </p>
      )}
    </section>
  );
}

function Message({
  status,
  receiver,
  integration,
  reason,
  groupId,
  groupLabels,
  firing,
  resolved,
  createdMs,
  dueMs,
  finishedMs,
  attempts,
  error,
  receipt,
}: Notification) {
  const { router } = useConsole();
  const { word, tone, sign } = notificationLook(status);
  const groups = linkTo({ name: 'alerts', view: 'groups' }, router.search.value);
  const about = [firing.length > 0 ? `${firing.length} firing` : '', resolved.length > 0 ? `${resolved.length} resolved` : ''];
  const waits = status === 'pending' && dueMs !== undefined;
  return (
    <li class="message">
      <span class={`message-status tone-${tone}`}>
        {sign} {word}
      </span>
      <span class="message-what">
        <a href={`${groups}${groups.includes('?') ? '&' : '?'}group=${encodeURIComponent(groupId)}`}>
          {reason === '' ? 'message' : reason}
        </a>{' '}
        to {receiver} by {integration}, {about.filter(Boolean).join(', ')}
      </span>
      <span class="message-when quiet">
        <Ago ms={finishedMs ?? createdMs} />
        {attempts > 1 && <>, tried {attempts} times</>}
        {waits && (
          <>
            , next <Ago ms={dueMs} />
          </>
        )}
      </span>
      <AlertLabels labels={Object.entries(groupLabels)} onChoose={undefined} />
      {error !== '' && <p class="message-said problem-line">{error}</p>}
      {receipt !== '' && <p class="message-said quiet">answered: {receipt}</p>}
    </li>
  );
}
