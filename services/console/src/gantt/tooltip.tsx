import { formatDuration } from '@tmws/duration';
import { kindLook } from '../model/kinds.ts';
import { lookOf } from '../model/status.ts';
import type { Box } from './scene.ts';

export interface Pointed {
  box: Box;
  name: string;
  xPx: number;
  yPx: number;
  /** The chart's own zero. */
  zeroNs: number;
}

/** What the pointer is on. Everything it says is in the panel too, so it is hidden from screen readers. */
export function Tooltip({ box, name, xPx, yPx, zeroNs }: Pointed) {
  const kind = box.kind === 'run' ? lookOf(box.status).word : kindLook(box.kind).label;
  const flip = xPx > innerWidth - 260;
  return (
    <div class={`tooltip${flip ? ' flip' : ''}`} aria-hidden="true" style={{ left: `${xPx}px`, top: `${yPx}px` }}>
      <strong>{name}</strong>
      <div>
        {box.kind === 'run' ? 'Attempt' : 'Wait before or in attempt'} {box.attempt}: {kind}
      </div>
      <div class="tooltip-times">
        {box.open ? 'so far ' : ''}
        {formatDuration(box.toNs - box.fromNs)} <span class="quiet">from {formatDuration(box.fromNs - zeroNs)}</span>
      </div>
      {box.reason !== '' && <div>{box.reason}</div>}
    </div>
  );
}
