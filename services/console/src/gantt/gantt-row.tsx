import { formatDuration } from '../model/duration.ts';
import { spansOf } from '../model/spans.ts';
import { lookOf } from '../model/status.ts';
import type { Row } from '../model/timeline.ts';
import { memo } from '../ui/memo.ts';
import { StatusMark } from '../ui/status-mark.tsx';
import { rowPx } from './scene.ts';

interface Props {
  row: Row;
  /** Its place, from 0 at the top. */
  at: number;
  selected: boolean;
  critical: boolean;
}

const deepestIndent = 8;

/** A row of the tree: the name for eyes, the whole row in words for screen readers. Its bars are the canvas's. */
export const GanttRow = memo(function GanttRow({ row, at, selected, critical }: Props) {
  return (
    <div
      id={rowId(at)}
      class={`gantt-row${selected ? ' selected' : ''}${critical ? ' critical' : ''}`}
      role="row"
      aria-rowindex={at + 1}
      aria-level={row.depth + 1}
      aria-selected={selected}
      data-at={at}
      style={{ transform: `translateY(${at * rowPx}px)` }}
    >
      <div class={`gantt-name depth-${Math.min(row.depth, deepestIndent)}`} role="gridcell" title={row.name}>
        <StatusMark status={row.status} bare />
        <span class="gantt-label">{row.name}</span>
        {row.iteration > 0 && <span class="count">#{row.iteration}</span>}
        {row.attempts.length > 1 && <span class="count">×{row.attempts.length}</span>}
      </div>
      <div class="visually-hidden" role="gridcell">
        {inWords(row, critical)}
      </div>
    </div>
  );
});

export const rowId = (at: number): string => `step-row-${at}`;

function inWords(row: Row, critical: boolean): string {
  const last = row.attempts.at(-1);
  const spans = last === undefined ? [] : spansOf(last, 0, false);
  const sum = (run: boolean): number =>
    spans.filter(({ kind }) => (kind === 'run') === run).reduce((total, { fromNs, toNs }) => total + toNs - fromNs, 0);
  return [
    lookOf(row.status).word,
    row.attempts.length > 1 && `${row.attempts.length} attempts`,
    sum(false) > 0 && `waited ${formatDuration(sum(false))}`,
    sum(true) > 0 && `ran ${formatDuration(sum(true))}`,
    critical && 'on the critical path',
  ]
    .filter(Boolean)
    .join(', ');
}
