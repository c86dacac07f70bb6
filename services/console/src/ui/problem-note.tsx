import type { ApiProblem } from '../api/api.ts';

interface Props {
  problem: ApiProblem;
  /** What could not be shown, as the start of a sentence: "The executions". */
  what: string;
  /** What is shown is from before. */
  stale?: boolean;
  retry(): void;
}

/** A failure in the place of what failed: what, why, and a way on. */
export function ProblemNote({ problem, what, stale = false, retry }: Props) {
  return (
    <section class="problem" role="alert">
      <div>
        <strong>
          {what} could not be loaded. {problem.title}.
        </strong>
        <p>{problem.message}</p>
        {stale && <p>What is shown is from before.</p>}
        {problem.requestId !== '' && (
          <p class="quiet">
            Request <code>{problem.requestId}</code>
          </p>
        )}
      </div>
      <button type="button" onClick={retry}>
        Retry
      </button>
    </section>
  );
}
