// The chart: names as a treegrid of the rows in sight, bars on a canvas that lies over just those rows and scrolls with them.
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { type Domain, ticks } from '../model/axis.ts';
import type { Segment } from '../model/critical-path.ts';
import { extentOf } from '../model/rows.ts';
import type { Row } from '../model/timeline.ts';
import { scrollToShow } from '../model/visible-range.ts';
import { around, panned, zoomed } from '../model/zoom.ts';
import { Axis } from './axis.tsx';
import { GanttRow, rowId } from './gantt-row.tsx';
import { paint } from './paint.ts';
import { boxAt, rowPx, rowScene, type Scale, timeAt } from './scene.ts';
import { staircase } from './staircase.ts';
import { type Pointed, Tooltip } from './tooltip.tsx';
import { useCanvas } from './use-canvas.ts';
import { useGrowth } from './use-growth.ts';
import { useWindow } from './use-window.ts';
import { ZoomButtons } from './zoom-buttons.tsx';

interface Props {
  rows: readonly Row[];
  segments: readonly Segment[];
  /** The whole axis, apart from its width, at the moment it is asked for: while the execution runs `nowNs` grows. */
  scaleNow(): Omit<Scale, 'widthPx'>;
  zeroNs: number;
  selectedKey: string;
  onSelect(stepKey: string): void;
  /** Enter on a row: to its details. */
  onOpen(): void;
}

const tickRoomPx = 90;
const zoomStep = 1.6;
const panStep = 0.2;

export function Gantt({ rows, segments, scaleNow, zeroNs, selectedKey, onSelect, onOpen }: Props) {
  const grid = useRef<HTMLDivElement>(null);
  const { plot, first, end, widthPx, windowPx } = useWindow(grid, rows.length);
  const { canvas, context, theme } = useCanvas();
  const [pointed, setPointed] = useState<Pointed | undefined>(undefined);
  const [view, setView] = useState<Domain | undefined>(undefined);
  const whole = scaleNow();
  const placeOf = useMemo(() => new Map(rows.map(({ stepKey }, at) => [stepKey, at])), [rows]);
  const stairs = useMemo(() => staircase(segments, placeOf, whole.live), [segments, placeOf, whole.live]);
  const critical = useMemo(() => new Set(segments.map(({ stepKey }) => stepKey)), [segments]);
  const scale: Scale = { ...whole, domain: view ?? whole.domain, widthPx };
  const marks = ticks(scale.domain, zeroNs, Math.max(2, Math.floor(widthPx / tickRoomPx)));
  const selectedAt = placeOf.get(selectedKey);

  const draw = (): void => {
    if (canvas.current === null || context.current === undefined || theme.current === undefined || widthPx <= 0) return;
    const picture = { rows, first, end, ticks: marks, stairs, scale: { ...scale, nowNs: scaleNow().nowNs } };
    paint(canvas.current, context.current, picture, theme.current);
  };
  useLayoutEffect(draw);
  useGrowth(scale.live, draw);
  useEffect(() => {
    if (grid.current === null || selectedAt === undefined) return;
    grid.current.scrollTop = scrollToShow(selectedAt, rowPx, grid.current.scrollTop, windowPx);
  }, [selectedAt]);

  const zoom = (factor: number, atNs?: number): void => {
    const chosen = selectedAt === undefined ? undefined : extentOf(rows.slice(selectedAt, selectedAt + 1));
    const centre = chosen ?? scale.domain;
    setView(zoomed(view, whole.domain, factor, atNs ?? (centre.fromNs + centre.toNs) / 2));
  };
  const pan = (part: number): void => setView(panned(view, whole.domain, part));
  const select = (at: number): void => onSelect(rows[Math.min(rows.length - 1, Math.max(0, at))]?.stepKey ?? '');
  const page = Math.max(1, Math.floor(windowPx / rowPx) - 1);
  const keys: Readonly<Record<string, () => void>> = {
    ArrowDown: () => select((selectedAt ?? -1) + 1),
    ArrowUp: () => select((selectedAt ?? rows.length) - 1),
    PageDown: () => select((selectedAt ?? 0) + page),
    PageUp: () => select((selectedAt ?? 0) - page),
    Home: () => select(0),
    End: () => select(rows.length - 1),
    Enter: () => selectedAt !== undefined && onOpen(),
    Escape: () => onSelect(''),
    ArrowLeft: () => pan(-panStep),
    ArrowRight: () => pan(panStep),
    '+': () => zoom(zoomStep),
    '=': () => zoom(zoomStep),
    '-': () => zoom(1 / zoomStep),
    '0': () => setView(undefined),
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = keys[event.key];
    if (act === undefined) return;
    act();
    event.preventDefault();
  };
  const onWheel = (event: WheelEvent): void => {
    const left = plot.current?.getBoundingClientRect().left ?? 0;
    if (event.ctrlKey || event.metaKey) zoom(1.0025 ** -event.deltaY, timeAt(scale, event.clientX - left));
    else if (view !== undefined && Math.abs(event.deltaX) > Math.abs(event.deltaY)) pan(event.deltaX / widthPx);
    else return;
    event.preventDefault();
  };
  const onPointerMove = (event: PointerEvent): void => {
    const row = rows[rowUnder(event) ?? -1];
    const left = plot.current?.getBoundingClientRect().left;
    if (row === undefined || left === undefined || event.pointerType === 'touch') return setPointed(undefined);
    const box = boxAt(rowScene(row, { ...scale, nowNs: scaleNow().nowNs }).boxes, event.clientX - left);
    setPointed(box && { box, name: row.name, xPx: event.clientX, yPx: event.clientY, zeroNs });
  };
  const onDoubleClick = (event: MouseEvent): void => {
    const at = rowUnder(event);
    const extent = at === undefined ? undefined : extentOf(rows.slice(at, at + 1));
    if (extent !== undefined) setView(around(extent, whole.domain));
  };
  return (
    <div class="gantt">
      <div class="gantt-head">
        <span>
          Step
          <ZoomButtons
            zoom={(factor) => zoom(factor)}
            fit={() => setView(undefined)}
            step={zoomStep}
            fitted={view === undefined}
          />
        </span>
        <Axis ticks={marks} scale={scale} />
      </div>
      <div
        ref={grid}
        class="gantt-grid"
        role="treegrid"
        aria-label="Steps in time. Arrows up and down choose a step, Enter goes to its details, plus and minus zoom, 0 shows the whole."
        aria-rowcount={rows.length}
        aria-activedescendant={selectedAt === undefined ? undefined : rowId(selectedAt)}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onWheel={onWheel}
        onPointerMove={onPointerMove}
        onPointerLeave={() => setPointed(undefined)}
        onDblClick={onDoubleClick}
        onClick={(event) => {
          const at = rowUnder(event);
          if (at !== undefined) select(at);
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
