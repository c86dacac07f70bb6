import { type Execution, isGrowing } from '../../model/execution.ts';
import { NothingYet } from '../../ui/empty.tsx';

/** It was accepted; none of its steps is known. */
export function NoStepYet({ execution }: { execution: Execution }) {
  const open = isGrowing(execution) || ['planned', 'unknown', 'running'].includes(execution.status);
  return (
    <NothingYet title={open ? 'Accepted, no step has begun' : 'It ended without a step'}>
      <p>
        {open
          ? 'The execution is known, none of its steps is. They show here as they come: no reload is needed.'
          : 'Events told of the execution, of none of its steps. If there were any, they were not sent, or are no longer kept.'}
      </p>
    </NothingYet>
  );
}
