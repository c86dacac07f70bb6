import type { AlertActions } from '../../state/alert-actions.ts';
import { Icon } from '../../ui/icon.tsx';

/** What was just done, with a way back; or why it was not. */
export function DoneBar({ actions }: { actions: AlertActions }) {
  const { done, problem, dismiss } = actions;
  if (problem.value === undefined && done.value === undefined) return null;
  return (
    <div class={problem.value === undefined ? 'done' : 'done failed'}>
      {problem.value === undefined ? (
        <span>{done.value?.words}</span>
      ) : (
        <span>
          <strong>Not done.</strong> {problem.value.message}
        </span>
      )}
      {problem.value === undefined && done.value?.undo !== undefined && (
        <button type="button" onClick={() => void done.value?.undo?.()}>
          Undo
        </button>
      )}
      <button type="button" class="plain" aria-label="Dismiss" onClick={dismiss}>
        <Icon name="close" />
      </button>
    </div>
  );
}
