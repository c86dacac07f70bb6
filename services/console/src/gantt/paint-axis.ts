import type { Tick } from '../model/axis.ts';
import { bins, type Overview } from '../model/overview.ts';
import { breakLabel } from './paint-grid.ts';
import { fit } from './paint.ts';
import { type Scale, timeAt, xOf } from './scene.ts';
import type { ChartTheme } from './theme.ts';

export const axisPx = 26;
const labelRoomPx = 30;

/** The times along the top, and how long the pressed stretches are. */
export function paintAxis(
  canvas: HTMLCanvasElement,
  context: CanvasRenderingContext2D,
  scale: Scale,
  ticks: readonly Tick[],
  theme: ChartTheme,
): void {
  fit(canvas, context, scale.widthPx, axisPx);
  context.font = theme.font;
  context.textBaseline = 'middle';
  context.textAlign = 'left';
  const taken: (readonly [number, number])[] = [];
  for (const { fromNs, toNs } of scale.axis?.breaks ?? []) {
    const [from, to] = [xOf(scale, fromNs), xOf(scale, toNs)];
    if (to < 0 || from > scale.widthPx) continue;
    const text = breakLabel(fromNs, toNs);
    const width = context.measureText(text).width;
    const x = Math.max(2, (from + to - width) / 2);
    context.fillStyle = theme.breakGround;
    context.fillRect(from, 0, to - from, axisPx);
    context.fillStyle = theme.ink;
    context.fillText(text, x, axisPx / 2);
    taken.push([x - 6, x + width + 6]);
  }
  for (const { atNs, label } of ticks) {
    const x = Math.round(xOf(scale, atNs));
    const end = x + 5 + context.measureText(label).width;
    if (x > scale.widthPx - labelRoomPx || taken.some(([from, to]) => end > from && x < to)) continue;
    context.fillStyle = theme.gridStrong;
    context.fillRect(x, 0, 1, axisPx);
    context.fillStyle = theme.quiet;
    context.fillText(label, x + 5, axisPx / 2);
  }
}

export const trackPx = 34;

/** How many steps run at once, on the same axis. */
export function paintRunning(
  canvas: HTMLCanvasElement,
  context: CanvasRenderingContext2D,
  scale: Scale,
  overview: Overview,
  theme: ChartTheme,
): void {
  fit(canvas, context, scale.widthPx, trackPx);
  const most = Math.max(1, overview.mostRunning);
  context.beginPath();
  context.moveTo(0, trackPx);
  for (let x = 0; x <= scale.widthPx; x++) {
    const bin = Math.floor((timeAt(scale, x) - overview.fromNs) / overview.binNs);
    const running = bin < 0 || bin >= bins ? 0 : (overview.running[bin] ?? 0);
    context.lineTo(x, trackPx - (running / most) * (trackPx - 4));
  }
  context.lineTo(scale.widthPx, trackPx);
  context.fillStyle = theme.run;
  context.globalAlpha = 0.3;
  context.fill();
  context.globalAlpha = 1;
  context.strokeStyle = theme.run;
  context.lineWidth = 1.2;
  context.stroke();
}
