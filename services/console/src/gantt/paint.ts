// Draws a range of entries on a canvas that lies over exactly those.
import { attemptsOf, eachDependency, statusOf, type Steps } from '../model/steps.ts';
import { paintArrows } from './paint-arrows.ts';
import { paintBox, paintCross, paintGap, paintLabel, paintPlanned, paintRunOfBars } from './paint-bars.ts';
import { paintDensity } from './paint-fold.ts';
import { paintGrid } from './paint-grid.ts';
import { paintRisers, paintTreads } from './paint-path.ts';
import type { Picture } from './picture.ts';
import { type Box, type Label, rowScene, type Scale, xOf } from './scene.ts';
import type { ChartTheme } from './theme.ts';

/** Sizes the canvas to the picture, for this screen's pixels, and draws it. */
export function paint(canvas: HTMLCanvasElement, context: CanvasRenderingContext2D, picture: Picture, theme: ChartTheme): void {
  const { layout, first, end, scale, metrics } = picture;
  const height = (end - first) * metrics.rowPx;
  fit(canvas, context, scale.widthPx, height);
  paintGrid(context, picture, theme, height);
  paintRisers(context, picture, theme);
  const labels: [Label, number][] = [];
  const crosses: [Box, number][] = [];
  for (let entry = first; entry < end; entry++) {
    const y = (entry - first) * metrics.rowPx + metrics.barTop;
    const fold = layout.fold[entry] ?? -1;
    if (fold >= 0) paintDensity(context, picture.densityOf(fold), scale, y, metrics.barPx, theme);
    else paintRow(context, picture, layout.row[entry] ?? 0, y, theme, labels, crosses);
  }
  paintTreads(context, picture, theme);
  paintArrows(context, picture, theme);
  for (const [box, y] of crosses) paintCross(context, box, y + metrics.barPx / 2, theme);
  for (const [label, y] of labels) paintLabel(context, label, y + metrics.barPx / 2 + 0.5, theme);
}

function paintRow(
  context: CanvasRenderingContext2D,
  { steps, scale, metrics }: Picture,
  row: number,
  y: number,
  theme: ChartTheme,
  labels: [Label, number][],
  crosses: [Box, number][],
): void {
  const { rows, bars } = steps;
  const bar = rows.firstBar[row] ?? -1;
  const status = statusOf(steps, row);
  if (bar < 0) {
    if (status === 'planned') paintPlanned(context, xOf(scale, afterOf(steps, row, scale)), y, metrics.barPx, theme);
    return;
  }
  if (steps.folds.has(row) || (bars.merged[bar] ?? 1) > 1) {
    for (let each = bar; each >= 0; each = bars.next[each] ?? -1)
      paintRunOfBars(context, steps, each, scale, y, metrics.barPx, theme);
    return;
  }
  const { boxes, label } = rowScene({ status, attempts: attemptsOf(steps, row) }, scale);
  let before: Box | undefined;
  for (const box of boxes) {
    if (before !== undefined && before.attempt !== box.attempt) paintGap(context, before, box, y + metrics.barPx / 2, theme);
    before = box;
  }
  for (const box of boxes) {
    paintBox(context, box, y, metrics.barPx, theme);
    if (box.last && box.kind === 'run' && theme.isBad(box.status)) crosses.push([box, y]);
  }
  if (label !== undefined) labels.push([label, y]);
}

/** Where a planned step is drawn: after all it waits for, not before now. */
function afterOf(steps: Steps, row: number, { nowNs, live, domain }: Scale): number {
  let after = live ? nowNs : domain.fromNs;
  eachDependency(steps, row, (on) => {
    after = Math.max(after, steps.rows.last[on] ?? after);
  });
  return after;
}

export function fit(canvas: HTMLCanvasElement, context: CanvasRenderingContext2D, widthPx: number, heightPx: number): void {
  const sharp = devicePixelRatio;
  const [width, height] = [Math.round(widthPx * sharp), Math.round(heightPx * sharp)];
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
    canvas.style.width = `${widthPx}px`;
    canvas.style.height = `${heightPx}px`;
  }
  context.setTransform(sharp, 0, 0, sharp, 0, 0);
  context.clearRect(0, 0, widthPx, heightPx);
}
