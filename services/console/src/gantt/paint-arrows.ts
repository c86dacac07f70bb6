import type { Picture } from './picture.ts';
import { xOf } from './scene.ts';
import type { ChartTheme } from './theme.ts';

/** What the chosen step waited for and what waited for it. */
export function paintArrows(context: CanvasRenderingContext2D, picture: Picture, theme: ChartTheme): void {
  const { arrows, scale, first, metrics } = picture;
  if (arrows.length === 0) return;
  const y = (entry: number): number => (entry - first) * metrics.rowPx + metrics.barTop + metrics.barPx / 2;
  const heads = new Path2D();
  context.beginPath();
  for (const { from, fromNs, to, toNs } of arrows) {
    const [x1, y1, x2, y2] = [xOf(scale, fromNs), y(from), xOf(scale, toNs), y(to)];
    if (Math.max(x1, x2) < -200 || Math.min(x1, x2) > scale.widthPx + 200) continue;
    const bend = Math.max(14, Math.min(60, Math.abs(x2 - x1) / 2));
    context.moveTo(x1, y1);
    context.bezierCurveTo(x1 + bend, y1, x2 - bend, y2, x2 - 5, y2);
    heads.moveTo(x2, y2);
    heads.lineTo(x2 - 7, y2 - 4);
    heads.lineTo(x2 - 7, y2 + 4);
    heads.closePath();
  }
  context.strokeStyle = theme.ground;
  context.lineWidth = 4;
  context.stroke();
  context.strokeStyle = theme.arrow;
  context.lineWidth = 1.6;
  context.stroke();
  context.fillStyle = theme.arrow;
  context.fill(heads);
}
