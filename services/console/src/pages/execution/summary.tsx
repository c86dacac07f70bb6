import { useEffect, useMemo } from 'preact/hooks';
import { decidedBy } from '../../model/decided.ts';
import { etaOf, tells } from '../../model/eta.ts';
import { isGrowing, lengthNs, type StepFailure } from '../../model/execution.ts';
import { longestCritical } from '../../model/find-step.ts';
import { lookOf } from '../../model/status.ts';
import { stepKeyAt } from '../../model/step-key.ts';
import { kindOf, nameOf, statusOf } from '../../model/steps.ts';
import { outcomeOf, whereTimeWent } from '../../model/summary.ts';
import { useConsole } from '../../state/console.ts';
import type { ExecutionStore, Picture } from '../../state/execution-store.ts';
import { triesOf } from '../../gantt/row-words.ts';
import { Decided } from './decided.tsx';

interface Props {
  store: ExecutionStore;
  picture: Picture;
  failures: readonly number[];
  onSelect(row: number): void;
  onSelectKey(stepKey: string): void;
}

/** The answer before the picture: how it stands, where the time went, what failed first, what decided how long it took. */
export function Summary({ store, picture, failures, onSelect, onSelectKey }: Props) {
  const { clock } = useConsole();
  const { execution, steps } = picture;
  const live = isGrowing(execution);
  const nowMs = live ? clock.seconds.value : clock.nowMs();
  const path = store.path.value;
  const first = failures[0];
  const failedKey = first === undefined ? '' : stepKeyAt(steps, first);
  // Columns do not tell what a step failed with.
  useEffect(() => {
    if (failedKey !== '') void store.loadError(failedKey);
  }, [failedKey]);
  const told = store.error.value;
  const error = told?.stepKey === failedKey ? told.error : undefined;
  const found = store.bottlenecks.value;
  const deciding = useMemo(() => found && decidedBy(found, path), [found, path]);
  const history = store.history.value;
  const refusal = found?.refusal ?? '';
  const awaitsDrag = found === undefined && !store.noBottlenecks.value && steps.rows.count > 0;
  const tries = first === undefined ? 0 : triesOf(steps, first);
  return (
    <div class="summary">
      <p>
        <strong>{outcomeOf(execution, nowMs)}</strong> {path !== undefined && steps.rows.count > 0 && whereTimeWent(path)}
      </p>
      {first !== undefined && (
        <p class="first-failure">
          {steps.detail.whole ? 'First failure' : 'A failure'}:{' '}
          <button type="button" class="link" onClick={() => onSelect(first)}>
            {nameOf(steps, first)}
          </button>{' '}
          {lookOf(statusOf(steps, first)).word}
          {tries > 1 && `, attempt ${tries} of ${tries}`}
          {error !== undefined && `: ${wordsOf(error)}`}
        </p>
      )}
      {first === undefined && execution.error !== undefined && <p class="first-failure">{wordsOf(execution.error)}</p>}
      {deciding !== undefined && (
        <Decided
          deciding={deciding}
          live={live}
          onSelect={onSelectKey}
          onGroup={({ by, value }) => {
            const among = longestCritical(steps, (row) => (by === 'kind' ? kindOf : nameOf)(steps, row) === value);
            if (among !== undefined) onSelect(among);
          }}
        />
      )}
      {awaitsDrag && <p class="decided">&nbsp;</p>}
      {store.noBottlenecks.value && !steps.detail.whole && (
        <p class="quiet">No bottleneck is named: that is worked out for up to 200,000 steps.</p>
      )}
      {refusal !== '' && <p class="quiet">No bottleneck is named: {refusal}.</p>}
      {live && tells(history) && <p class="eta">{etaOf(history, lengthNs(execution, nowMs) ?? 0)}</p>}
    </div>
  );
}

const wordsOf = ({ type, message }: StepFailure): string => [type, message].filter(Boolean).join(': ');
