import type { Notification } from '../../model/alert-group.ts';
import { notificationLook, tookWords } from '../../model/receiver.ts';
import { linkTo, withParameters } from '../../state/address.ts';
import { useConsole } from '../../state/console.ts';
import { Ago } from '../../ui/alert-age.tsx';
import { AlertLabels } from '../../ui/alert-labels.tsx';
import { DeliveryMessage } from './delivery-message.tsx';

interface Props {
  message: Notification;
  open: boolean;
  onOpen(): void;
  /** Undefined: it cannot be. */
  selected: boolean | undefined;
  onSelect(): void;
}

/** One message: what it was about, who it went to, what became of it. */
export function DeliveryRow({ message, open, onOpen, selected, onSelect }: Props) {
  const { router } = useConsole();
  const { id, status, receiver, integration, reason, groupLabels, attempts, error, receipt, dueMs, replayOf, digest } = message;
  const { word, tone, sign } = notificationLook(status);
  const own = (of: string): string => {
    const page = new URL(linkTo({ name: 'alerts', view: 'deliveries' }, router.search.value), location.origin);
    return `${page.pathname}?${withParameters(page.searchParams, { id: of }).toString()}`;
  };
  const took = tookWords(message);
  return (
    <li class="message" id={`message-${id}`}>
      <span class={`message-status tone-${tone}`}>
        {selected !== undefined && (
          <input
            type="checkbox"
            aria-label={`Select the dead letter to ${receiver} by ${integration}`}
            checked={selected}
            onChange={onSelect}
          />
        )}
        {sign} {word}
      </span>
      <span class="message-what">
        <button type="button" class="link" aria-expanded={open} onClick={onOpen}>
          {reason === '' ? 'message' : reason}
        </button>{' '}
        to <strong>{receiver}</strong> by {integration}, {aboutWords(message)}
      </span>
      <span class="message-when quiet">
        <Ago ms={message.finishedMs ?? message.createdMs} />
        {attempts > 1 && <>, tried {attempts} times</>}
        {took !== '' && <>, took {took}</>}
        {status === 'pending' && dueMs !== undefined && (
          <>
            , next <Ago ms={dueMs} />
          </>
        )}
      </span>
      <AlertLabels labels={Object.entries(groupLabels)} onChoose={undefined} />
      {error !== '' && <p class="message-said problem-line">{error}</p>}
      {receipt !== '' && <p class="message-said quiet">answered: {receipt}</p>}
      {replayOf !== '' && (
        <p class="message-said quiet">
          sends a <a href={own(replayOf)}>dead letter</a> again
        </p>
      )}
      {digest !== '' && (
        <p class="message-said quiet">
          went as part of a <a href={own(digest)}>digest</a>
        </p>
      )}
      {open && <DeliveryMessage id={id} groupId={message.groupId} />}
    </li>
  );
}

function aboutWords({ firing, resolved }: Notification): string {
  const words = [firing.length > 0 ? `${firing.length} firing` : '', resolved.length > 0 ? `${resolved.length} resolved` : ''];
  return words.filter(Boolean).join(', ') || 'about nothing any more';
}
