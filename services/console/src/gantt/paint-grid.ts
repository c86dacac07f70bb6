import { formatDuration } from '@tmws/duration';
import type { Picture } from './picture.ts';
import { xOf } from './scene.ts';
import type { ChartTheme } from './theme.ts';

/** What lies behind the bars: round times, pressed stretches, now, and when it is likely to end. */
export function paintGrid(context: CanvasRenderingContext2D, picture: Picture, theme: ChartTheme, height: number): void {
  const { ticks, scale, eta } = picture;
  context.fillStyle = theme.grid;
  for (const { atNs } of ticks) context.fillRect(Math.round(xOf(scale, atNs)), 0, 1, height);
  for (const { fromNs, toNs } of scale.axis?.breaks ?? [])
    paintBreak(context, xOf(scale, fromNs), xOf(scale, toNs), height, theme);
  if (!scale.live) return;
  if (eta !== undefined) {
    const [from, to] = [xOf(scale, eta.fromNs), xOf(scale, eta.toNs)];
    context.globalAlpha = 0.14;
    context.fillStyle = theme.now;
    context.fillRect(from, 0, Math.max(2, to - from), height);
    context.globalAlpha = 1;
  }
  context.fillStyle = theme.now;
  context.fillRect(Math.round(xOf(scale, scale.nowNs)), 0, 1.5, height);
}

/** A stretch pressed together: two torn edges and the ground between them. */
function paintBreak(context: CanvasRenderingContext2D, from: number, to: number, height: number, theme: ChartTheme): void {
  context.fillStyle = theme.breakGround;
  context.fillRect(from, 0, to - from, height);
  context.strokeStyle = theme.quiet;
  context.lineWidth = 1;
  context.setLineDash([3, 3]);
  context.beginPath();
  for (const x of [Math.round(from) + 0.5, Math.round(to) - 0.5]) {
    context.moveTo(x, 0);
    context.lineTo(x, height);
  }
  context.stroke();
  context.setLineDash([]);
}

/** What a pressed stretch is called on the axis. */
export const breakLabel = (fromNs: number, toNs: number): string => `// ${formatDuration(toNs - fromNs)}`;
