import { useSignal } from '@preact/signals';
import type { GetStepResponseJson } from '@tmws/contracts/timeline';
import { formatDuration } from '@tmws/duration';
import { useEffect } from 'preact/hooks';
import { executionPath } from '../../api/api.ts';
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
  const error = useErrorOf(picture, first);
  const drag = store.bottlenecks.value?.steps?.[0];
  const dragNs = Number(drag?.dragNs ?? 0);
  const makespanNs = Number(store.bottlenecks.value?.makespanNs ?? 0);
  const history = store.history.value;
  const refusal = store.bottlenecks.value?.refusal ?? '';
  const tries = first === undefined ? 0 : triesOf(steps, first);
  return (
    <div class="summary">
      <p>
        <strong>{outcomeOf(execution, nowMs)}</strong> {path !== undefined && whereTimeWent(path)}
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
      {refusal !== '' && <p class="quiet">No bottleneck is named: {refusal}.</p>}
      {live && tells(history) && <p class="eta">{etaOf(history, lengthNs(execution, nowMs) ?? 0)}</p>}
    </div>
  );
}

const wordsOf = ({ type, message }: StepFailure): string => [type, message].filter(Boolean).join(': ');
const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

/** What a step failed with; columns do not tell it. */
function useErrorOf({ execution, steps }: Picture, row: number | undefined): StepFailure | undefined {
  const { api } = useConsole();
  const key = row === undefined ? '' : stepKeyAt(steps, row);
  const told = useSignal<{ key: string; error: StepFailure | undefined } | undefined>(undefined);
  useEffect(() => {
    if (key === '') return undefined;
    const closing = new AbortController();
    api.get<GetStepResponseJson>(executionPath(execution.id, `/steps/${key}`), {}, closing.signal).then(
      ({ row: json }) => {
        const error = json?.attempts?.at(-1)?.error;
        told.value = { key, error: error && { type: error.type ?? '', message: error.message ?? '', detail: '' } };
      },
      // The panel says why when the step is chosen.
      () => undefined,
    );
    return () => closing.abort();
  }, [key]);
  return told.value?.key === key ? told.value.error : undefined;
}
