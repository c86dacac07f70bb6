import type { GetStepResponseJson, StepRefJson } from '@tmws/contracts/timeline';
import { useSignal } from '@preact/signals';
import { StatusMark } from '../../ui/status-mark.tsx';

const mostAtOnce = 8;

/** What it waited for and what waited for it, to go there. */
export function StepLinks({ step, onSelect }: { step: GetStepResponseJson; onSelect(stepKey: string): void }) {
  return (
    <>
      <Links title="After" refs={step.dependsOn ?? []} onSelect={onSelect} />
      <Links title="Before" refs={step.dependents ?? []} onSelect={onSelect} />
    </>
  );
}

interface Props {
  title: string;
  refs: readonly StepRefJson[];
  onSelect(stepKey: string): void;
}

function Links({ title, refs, onSelect }: Props) {
  const all = useSignal(false);
  if (refs.length === 0) return null;
  const shown = all.value ? refs : refs.slice(0, mostAtOnce);
  return (
    <section class="step-links">
      <h3>
        {title} <span class="quiet">{refs.length}</span>
      </h3>
      <ul class="plain-list">
        {shown.map(({ stepKey = '', name, stepId, status = 'unknown' }) => (
          <li key={stepKey}>
            <StatusMark status={status} bare />{' '}
            <button type="button" class="link" onClick={() => onSelect(stepKey)}>
              {name || stepId}
            </button>
          </li>
        ))}
      </ul>
      {shown.length < refs.length && (
        <button type="button" class="link" onClick={() => (all.value = true)}>
          {refs.length - shown.length} more
        </button>
      )}
    </section>
  );
}
