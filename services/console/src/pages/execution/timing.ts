import { type Domain, growingEnd } from '../../model/axis.ts';
import type { History } from '../../model/eta.ts';
import { isGrowing } from '../../model/execution.ts';
import type { Picture } from '../../state/execution-store.ts';

/** Room on the axis after the end, as part of its length. */
const endRoom = 0.02;

export interface Extent {
  /** What the axis calls 0: its start, or what is known before that. */
  readonly zeroNs: number;
  readonly toNs: number;
}

export function extentOf({ execution, steps }: Picture): Extent {
  const { rows } = steps;
  const startNs = execution.startedAtNs === undefined ? Infinity : Number(execution.startedAtNs - steps.originNs);
  let [fromNs, toNs] = [startNs, -Infinity];
  for (let row = 0; row < rows.count; row++) {
    const [first, last] = [rows.first[row] ?? Infinity, rows.last[row] ?? -Infinity];
    if (first < fromNs) fromNs = first;
    if (last > toNs) toNs = last;
  }
  // A window tells of its rows only; the ends are the whole's.
  if (!steps.detail.whole) [fromNs, toNs] = [Math.min(startNs, 0), steps.endNs];
  const zeroNs = Number.isFinite(fromNs) ? fromNs : 0;
  return { zeroNs, toNs: Math.max(toNs, zeroNs + (execution.makespanNs ?? 0), zeroNs + 1) };
}

/** The whole axis at a moment: while it runs it grows ahead of now, and holds the time it is likely to end. */
export function wholeAt(picture: Picture, extent: Extent, history: History | undefined, nowMs: number) {
  const { zeroNs: fromNs } = extent;
  const live = isGrowing(picture.execution);
  const nowNs = picture.asOfNs + (nowMs - picture.asOfMs) * 1e6;
  if (!live) return { domain: { fromNs, toNs: fromNs + (extent.toNs - fromNs) * (1 + endRoom) }, nowNs: extent.toNs, live };
  const likely = history === undefined || nowNs > fromNs + history.p90Ns * 2 ? 0 : fromNs + history.p90Ns * 1.05;
  const domain: Domain = { fromNs, toNs: growingEnd({ fromNs, toNs: Math.max(extent.toNs, nowNs, likely) }) };
  return { domain, nowNs, live };
}
