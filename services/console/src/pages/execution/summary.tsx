import type { CriticalPath } from '../../model/critical-path.ts';
import type { Execution } from '../../model/execution.ts';
import { lookOf } from '../../model/status.ts';
import { firstFailure, outcomeOf, whereTimeWent } from '../../model/summary.ts';
import type { Row } from '../../model/timeline.ts';

interface Props {
  execution: Execution;
  rows: readonly Row[];
  path: CriticalPath | undefined;
  nowMs: number;
  onSelect(stepKey: string): void;
}

/** The answer before the picture: how it stands, where the time went, what failed first. */
export function Summary({ execution, rows, path, nowMs, onSelect }: Props) {
  const failure = firstFailure(rows);
  const last = failure?.attempts.at(-1);
  return (
    <div class="summary">
      <p>
        <strong>{outcomeOf(execution, nowMs)}</strong> {path !== undefined && whereTimeWent(path)}
      </p>
      {failure !== undefined && (
        <p class="first-failure">
          First failure:{' '}
          <button type="button" class="link" onClick={() => onSelect(failure.stepKey)}>
            {failure.name}
          </button>{' '}
          {lookOf(failure.status).word}
          {failure.attempts.length > 1 && `, attempt ${last?.attempt ?? failure.attempts.length} of ${failure.attempts.length}`}
          {last?.error !== undefined && `: ${[last.error.type, last.error.message].filter(Boolean).join(': ')}`}
        </p>
      )}
      {failure === undefined && execution.error !== undefined && (
        <p class="first-failure">{[execution.error.type, execution.error.message].filter(Boolean).join(': ')}</p>
      )}
    </div>
  );
}
