import { ageWords } from '../model/alert-age.ts';
import { formatAgo, formatInstant } from '../model/when.ts';
import { useConsole } from '../state/console.ts';

/** An instant as how long ago or how soon it is, kept up with the clock; exact in its title. */
export function Ago({ ms }: { ms: number }) {
  const { clock } = useConsole();
  return (
    <time dateTime={new Date(ms).toISOString()} title={formatInstant(ms)}>
      {formatAgo(ms, clock.wall.value)}
    </time>
  );
}

/** How long it lasts already, or lasted by an instant. */
export function Age({ sinceMs, untilMs }: { sinceMs: number; untilMs?: number | undefined }) {
  const { clock } = useConsole();
  return (
    <time dateTime={new Date(sinceMs).toISOString()} title={`since ${formatInstant(sinceMs)}`}>
      {ageWords((untilMs ?? clock.wall.value) - sinceMs)}
    </time>
  );
}
