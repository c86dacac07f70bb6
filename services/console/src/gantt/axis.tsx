import type { Tick } from '../model/axis.ts';
import { type Scale, xOf } from './scene.ts';

const labelRoomPx = 44;

/** The labels of the time axis; the lines below them are the canvas's. */
export function Axis({ ticks, scale }: { ticks: readonly Tick[]; scale: Scale }) {
  return (
    <div class="axis" aria-hidden="true">
      {ticks
        .filter(({ atNs }) => xOf(scale, atNs) <= scale.widthPx - labelRoomPx)
        .map(({ atNs, label }) => (
          <span key={atNs} style={{ left: `${Math.round(xOf(scale, atNs))}px` }}>
            {label}
          </span>
        ))}
    </div>
  );
}
