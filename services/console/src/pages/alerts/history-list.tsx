import type { JSX } from 'preact';
import { byDay, type HistoryEntry, type KindLook, kindLook } from '../../model/alert-history.ts';
import { restOf, titleOf } from '../../model/alert.ts';
import { formatInstant } from '../../model/when.ts';
import { linkTo, withParameters } from '../../state/address.ts';
import { useConsole } from '../../state/console.ts';
import { AlertLabels } from '../../ui/alert-labels.tsx';
import { LinkedText } from '../../ui/alert-text.tsx';

const signs: Readonly<Record<KindLook['sign'], JSX.Element>> = {
  up: <path d="M8 13V3.5M4 7l4-4 4 4" />,
  check: <path d="M3 8.5 6.5 12 13 4.5" />,
  person: <path d="M8 8a2.6 2.6 0 1 0 0-5.2A2.6 2.6 0 0 0 8 8M3 13.6c.5-2.6 2.6-3.4 5-3.4s4.5.8 5 3.4" />,
  note: <path d="M3 3h10v7.5H7.5L4.5 13v-2.5H3z" />,
  send: <path d="M2 8 14 2.5 10.5 13.5 7.5 9z" />,
  cross: <path d="M4 4l8 8M12 4l-8 8" />,
  wave: <path d="M1.5 8c1.6-5 3.2-5 4.8 0s3.2 5 4.8 0 2-3.5 3.4-3" />,
  dot: <circle cx="8" cy="8" r="2.5" />,
};

const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'full' });
const clockTime = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });

/** What happened, the latest first, day by day. @param named  whose it is is told with each */
export function HistoryList({ entries, named }: { entries: readonly HistoryEntry[]; named: boolean }) {
  return (
    <>
      {byDay(entries, (ms) => day.format(ms)).map(([name, those]) => (
        <section key={name} class="history-day">
          <h2>{name}</h2>
          <ol class="alert-history">
            {those.map((entry, at) => (
              <Entry key={`${entry.atMs} ${entry.fingerprint} ${entry.kind} ${at}`} entry={entry} named={named} />
            ))}
          </ol>
        </section>
      ))}
    </>
  );
}

function Entry({
  entry: { fingerprint, atMs, kind, by, text, labels, details },
  named,
}: {
  entry: HistoryEntry;
  named: boolean;
}) {
  const { router } = useConsole();
  const { word, tone, sign } = kindLook(kind);
  const search = router.search.value;
  const groups = new URL(linkTo({ name: 'alerts', view: 'groups' }, search), location.origin);
  const then = `${groups.pathname}?${withParameters(groups.searchParams, { at: new Date(atMs).toISOString() }).toString()}`;
  return (
    <li class="entry">
      <a class="entry-when" href={then} title={`${formatInstant(atMs)}: what fired then`}>
        {clockTime.format(atMs)}
      </a>
      <span class={`entry-kind tone-${tone}`}>
        <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
          {signs[sign]}
        </svg>
        {word}
      </span>
      <div class="entry-what">
        {named && (
          <p>
            {fingerprint === '' ? (
              <strong>{titleOf(labels)}</strong>
            ) : (
              <a href={linkTo({ name: 'alert', fingerprint }, search)}>
                <strong>{titleOf(labels)}</strong>
              </a>
            )}
          </p>
        )}
        {(text !== '' || by !== '') && (
          <p class="entry-text">
            {by !== '' && <span class="quiet">{by}: </span>}
            <LinkedText text={text} />
          </p>
        )}
        {named && <AlertLabels labels={restOf(labels)} onChoose={undefined} />}
        {Object.keys(details).length > 0 && (
          <p class="quiet entry-details">
            {Object.entries(details)
              .map(([name, value]) => `${name} ${value}`)
              .join(' · ')}
          </p>
        )}
      </div>
    </li>
  );
}
