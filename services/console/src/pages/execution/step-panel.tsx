import { formatDuration } from '@tmws/duration';
import type { RefObject } from 'preact';
import { useMemo } from 'preact/hooks';
import { kindLook } from '../../model/kinds.ts';
import { isGrowing } from '../../model/execution.ts';
import type { Segment } from '../../model/critical-path.ts';
import { readRow } from '../../model/timeline.ts';
import { useConsole } from '../../state/console.ts';
import type { ExecutionStore, Picture } from '../../state/execution-store.ts';
import { KindSwatch } from '../../ui/hatches.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { StatusMark } from '../../ui/status-mark.tsx';
import { AttemptDetails } from './attempt-details.tsx';
import { Explain } from './explain.tsx';
import { StepLinks } from './step-links.tsx';
import { useStep } from './use-step.ts';

interface Props {
  panel: RefObject<HTMLDivElement | null>;
  store: ExecutionStore;
  picture: Picture;
  executionId: string;
  stepKey: string;
  zeroNs: number;
  onSelect(stepKey: string): void;
  onClose(): void;
}

/** Everything known of the chosen step. */
export function StepPanel({ panel, store, picture, executionId, stepKey, zeroNs, onSelect, onClose }: Props) {
  const { clock } = useConsole();
  const { execution, steps } = picture;
  const live = isGrowing(execution);
  const { step, problem, retry } = useStep(executionId, stepKey, live ? store.calm.value : 0);
  const row = useMemo(() => step?.row && readRow(step.row, steps.originNs), [step]);
  const segments = store.path.value?.segments.filter((each) => each.stepKey === stepKey) ?? [];
  const nowNs = picture.asOfNs + (clock.nowMs() - picture.asOfMs) * 1e6;
  return (
    <div class="step-panel" ref={panel} tabIndex={-1}>
      <div class="panel-head">
        <h2>{row?.name ?? 'The chosen step'}</h2>
        <button type="button" class="plain" onClick={onClose} aria-label="Close the details (Escape)">
          <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
            <path stroke="currentColor" stroke-width="1.8" d="M3 3l10 10M13 3 3 13" />
          </svg>
        </button>
      </div>
      {problem !== undefined && (
        <ProblemNote
          problem={problem}
          what="The step"
          stale={row !== undefined}
          stillWorks="The chart stays as it is."
          retry={retry}
        />
      )}
      {row === undefined && problem === undefined && <Skeleton what="the step" heights={[24, 90, 160]} />}
      {step !== undefined && row !== undefined && (
        <>
          <StatusMark status={row.status} />
          <dl class="panel-facts">
            {row.name !== row.stepId && (
              <Fact name="Step id">
                <code>{row.stepId}</code>
              </Fact>
            )}
            {row.kind !== '' && <Fact name="Kind">{row.kind}</Fact>}
            {row.path.length > 0 && (
              <Fact name="Path">
                <code>{row.path.join(' / ')}</code>
              </Fact>
            )}
            {row.iteration > 0 && <Fact name="Iteration">{row.iteration}</Fact>}
            <Fact name="Critical path">{segments.length === 0 ? 'not on it' : <OwnSegments segments={segments} />}</Fact>
          </dl>
          <Explain step={step} onSelect={onSelect} />
          <StepLinks step={step} onSelect={onSelect} />
          {row.attempts.length === 0 && <p class="quiet">Nothing has happened of it yet.</p>}
          {row.attempts.toReversed().map((attempt) => (
            <AttemptDetails
              key={attempt.attempt}
              attempt={attempt}
              told={step.attempts?.find((each) => each.attempt === attempt.attempt)}
              scale={{ nowNs, live }}
              zeroNs={zeroNs}
              originNs={steps.originNs}
            />
          ))}
          {(step.factsLeftOut ?? 0) > 0 && (
            <p class="quiet">{step.factsLeftOut} older facts are left out; the events are in the execution's JSON.</p>
          )}
        </>
      )}
    </div>
  );
}

function Fact({ name, children }: { name: string; children: preact.ComponentChildren }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

/** What the step adds to the makespan, by kind. */
function OwnSegments({ segments }: { segments: readonly Segment[] }) {
  const byKind = new Map<string, number>();
  for (const { kind, fromNs, toNs } of segments) byKind.set(kind, (byKind.get(kind) ?? 0) + toNs - fromNs);
  return (
    <ul class="plain-list">
      {[...byKind].map(([kind, ns]) => (
        <li key={kind}>
          <KindSwatch kind={kind} /> {formatDuration(ns)} {kindLook(kind).label}
        </li>
      ))}
    </ul>
  );
}
