import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { ApiProblem } from '../api/api.ts';
import { useConsole } from '../state/console.ts';
import { copyText } from './clipboard.ts';

interface Props {
  problem: ApiProblem;
  /** What could not be shown, as the start of a sentence: "The executions". */
  what: string;
  /** What is shown is from before. */
  stale?: boolean;
  /** What still works, as a sentence. */
  stillWorks?: string;
  retry(): void;
}

/** A failure in the place of what failed: what, why, what still works, and ways on. */
export function ProblemNote({ problem, what, stale = false, stillWorks, retry }: Props) {
  const { announcer, connection } = useConsole();
  const copied = useSignal('');
  const notAllowed = problem.status === 403;
  const headline = notAllowed ? `${what}: not allowed.` : `${what} could not be loaded. ${problem.title}.`;
  // A server away is told once for the whole page, with the age of what is shown; the stream tries again by itself.
  const told = problem.status === 0 && stale && !connection.reachable.value;
  useEffect(() => {
    if (!told) announcer.say(headline);
  }, [headline, told]);
  const copyDetails = async (): Promise<void> => {
    const said = (await copyText(detailsOf(problem, headline))) ? 'Copied' : 'Not copied';
    copied.value = said;
    announcer.say(said);
  };
  if (told) return null;
  return (
    <section class="problem" aria-label={`${what} could not be loaded`}>
      <div>
        <strong>{headline}</strong>
        <p>{problem.message}</p>
        {stale && <p>What is shown is from before.</p>}
        {stillWorks !== undefined && <p>{stillWorks}</p>}
        {problem.requestId !== '' && (
          <p class="quiet">
            Request <code>{problem.requestId}</code>
          </p>
        )}
      </div>
      <div class="problem-ways">
        {!notAllowed && (
          <button type="button" onClick={retry}>
            Retry
          </button>
        )}
        <button type="button" onClick={() => void copyDetails()}>
          {copied.value === '' ? 'Copy details' : copied.value}
        </button>
      </div>
    </section>
  );
}

/** What to send to who runs the server. */
function detailsOf({ message, status, requestId }: ApiProblem, headline: string): string {
  const lines = [headline, message, status === 0 ? 'No answer' : `Status ${status}`, `Page ${location.href}`];
  if (requestId !== '') lines.push(`Request ${requestId}`);
  return [...lines, `At ${new Date().toISOString()}`].join('\n');
}
