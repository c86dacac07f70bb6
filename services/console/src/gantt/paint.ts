// Draws a range of rows on a canvas that lies over exactly those rows.
import type { Tick } from '../model/axis.ts';
import { hasFailed } from '../model/status.ts';
import type { Row } from '../model/timeline.ts';
import { type Box, type Label, rowPx, rowScene, type Scale, xOf } from './scene.ts';
import type { Stair } from './staircase.ts';
import type { ChartTheme } from './theme.ts';

export interface Picture {
  rows: readonly Row[];
  /** The rows drawn: from `first` to before `end`. */
  first: number;
  end: number;
  scale: Scale;
  ticks: readonly Tick[];
  stairs: readonly Stair[];
}

const barPx = 12;
const barTop = (rowPx - barPx) / 2 - 1;
const stairY = barTop + barPx + 3.5;

/** Sizes the canvas to the picture, for this screen's pixels, and draws it. */
export function paint(canvas: HTMLCanvasElement, context: CanvasRenderingContext2D, picture: Picture, theme: ChartTheme): void {
  const { rows, first, end, scale } = picture;
  const height = (end - first) * rowPx;
  fit(canvas, context, scale.widthPx, height);
  paintGrid(context, picture, theme, height);
  paintRisers(context, picture, theme);
  const labels: (() => void)[] = [];
  for (let at = first; at < end; at++) {
    const row = rows[at];
    if (row === undefined) continue;
    const { boxes, label } = rowScene(row, scale);
    const y = (at - first) * rowPx;
    for (const box of boxes) paintBox(context, box, y + barTop, theme);
    for (const box of boxes) if (box.last && isBad(box)) paintCross(context, box, y + barTop + barPx / 2, theme);
    if (label !== undefined) labels.push(() => paintLabel(context, label, y + rowPx / 2 - 0.5, theme));
  }
  paintTreads(context, picture, theme);
  for (const paintIt of labels) paintIt();
}

function fit(canvas: HTMLCanvasElement, context: CanvasRenderingContext2D, widthPx: number, heightPx: number): void {
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

function paintGrid(context: CanvasRenderingContext2D, { ticks, scale }: Picture, theme: ChartTheme, height: number): void {
  context.fillStyle = theme.grid;
  for (const { atNs } of ticks) context.fillRect(Math.round(xOf(scale, atNs)), 0, 1, height);
  if (!scale.live) return;
  context.fillStyle = theme.now;
  context.fillRect(Math.round(xOf(scale, scale.nowNs)), 0, 1, height);
}

function paintBox(context: CanvasRenderingContext2D, box: Box, y: number, theme: ChartTheme): void {
  const bad = isBad(box);
  const { fill, line } = theme.kinds.get(box.kind) ?? { fill: theme.quiet, line: theme.quiet };
  const undone = box.kind === 'run' && (box.status === 'cancelled' || box.status === 'skipped');
  context.beginPath();
  const round = Math.min(2.5, box.widthPx / 2);
  context.roundRect(box.xPx, y, box.widthPx, barPx, box.open ? [round, 0, 0, round] : round);
  context.fillStyle = bad ? theme.bad : undone ? (box.widthPx > 3 ? theme.runPale : theme.quiet) : fill;
  context.fill();
  if ((box.kind !== 'run' || undone) && box.widthPx > 3) {
    context.strokeStyle = undone ? theme.quiet : line;
    context.lineWidth = 1;
    context.stroke();
  }
  if (box.open) paintOpenEnd(context, box, y, theme);
}

/** A torn edge: it goes on. */
function paintOpenEnd(context: CanvasRenderingContext2D, box: Box, y: number, theme: ChartTheme): void {
  const x = box.xPx + box.widthPx;
  context.fillStyle = theme.kinds.get(box.kind)?.line ?? theme.quiet;
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(x + 5, y + barPx / 2);
  context.lineTo(x, y + barPx);
  context.fill();
}

const isBad = ({ kind, status }: Box): boolean => kind === 'run' && hasFailed(status);

/** The sign of failure: at the end within the bar, or, where it is too short, just after it, over whatever follows. */
function paintCross(context: CanvasRenderingContext2D, box: Box, y: number, theme: ChartTheme): void {
  const within = box.widthPx >= 9;
  const end = box.xPx + box.widthPx;
  const x = within ? Math.max(end - 6.5, end - box.widthPx / 2) : end + 5.5;
  context.beginPath();
  context.moveTo(x - 2.8, y - 2.8);
  context.lineTo(x + 2.8, y + 2.8);
  context.moveTo(x + 2.8, y - 2.8);
  context.lineTo(x - 2.8, y + 2.8);
  context.lineCap = 'butt';
  if (!within) {
    context.strokeStyle = theme.ground;
    context.lineWidth = 4.5;
    context.stroke();
  }
  context.strokeStyle = within ? theme.onBad : theme.badInk;
  context.lineWidth = 1.8;
  context.stroke();
}

function paintLabel(context: CanvasRenderingContext2D, label: Label, y: number, theme: ChartTheme): void {
  context.font = theme.font;
  context.textBaseline = 'middle';
  context.textAlign = label.before ? 'right' : 'left';
  const x = label.xPx + (label.bad && !label.before ? 7 : 0);
  context.strokeStyle = theme.ground;
  context.lineWidth = 4;
  context.lineJoin = 'round';
  context.strokeText(label.text, x, y);
  context.fillStyle = label.bad ? theme.badInk : theme.quiet;
  context.fillText(label.text, x, y);
}

const stairTop = (row: number, first: number): number => (row - first) * rowPx + stairY;
const inSight = ({ row, toRow }: Stair, { first, end }: Picture): boolean =>
  Math.max(row, toRow) >= first && Math.min(row, toRow) < end;
/** Where a stretch ends; the shortest can still be seen. */
const stairEnd = (scale: Scale, { fromNs, toNs }: Stair): number =>
  Math.max(xOf(scale, toNs === Infinity ? scale.nowNs : toNs), xOf(scale, fromNs) + 1);

/** The critical path from row to row: behind the bars, so that it hides none. */
function paintRisers(context: CanvasRenderingContext2D, picture: Picture, theme: ChartTheme): void {
  context.beginPath();
  for (const stair of picture.stairs) {
    if (stair.row === stair.toRow || !inSight(stair, picture)) continue;
    const x = stairEnd(picture.scale, stair);
    context.moveTo(x, stairTop(stair.row, picture.first));
    context.lineTo(x, stairTop(stair.toRow, picture.first));
  }
  context.strokeStyle = theme.critical;
  context.lineWidth = 2;
  context.stroke();
}

/** The critical path along its rows: below the bars, with a halo so that it reads over whatever it crosses. */
function paintTreads(context: CanvasRenderingContext2D, picture: Picture, theme: ChartTheme): void {
  context.beginPath();
  for (const stair of picture.stairs) {
    if (!inSight(stair, picture)) continue;
    const y = stairTop(stair.row, picture.first);
    context.moveTo(xOf(picture.scale, stair.fromNs), y);
    context.lineTo(stairEnd(picture.scale, stair), y);
  }
  context.lineCap = 'butt';
  context.strokeStyle = theme.ground;
  context.lineWidth = 4;
  context.stroke();
  context.lineCap = 'square';
  context.strokeStyle = theme.critical;
  context.lineWidth = 2;
  context.stroke();
}
