import { mostBetween, type Track, valueAt } from '../model/usage-tracks.ts';
import { fit } from './paint.ts';
import { trackPx } from './paint-axis.ts';
import { type Scale, timeAt } from './scene.ts';
import type { ChartTheme } from './theme.ts';

/** Where tracks lie one below the other, px: each begins `topPx` below its row's edge. */
export interface TrackRoom {
  readonly rowPx: number;
  readonly topPx: number;
}
export const wideTracks: TrackRoom = { rowPx: trackPx + 1, topPx: 1 };
/** The name above, where there is no room beside. */
export const narrowTracks: TrackRoom = { rowPx: trackPx + 26, topPx: 26 };

const headPx = 4;

/**
 * What is used over time, a track below the other, as areas of which each column of pixels shows the most there was; over tokens
 * and cost a dashed line of how much it was until then, which ends at the top with the total.
 */
export function paintTracks(
  canvas: HTMLCanvasElement,
  context: CanvasRenderingContext2D,
  scale: Scale,
  tracks: readonly Track[],
  { rowPx, topPx }: TrackRoom,
  theme: ChartTheme,
): void {
  if (tracks.length === 0) return;
  fit(canvas, context, scale.widthPx, tracks.length * rowPx);
  const columns = Array.from({ length: Math.ceil(scale.widthPx) + 1 }, (_, x) => timeAt(scale, x));
  for (const [at, track] of tracks.entries()) {
    const bottom = at * rowPx + topPx + trackPx;
    const high = trackPx - headPx - 1;
    const most = track.most > 0 ? track.most : 1;
    context.beginPath();
    context.moveTo(0, bottom);
    for (let x = 0; x + 1 < columns.length; x++) {
      const value = mostBetween(track, columns[x] ?? 0, columns[x + 1] ?? 0);
      // Less than a pixel is not nothing.
      const y = bottom - (value === 0 ? 0 : Math.max(1, (value / most) * high));
      context.lineTo(x, y);
      context.lineTo(x + 1, y);
    }
    context.lineTo(scale.widthPx, bottom);
    context.fillStyle = theme.run;
    context.globalAlpha = 0.3;
    context.fill();
    context.globalAlpha = 1;
    context.strokeStyle = theme.run;
    context.lineWidth = 1.2;
    context.stroke();
    if ((track.measure === 'tokens' || track.measure === 'cost') && track.total > 0) {
      context.beginPath();
      for (const [x, time] of columns.entries()) context.lineTo(x, bottom - (valueAt(track, time).sum / track.total) * high);
      context.setLineDash([5, 3]);
      context.strokeStyle = theme.ink;
      context.lineWidth = 1;
      context.stroke();
      context.setLineDash([]);
    }
  }
}
