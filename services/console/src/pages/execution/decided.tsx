import { formatDuration } from '@tmws/duration';
import { formatPart } from '../../model/critical-path.ts';
import { type Deciding, type TimedStep } from '../../model/decided.ts';
import { formatCount } from '../../model/quantity.ts';
import { sentence } from '../../model/summary.ts';

interface Props {
  deciding: Deciding;
  /** It goes on, so this may change. */
  live: boolean;
  onGroup(group: NonNullable<Deciding['group']>): void;
  onSelect(stepKey: string): void;
}

/** What decided how long it took: many steps together, the longest on the critical path, one alone. */
export function Decided({ deciding: { group, step, longest }, live, onGroup, onSelect }: Props) {
  const decided = live ? 'So far decided' : 'Decided';
  const alone = longest !== undefined && longest.stepKey === step.stepKey;
  return (
    <p class="decided">
      {group !== undefined && (
        <>
          {decided} most by the {formatCount(group.steps)} steps {group.by === 'kind' ? 'of kind' : 'named'}{' '}
          <button
            type="button"
            class="link"
            title="Shows the one of them that is longest on the critical path"
            onClick={() => onGroup(group)}
          >
            {group.value}
          </button>{' '}
          together: without them {lessOf(group)}.{' '}
        </>
      )}
      {longest !== undefined && (
        <>
          Longest on the critical path: <StepLink step={longest} onSelect={onSelect} />, {formatDuration(longest.ns)} (
          {formatPart(longest.part)}){alone && `; without it alone only ${lessOf(step)}, then others decide`}.{' '}
        </>
      )}
      {!alone && (
        <>
          {group === undefined ? `${decided} most by` : 'Of single steps most by'} <StepLink step={step} onSelect={onSelect} />:
          without it {lessOf(step)}.
          {group === undefined && step.reason !== '' && <span class="quiet"> {sentence(step.reason)}</span>}
        </>
      )}
    </p>
  );
}

function StepLink({ step, onSelect }: { step: TimedStep; onSelect(stepKey: string): void }) {
  return (
    <button type="button" class="link" onClick={() => onSelect(step.stepKey)}>
      {step.name}
    </button>
  );
}

const lessOf = ({ ns, part }: { ns: number; part: number }): string => `${formatDuration(ns)} less (${formatPart(part)})`;
