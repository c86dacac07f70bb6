// Wheel and pointer on the chart: Ctrl+wheel zooms where the pointer is, a drag moves the part that is shown, Shift+drag chooses another,
// a double click shows one step. What the pointer is on is told, and a line is drawn through chart and tracks there.
import { attemptsOf, nameOf, statusOf } from '../model/steps.ts';
import { around } from '../model/zoom.ts';
import type { Chart, ChartInput } from './chart.ts';
import { boxAt, rowScene, timeAt } from './scene.ts';
import type { Pointed } from './tooltip.tsx';

export interface GestureParts {
  readonly grid: HTMLElement;
  readonly plot: HTMLElement;
  readonly cursor: HTMLElement;
  readonly range: HTMLElement;
}

const leastDragPx = 4;

/** @returns  what takes the listeners away */
export function gesturesOn(
  { grid, plot, cursor, range }: GestureParts,
  chart: Chart,
  input: () => ChartInput | undefined,
  onPoint: (pointed: Pointed | undefined) => void,
): () => void {
  const placeOf = (event: MouseEvent): number => event.clientX - plot.getBoundingClientRect().left;
  const onWheel = (event: WheelEvent): void => {
    const scale = chart.scale();
    if (scale === undefined) return;
    const sideways = event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX;
    if (event.ctrlKey || event.metaKey) chart.zoom(1.0025 ** -event.deltaY, timeAt(scale, placeOf(event)));
    else if (chart.view !== undefined && (event.shiftKey || Math.abs(sideways) > Math.abs(event.deltaY)))
      chart.pan(sideways / Math.max(1, scale.widthPx));
    else return;
    event.preventDefault();
  };
  const hide = (): void => {
    onPoint(undefined);
    cursor.hidden = true;
  };
  const onMove = (event: PointerEvent): void => {
    const [scale, shown] = [chart.scale(), input()];
    const x = placeOf(event);
    if (scale === undefined || shown === undefined || event.pointerType === 'touch' || x < 0) {
      hide();
      return;
    }
    cursor.hidden = false;
    cursor.style.transform = `translateX(${Math.round(x)}px)`;
    const entry = chart.tree.entryOf(event);
    const { steps, layout } = shown;
    if (entry === undefined || (layout.fold[entry] ?? -1) >= 0) {
      onPoint(undefined);
      return;
    }
    const row = layout.row[entry] ?? 0;
    const box = boxAt(rowScene({ status: statusOf(steps, row), attempts: attemptsOf(steps, row) }, scale).boxes, x);
    onPoint(box && { box, name: nameOf(steps, row), xPx: event.clientX, yPx: event.clientY, zeroNs: shown.zeroNs });
  };
  let dragged = false;
  const onDown = (event: PointerEvent): void => {
    const scale = chart.scale();
    const begin = placeOf(event);
    dragged = false;
    if (scale === undefined || event.button !== 0 || begin < 0 || event.pointerType === 'touch') return;
    const choosing = event.shiftKey;
    const fromX = event.clientX;
    let last = event.clientX;
    const move = (next: PointerEvent): void => {
      if (!dragged && Math.abs(next.clientX - fromX) < leastDragPx) return;
      dragged = true;
      if (choosing) {
        const end = placeOf(next);
        range.hidden = false;
        range.style.transform = `translateX(${Math.min(begin, end)}px)`;
        range.style.width = `${Math.abs(end - begin)}px`;
      } else chart.pan((last - next.clientX) / Math.max(1, scale.widthPx));
      last = next.clientX;
    };
    const up = (next: PointerEvent): void => {
      removeEventListener('pointermove', move);
      removeEventListener('pointerup', up);
      range.hidden = true;
      if (!dragged || !choosing) return;
      const [a, b] = [timeAt(scale, begin), timeAt(scale, placeOf(next))];
      chart.setView({ fromNs: Math.min(a, b), toNs: Math.max(a, b) });
    };
    addEventListener('pointermove', move);
    addEventListener('pointerup', up);
    if (choosing) event.preventDefault();
  };
  /** The click that ends a drag chooses nothing. */
  const onClick = (event: MouseEvent): void => {
    if (dragged) event.stopImmediatePropagation();
    dragged = false;
  };
  const onDoubleClick = (event: MouseEvent): void => {
    const [entry, shown] = [chart.tree.entryOf(event), input()];
    if (entry === undefined || shown === undefined || placeOf(event) < 0) return;
    const { rows } = shown.steps;
    const row = shown.layout.row[entry] ?? 0;
    const [fromNs, toNs] = [rows.first[row] ?? Infinity, rows.last[row] ?? 0];
    if (Number.isFinite(fromNs)) chart.setView(around({ fromNs, toNs }, shown.scaleNow().domain));
  };
  grid.addEventListener('wheel', onWheel, { passive: false });
  grid.addEventListener('pointermove', onMove);
  grid.addEventListener('pointerleave', hide);
  grid.addEventListener('pointerdown', onDown);
  grid.addEventListener('click', onClick, { capture: true });
  grid.addEventListener('dblclick', onDoubleClick);
  return () => {
    grid.removeEventListener('wheel', onWheel);
    grid.removeEventListener('pointermove', onMove);
    grid.removeEventListener('pointerleave', hide);
    grid.removeEventListener('pointerdown', onDown);
    grid.removeEventListener('click', onClick, { capture: true });
    grid.removeEventListener('dblclick', onDoubleClick);
  };
}
