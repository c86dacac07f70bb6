import type { Span } from '../execution.ts';
import { firstAbove, type Occupancy, type Occupant, pieceAt, type Unit } from '../waits/occupancy.ts';
import { type Bar, isOpen, type TimelineRow } from '../timeline.ts';
import type { Try } from '../tries.ts';

const longestGapNs = 1_000_000_000;
const longestGapShare = 0.1;

/** Asks who released tries from their queues: the try that left a full worker or pool, so that the next could begin. */
export function resourceReleases(occupancy: Occupancy<Try>, { startNs: originNs }: Span) {
  const leavers = new Map<Unit<Try>, Int32Array>();
  const leaversOf = (unit: Unit<Try>): Int32Array => {
    const known = leavers.get(unit) ?? lastLeavers(unit);
    leavers.set(unit, known);
    return known;
  };
  /**
   * The last to leave its worker, else its pool, while the try was queued: at its start, or before it by at most a second and a
   * tenth of the wait. `end == start` counts.
   *
   * @returns undefined where the unit was not full until then, the engine told another wait that lasted longer, or nobody left
   */
  return (row: TimelineRow, bar: Bar, startNs: bigint): Occupant<Try> | undefined => {
    const { resource } = bar;
    const queuedNs = bar.queuedNs ?? bar.readyNs;
    if (resource === undefined || queuedNs === undefined || queuedNs >= startNs) return undefined;
    const [queued, start] = [Number(queuedNs - originNs), Number(startNs - originNs)];
    for (const unit of [occupancy.worker(resource.pool, resource.worker), occupancy.pool(resource.pool, resource.worker)]) {
      if (unit === undefined) continue;
      const leaver = unit.occupants[leaversOf(unit)[pieceAt(unit, start)] ?? -1];
      if (leaver === undefined || leaver.of.row === row || isOpen(leaver.of.bar)) continue;
      const end = Number(leaver.endNs - originNs);
      if (end <= queued || start - end > Math.min(longestGapNs, (start - queued) * longestGapShare)) continue;
      const full = unit.running[pieceAt(unit, end) - 1] === unit.capacity;
      if (full && !isHeldLonger(bar, leaver.endNs, startNs)) return leaver;
    }
    return undefined;
  };
}

/** By cut: who left last until then; of several at once the one that began last. -1: nobody yet. */
function lastLeavers({ occupants, starts, ends, cuts }: Unit<Try>): Int32Array {
  const leavers = new Int32Array(cuts.length).fill(-1);
  for (let i = 0; i < occupants.length; i++) {
    const end = ends[i] ?? 0;
    if (end > (starts[i] ?? 0)) leavers[firstAbove(cuts, end) - 1] = i;
  }
  for (let i = 1; i < leavers.length; i++) if (leavers[i] === -1) leavers[i] = leavers[i - 1] ?? -1;
  return leavers;
}

/** Whether a told wait of another kind than queue covers the end of the wait, or lasted longer than the leaver. */
function isHeldLonger({ waits }: Bar, leftNs: bigint, startNs: bigint): boolean {
  return waits.some(
    ({ kind, fromNs, toNs }) => kind !== 'queue' && fromNs < startNs && (toNs === undefined || toNs >= startNs || toNs > leftNs),
  );
}
