import type { ReadonlySignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { LiveState } from '../api/live-stream.ts';
import { useConsole } from '../state/console.ts';
import { useKeys } from '../state/use-keys.ts';
import { liveWords } from '../state/live-words.ts';

/** Whether what is shown follows the server, of the stream the page gave to `useLive`. A click or `l` pauses and resumes it. */
export function LivePill() {
  const followed = useConsole().live.followed.value;
  return followed === undefined ? null : <Pill state={followed} />;
}

function Pill({ state }: { state: ReadonlySignal<LiveState> }) {
  const { live, clock, connection, announcer } = useConsole();
  // A stream may not notice for long that its device is offline.
  const now = state.value === 'live' && !connection.online.value ? 'reconnecting' : state.value;
  const { word, age, title, look } = liveWords(now, clock.seconds.value - live.freshMs.value);
  const ended = state.value === 'ended';
  useKeys({ live: () => (ended ? false : live.toggle()) });
  useEffect(() => {
    if (word !== 'Connecting') announcer.say(word);
  }, [word]);
  const action = live.paused.value ? 'Follow live' : 'Pause';
  return (
    <button
      type="button"
      class={`live live-${look}`}
      title={ended ? title : `${title}. ${action}: l`}
      aria-disabled={ended}
      onClick={() => !ended && live.toggle()}
    >
      <span class="live-dot" aria-hidden="true" />
      {word}
      {age !== '' && <span aria-hidden="true">{age}</span>}
      {!ended && <span class="visually-hidden">: {action}</span>}
    </button>
  );
}
