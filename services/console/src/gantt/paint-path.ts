import type { Domain } from '../model/axis.ts';
import type { Picture } from './picture.ts';
import { narrow, type Scale, timeAt, xOf } from './scene.ts';
import type { Stair } from './staircase.ts';
import type { ChartTheme } from './theme.ts';

/** Lines have a width, and the shortest a length: what ends so far outside can still be seen. */
const outsidePx = 3;

const inSight = ({ scale }: Picture): Domain => ({
  fromNs: timeAt(scale, -outsidePx),
  toNs: timeAt(scale, scale.widthPx + outsidePx),
});
const middle = (entry: number, { first, metrics }: Picture): number =>
  (entry - first) * metrics.rowPx + metrics.barTop + metrics.barPx / 2;
/** Where a stretch ends; the shortest can still be seen. */
const endOf = (scale: Scale, { fromNs, toNs }: Stair): number =>
  Math.max(xOf(scale, toNs === Infinity ? scale.nowNs : toNs), xOf(scale, fromNs) + 1);
/** Beyond the picture a line need not be exact; where it is millions of px long a canvas draws it wrong. */
const near = (at: number, most: number): number => Math.min(most + 50, Math.max(-50, at));

/** The critical path from row to row: behind the bars, so that it hides none. */
export function paintRisers(context: CanvasRenderingContext2D, picture: Picture, theme: ChartTheme): void {
  const height = (picture.end - picture.first) * picture.metrics.rowPx;
  context.beginPath();
  picture.stairs.each(picture.first, picture.end, inSight(picture), (stair) => {
    if (stair.entry === stair.toEntry) return;
    const x = endOf(picture.scale, stair);
    if (x < -outsidePx || x > picture.scale.widthPx + outsidePx) return;
    context.moveTo(x, near(middle(stair.entry, picture), height));
    context.lineTo(x, near(middle(stair.toEntry, picture), height));
  });
  // Where names stand above bars the line crosses them: it must not be what is read first.
  context.globalAlpha = picture.metrics === narrow ? 0.3 : 1;
  context.strokeStyle = theme.critical;
  context.lineWidth = 2;
  context.stroke();
  context.globalAlpha = 1;
}

/** The critical path along its rows: through the bars, with a halo so that it reads over whatever it crosses. */
export function paintTreads(context: CanvasRenderingContext2D, picture: Picture, theme: ChartTheme): void {
  context.beginPath();
  picture.stairs.each(picture.first, picture.end, inSight(picture), (stair) => {
    if (stair.entry < picture.first || stair.entry >= picture.end) return;
    const [from, to] = [xOf(picture.scale, stair.fromNs), endOf(picture.scale, stair)];
    if (to < 0 || from > picture.scale.widthPx) return;
    const y = middle(stair.entry, picture);
    context.moveTo(near(from, picture.scale.widthPx), y);
    context.lineTo(near(to, picture.scale.widthPx), y);
  });
  context.lineCap = 'butt';
  context.strokeStyle = theme.ground;
  context.lineWidth = 5;
  context.stroke();
  context.lineCap = 'square';
  context.strokeStyle = theme.critical;
  context.lineWidth = 2;
  context.stroke();
  context.lineCap = 'butt';
}
