import { useEffect, useRef } from 'preact/hooks';
import { useConsole } from '../state/console.ts';
import { formatAge } from '../state/live-words.ts';

/** Says that the server does not answer, and how old what is shown is. */
export function OfflineBanner() {
  const { connection, clock, announcer } = useConsole();
  const online = connection.online.value;
  const lost = !online || !connection.reachable.value;
  const what = online ? 'The server does not answer' : 'This device is offline';
  const wasLost = useRef(false);
  useEffect(() => {
    if (lost) announcer.say(what);
    else if (wasLost.current) announcer.say('The server answers again');
    wasLost.current = lost;
  }, [lost, what]);
  if (!lost) return null;
  return (
    <p class="offline">
      <strong>{what}.</strong> What is shown is {formatAge(clock.seconds.value - connection.heardMs.value)} old. Trying again.
    </p>
  );
}
