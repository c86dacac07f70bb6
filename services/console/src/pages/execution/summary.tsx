import { formatDuration } from '@tmws/duration';
import { useEffect } from 'preact/hooks';
import { formatPart } from '../../model/critical-path.ts';
import { etaOf, tells } from '../../model/eta.ts';
import { isGrowing, lengthNs, type StepFailure } from '../../model/execution.ts';
import { lookOf } from '../../model/status.ts';
import { stepKeyAt } from '../../model/step-key.ts';
import { nameOf, statusOf } from '../../model/steps.ts';
import { outcomeOf, whereTimeWent } from '../../model/summary.ts';
import { useConsole } from '../../state/console.ts';
import type { ExecutionStore, Picture } from '../../state/execution-store.ts';
import { triesOf } from '../../gantt/row-words.ts';

interface Props {
  store: ExecutionStore;
  picture: Picture;
  failures: readonly number[];
  onSelect(row: number): void;
}

/** The answer before the picture: how it stands, where the time went, what failed first, what decided how long it took. */
export function Summary({ store, picture, failures, onSelect }: Props) {
  const { clock } = useConsole();
  const { execution, steps, index } = picture;
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
  const drag = store.bottlenecks.value?.steps?.[0];
  const dragNs = Number(drag?.dragNs ?? 0);
  const makespanNs = Number(store.bottlenecks.value?.makespanNs ?? 0);
  const history = store.history.value;
  const refusal = store.bottlenecks.value?.refusal ?? '';
  const awaitsDrag = store.bottlenecks.value === undefined && !store.noBottlenecks.value && steps.rows.count > 0;
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
      {drag !== undefined && dragNs > 0 && makespanNs > 0 && (
        <p class="decided">
          {live ? 'So far decided' : 'Decided'} most by{' '}
          <button
            type="button"
            class="link"
            onClick={() => {
              const row = index.get(drag.stepKey ?? '');
              if (row !== undefined) onSelect(row);
            }}
          >
            {drag.name || drag.stepId}
          </button>
          : without it {formatDuration(dragNs)} less ({formatPart(dragNs / makespanNs)}).
          {drag.feasibility?.reason !== undefined && drag.feasibility.reason !== '' && (
            <span class="quiet"> {sentence(drag.feasibility.reason)}</span>
          )}
        </p>
      )}
      {awaitsDrag && <p class="decided">&nbsp;</p>}
      {refusal !== '' && <p class="quiet">No bottleneck is named: {refusal}.</p>}
      {live && tells(history) && <p class="eta">{etaOf(history, lengthNs(execution, nowMs) ?? 0)}</p>}
    </div>
  );
}

const wordsOf = ({ type, message }: StepFailure): string => [type, message].filter(Boolean).join(': ');
const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
