import type { RefObject } from 'preact';
import type { Scale } from '../../gantt/scene.ts';
import type { Segment } from '../../model/critical-path.ts';
import { formatDuration } from '../../model/duration.ts';
import { kindLook } from '../../model/kinds.ts';
import type { Row } from '../../model/timeline.ts';
import { KindSwatch } from '../../ui/hatches.tsx';
import { StatusMark } from '../../ui/status-mark.tsx';
import { AttemptDetails } from './attempt-details.tsx';

interface Props {
  panel: RefObject<HTMLElement | null>;
  row: Row;
  rows: readonly Row[];
  segments: readonly Segment[];
  scale: Scale;
  zeroNs: number;
  onSelect(stepKey: string): void;
  onClose(): void;
}

/** Everything known of the chosen step. */
export function StepPanel({ panel, row, rows, segments, scale, zeroNs, onSelect, onClose }: Props) {
  const own = segments.filter(({ stepKey }) => stepKey === row.stepKey);
  const waitedFor = rows.filter(({ stepKey }) => row.dependsOn.includes(stepKey));
  return (
    <aside
      ref={panel}
      class="panel"
      aria-label={`Step ${row.name}`}
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose();
      }}
    >
      <div class="panel-head">
        <h2>{row.name}</h2>
        <button type="button" class="plain" onClick={onClose} aria-label="Close the details (Escape)">
          <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
            <path stroke="currentColor" stroke-width="1.8" d="M3 3l10 10M13 3 3 13" />
          </svg>
        </button>
      </div>
      <StatusMark status={row.status} />
      <dl class="panel-facts">
        {row.name !== row.stepId && (
          <>
            <dt>Step id</dt>
            <dd>
              <code>{row.stepId}</code>
            </dd>
          </>
        )}
        {row.kind !== '' && (
          <>
            <dt>Kind</dt>
            <dd>{row.kind}</dd>
          </>
        )}
        {row.path.length > 0 && (
          <>
            <dt>Path</dt>
            <dd>
              <code>{row.path.join(' / ')}</code>
            </dd>
          </>
        )}
        {row.iteration > 0 && (
          <>
            <dt>Iteration</dt>
            <dd>{row.iteration}</dd>
          </>
        )}
        {waitedFor.length > 0 && (
          <>
            <dt>After</dt>
            <dd>
              {waitedFor.map(({ stepKey, name }) => (
                <button key={stepKey} type="button" class="link" onClick={() => onSelect(stepKey)}>
                  {name}
                </button>
              ))}
            </dd>
          </>
        )}
        <dt>Critical path</dt>
        <dd>{own.length === 0 ? 'not on it' : <OwnSegments segments={own} />}</dd>
      </dl>
      {row.attempts.length === 0 && <p class="quiet">Nothing has happened of it yet.</p>}
      {row.attempts.toReversed().map((attempt) => (
        <AttemptDetails key={attempt.attempt} attempt={attempt} scale={scale} zeroNs={zeroNs} />
      ))}
    </aside>
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
