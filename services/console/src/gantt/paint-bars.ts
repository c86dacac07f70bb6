import { hasFailed } from '../model/status.ts';
import type { Steps } from '../model/steps.ts';
import { type Box, type Label, type Scale, xOf } from './scene.ts';
import type { ChartTheme } from './theme.ts';

/** A stretch of a try: solid work, hatched waiting, pale what was called off. */
export function paintBox(context: CanvasRenderingContext2D, box: Box, y: number, barPx: number, theme: ChartTheme): void {
  const bad = box.kind === 'run' && hasFailed(box.status);
  const { fill, line } = theme.kinds.get(box.kind) ?? theme.otherKind;
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
  if (!box.open) return;
  // A torn edge: it goes on.
  const x = box.xPx + box.widthPx;
  context.fillStyle = line;
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(x + 5, y + barPx / 2);
  context.lineTo(x, y + barPx);
  context.fill();
}

/** Between two tries: nothing was told, but it is one step. */
export function paintGap(context: CanvasRenderingContext2D, before: Box, after: Box, y: number, theme: ChartTheme): void {
  const [from, to] = [before.xPx + before.widthPx, after.xPx];
  if (to - from < 3) return;
  context.strokeStyle = theme.quiet;
  context.lineWidth = 1;
  context.setLineDash([2, 2]);
  context.beginPath();
  context.moveTo(from, y);
  context.lineTo(to, y);
  context.stroke();
  context.setLineDash([]);
}

const plannedPx = 30;

/** An outline: it is to come. */
export function paintPlanned(context: CanvasRenderingContext2D, x: number, y: number, barPx: number, theme: ChartTheme): void {
  context.strokeStyle = theme.quiet;
  context.lineWidth = 1;
  context.setLineDash([3, 2]);
  context.beginPath();
  context.roundRect(x + 2.5, y + 0.5, plannedPx, barPx - 1, 2.5);
  context.stroke();
  context.setLineDash([]);
}

/** A bar that stands for several: paler where less of its time is covered. */
export function paintRunOfBars(
  context: CanvasRenderingContext2D,
  { bars, statuses }: Steps,
  bar: number,
  scale: Scale,
  y: number,
  barPx: number,
  theme: ChartTheme,
): void {
  const begun = bars.start[bar] ?? NaN;
  const start = Number.isNaN(begun) ? (bars.ready[bar] ?? NaN) : begun;
  const end = Number.isNaN(bars.end[bar] ?? NaN) ? scale.nowNs : (bars.end[bar] ?? start);
  const x = Math.max(xOf(scale, start), -40);
  const till = Math.min(xOf(scale, end), scale.widthPx + 40);
  if (Number.isNaN(x) || till < 0 || x > scale.widthPx) return;
  const covered = (bars.covered[bar] ?? NaN) / Math.max(1, end - start);
  context.globalAlpha = Number.isNaN(covered) ? 1 : 0.35 + 0.65 * Math.min(1, covered);
  context.fillStyle = hasFailed(statuses[bars.status[bar] ?? 0] ?? '') ? theme.bad : theme.run;
  context.fillRect(x, y, Math.max(1.5, till - x), barPx);
  context.globalAlpha = 1;
}

/** The sign of failure: at the end within the bar, or, where it is too short, just after it, over whatever follows. */
export function paintCross(context: CanvasRenderingContext2D, box: Box, y: number, theme: ChartTheme): void {
  const within = box.widthPx >= 9;
  const end = box.xPx + box.widthPx;
  const x = within ? Math.max(end - 6.5, end - box.widthPx / 2) : end + 5.5;
  context.beginPath();
  context.moveTo(x - 2.8, y - 2.8);
  context.lineTo(x + 2.8, y + 2.8);
  context.moveTo(x + 2.8, y - 2.8);
  context.lineTo(x - 2.8, y + 2.8);
  context.lineCap = 'butt';
  context.strokeStyle = within ? theme.bad : theme.ground;
  context.lineWidth = 4.5;
  context.stroke();
  context.strokeStyle = within ? theme.onBad : theme.badInk;
  context.lineWidth = 1.8;
  context.stroke();
}

export function paintLabel(context: CanvasRenderingContext2D, label: Label, y: number, theme: ChartTheme): void {
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
