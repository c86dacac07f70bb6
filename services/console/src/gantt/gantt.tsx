// The chart: names as a treegrid of the rows in sight, bars on a canvas that lies over just those rows and scrolls with them.
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { ticks } from '../model/axis.ts';
import type { Segment } from '../model/critical-path.ts';
import type { Row } from '../model/timeline.ts';
import { scrollToShow } from '../model/visible-range.ts';
import { Axis } from './axis.tsx';
import { GanttRow, rowId } from './gantt-row.tsx';
import { paint } from './paint.ts';
import { boxAt, rowPx, rowScene, type Scale } from './scene.ts';
import { staircase } from './staircase.ts';
import { type Pointed, Tooltip } from './tooltip.tsx';
import { useCanvas } from './use-canvas.ts';
import { useWindow } from './use-window.ts';

interface Props {
  rows: readonly Row[];
  segments: readonly Segment[];
  /** The axis, apart from its width, at the moment it is asked for: while the execution runs `nowNs` grows. */
  scaleNow(): Omit<Scale, 'widthPx'>;
  zeroNs: number;
  selectedKey: string;
  onSelect(stepKey: string): void;
  /** Enter on a row: to its details. */
  onOpen(): void;
}

const tickRoomPx = 90;

export function Gantt({ rows, segments, scaleNow, zeroNs, selectedKey, onSelect, onOpen }: Props) {
  const grid = useRef<HTMLDivElement>(null);
  const { plot, first, end, widthPx, windowPx } = useWindow(grid, rows.length);
  const { canvas, context, theme } = useCanvas();
  const [pointed, setPointed] = useState<Pointed | undefined>(undefined);
  const placeOf = useMemo(() => new Map(rows.map(({ stepKey }, at) => [stepKey, at])), [rows]);
  const stairs = useMemo(() => staircase(segments, placeOf), [segments, placeOf]);
  const critical = useMemo(() => new Set(segments.map(({ stepKey }) => stepKey)), [segments]);
  const scale: Scale = { ...scaleNow(), widthPx };
  const marks = ticks(scale.domain, zeroNs, Math.max(2, Math.floor(widthPx / tickRoomPx)));
  const selectedAt = placeOf.get(selectedKey);

  const draw = (): void => {
    if (canvas.current === null || context.current === undefined || theme.current === undefined || widthPx <= 0) return;
    const picture = { rows, first, end, ticks: marks, stairs, scale: { ...scaleNow(), domain: scale.domain, widthPx } };
    paint(canvas.current, context.current, picture, theme.current);
  };
  useLayoutEffect(draw);
  useGrowth(scale.live, draw);
  useEffect(() => {
    if (grid.current === null || selectedAt === undefined) return;
    grid.current.scrollTop = scrollToShow(selectedAt, rowPx, grid.current.scrollTop, windowPx);
  }, [selectedAt]);

  const onKeyDown = (event: KeyboardEvent): void => {
    const page = Math.max(1, Math.floor(windowPx / rowPx) - 1);
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: page,
      PageUp: -page,
      Home: -Infinity,
      End: Infinity,
    };
    const move = moves[event.key];
    if (event.key === 'Escape') onSelect('');
    else if (event.key === 'Enter' && selectedAt !== undefined) onOpen();
    else if (move !== undefined) {
      const from = selectedAt ?? (move > 0 ? -1 : rows.length);
      onSelect(rows[Math.min(rows.length - 1, Math.max(0, from + move))]?.stepKey ?? '');
    } else return;
    event.preventDefault();
  };
  const onPointerMove = (event: PointerEvent): void => {
    const at = rowUnder(event);
    const row = at === undefined ? undefined : rows[at];
    const left = plot.current?.getBoundingClientRect().left;
    if (row === undefined || left === undefined || event.pointerType === 'touch') return setPointed(undefined);
    const box = boxAt(rowScene(row, { ...scaleNow(), domain: scale.domain, widthPx }).boxes, event.clientX - left);
    setPointed(box && { box, name: row.name, xPx: event.clientX, yPx: event.clientY, zeroNs });
  };
  return (
    <div class="gantt">
      <div class="gantt-head" aria-hidden="true">
        <span>Step</span>
        <Axis ticks={marks} scale={scale} />
      </div>
      <div
        ref={grid}
        class="gantt-grid"
        role="treegrid"
        aria-label="Steps in time"
        aria-rowcount={rows.length}
        aria-activedescendant={selectedAt === undefined ? undefined : rowId(selectedAt)}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onPointerMove={onPointerMove}
        onPointerLeave={() => setPointed(undefined)}
        onClick={(event) => {
          const row = rows[rowUnder(event) ?? -1];
          if (row !== undefined) onSelect(row.stepKey === selectedKey ? '' : row.stepKey);
        }}
      >
        <div class="gantt-space" role="presentation" style={{ height: `${rows.length * rowPx}px` }}>
          {rows.slice(first, end).map((row, at) => (
            <GanttRow
              key={row.stepKey}
              row={row}
              at={first + at}
              selected={row.stepKey === selectedKey}
              critical={critical.has(row.stepKey)}
            />
          ))}
          <div ref={plot} class="gantt-plot" aria-hidden="true">
            <canvas ref={canvas} style={{ transform: `translateY(${first * rowPx}px)` }} />
          </div>
        </div>
      </div>
      {pointed !== undefined && <Tooltip {...pointed} />}
    </div>
  );
}

function rowUnder(event: Event): number | undefined {
  const at = event.target instanceof Element ? event.target.closest('[data-at]')?.getAttribute('data-at') : undefined;
  return at === undefined || at === null ? undefined : Number(at);
}

const growEveryMs = 100;
const growCalmlyEveryMs = 1_000;

/** Draws again and again while bars grow: smoothly, or once a second for those who asked for less motion. Not while nobody looks. */
function useGrowth(growing: boolean, draw: () => void): void {
  const latest = useRef(draw);
  latest.current = draw;
  useEffect(() => {
    if (!growing) return undefined;
    const everyMs = matchMedia('(prefers-reduced-motion: reduce)').matches ? growCalmlyEveryMs : growEveryMs;
    let frame = 0;
    let drawnMs = 0;
    const step = (nowMs: number): void => {
      if (nowMs - drawnMs >= everyMs) {
        drawnMs = nowMs;
        latest.current();
      }
      frame = requestAnimationFrame(step);
    };
    frame = requestAnimationFrame(step);
    return () => cancelAnimationFrame(frame);
  }, [growing]);
}
