// The whole execution in one strip, and a brush for the part that is shown. Drawn from bins: as quick for a million steps as for ten.
import type { Domain } from '../model/axis.ts';
import { bins, type Overview } from '../model/overview.ts';
import { fit } from './paint.ts';
import type { ChartTheme } from './theme.ts';

export const minimapPx = 38;

/** The strip without the brush, kept as long as it shows the same. */
export interface Strip {
  paint(overview: Overview, whole: Domain, widthPx: number, theme: ChartTheme): HTMLCanvasElement;
}

export function createStrip(): Strip {
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d');
  let shown: readonly unknown[] = [];
  return {
    paint(overview, whole, widthPx, theme) {
      const wanted = [overview, whole.fromNs, whole.toNs, widthPx, theme, devicePixelRatio];
      if (context !== null && wanted.some((each, at) => each !== shown[at])) {
        shown = wanted;
        paintStrip(canvas, context, overview, whole, widthPx, theme);
      }
      return canvas;
    },
  };
}

function paintStrip(
  canvas: HTMLCanvasElement,
  context: CanvasRenderingContext2D,
  overview: Overview,
  whole: Domain,
  widthPx: number,
  theme: ChartTheme,
): void {
  fit(canvas, context, widthPx, minimapPx);
  const perPx = (whole.toNs - whole.fromNs) / widthPx;
  const ground = minimapPx - 5;
  const most = Math.max(1, overview.mostRunning);
  for (let x = 0; x < widthPx; x++) {
    const from = Math.floor((whole.fromNs + x * perPx - overview.fromNs) / overview.binNs);
    const till = Math.max(from + 1, Math.floor((whole.fromNs + (x + 1) * perPx - overview.fromNs) / overview.binNs));
    let [running, waiting, failed, critical] = [0, 0, 0, 0];
    for (let bin = Math.max(0, from); bin < Math.min(bins, till); bin++) {
      running = Math.max(running, overview.running[bin] ?? 0);
      waiting = Math.max(waiting, overview.waiting[bin] ?? 0);
      failed |= overview.failed[bin] ?? 0;
      critical |= overview.critical[bin] ?? 0;
    }
    const high = running === 0 ? 0 : Math.max(2, (running / most) * (ground - 8));
    if (high > 0) {
      context.fillStyle = theme.run;
      context.fillRect(x, ground - high, 1, high);
    }
    if (waiting > 0 && x % 3 === 0) {
      context.fillStyle = theme.waiting;
      context.fillRect(x, ground - high - Math.min(6, 1 + (waiting / most) * 5), 1, Math.min(6, 1 + (waiting / most) * 5));
    }
    if (critical !== 0) {
      context.fillStyle = theme.critical;
      context.fillRect(x, ground + 1, 1, 2);
    }
    if (failed !== 0) {
      context.fillStyle = theme.bad;
      context.fillRect(x - 1, 0, 3, 4);
    }
  }
}

/** The strip, and over it what is shown of it. */
export function paintMinimap(
  canvas: HTMLCanvasElement,
  context: CanvasRenderingContext2D,
  strip: HTMLCanvasElement,
  whole: Domain,
  view: Domain | undefined,
  widthPx: number,
  theme: ChartTheme,
): void {
  fit(canvas, context, widthPx, minimapPx);
  if (strip.width > 0) context.drawImage(strip, 0, 0, widthPx, minimapPx);
  if (view === undefined) return;
  const perPx = (whole.toNs - whole.fromNs) / widthPx;
  const [from, to] = [(view.fromNs - whole.fromNs) / perPx, (view.toNs - whole.fromNs) / perPx];
  context.fillStyle = theme.ground;
  context.globalAlpha = 0.72;
  context.fillRect(0, 0, from, minimapPx);
  context.fillRect(to, 0, widthPx - to, minimapPx);
  context.globalAlpha = 1;
  context.strokeStyle = theme.ink;
  context.lineWidth = 1.5;
  context.strokeRect(from, 0.75, Math.max(3, to - from), minimapPx - 1.5);
}

/** How near the pointer has to be to an edge of the brush to take it. */
const edgePx = 6;

/** Drag on the strip: within the brush moves it, at its edge widens it, elsewhere makes another. Returns what takes it away. */
export function brushOn(
  strip: HTMLElement,
  now: () => { whole: Domain; view: Domain | undefined; widthPx: number },
  show: (view: Domain | undefined) => void,
): () => void {
  const down = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    const { whole, view, widthPx } = now();
    const left = strip.getBoundingClientRect().left;
    const perPx = (whole.toNs - whole.fromNs) / Math.max(1, widthPx);
    const at = (x: number): number => whole.fromNs + Math.min(widthPx, Math.max(0, x - left)) * perPx;
    const begin = at(event.clientX);
    const edge = edgePx * perPx;
    const grab =
      view === undefined || begin < view.fromNs - edge || begin > view.toNs + edge
        ? 'new'
        : Math.abs(begin - view.fromNs) <= edge
          ? 'from'
          : Math.abs(begin - view.toNs) <= edge
            ? 'to'
            : 'move';
    strip.setPointerCapture(event.pointerId);
    const move = (next: PointerEvent): void => {
      const to = at(next.clientX);
      const span = view ?? whole;
      const least = 3 * perPx;
      if (grab === 'move') {
        const length = span.toNs - span.fromNs;
        const fromNs = Math.min(whole.toNs - length, Math.max(whole.fromNs, span.fromNs + to - begin));
        show({ fromNs, toNs: fromNs + length });
        return;
      }
      const fixed = grab === 'from' ? span.toNs : grab === 'to' ? span.fromNs : begin;
      if (Math.abs(to - fixed) > least) show({ fromNs: Math.min(to, fixed), toNs: Math.max(to, fixed) });
    };
    const up = (last: PointerEvent): void => {
      strip.removeEventListener('pointermove', move);
      strip.removeEventListener('pointerup', up);
      strip.removeEventListener('pointercancel', up);
      if (grab === 'new' && Math.abs(last.clientX - event.clientX) < 3) show(undefined);
    };
    strip.addEventListener('pointermove', move);
    strip.addEventListener('pointerup', up);
    strip.addEventListener('pointercancel', up);
  };
  strip.addEventListener('pointerdown', down);
  return () => strip.removeEventListener('pointerdown', down);
}
