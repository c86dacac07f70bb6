import type { Span } from '../execution.ts';
import { firstAbove, fullNs, idleNs, type Occupancy, type Unit } from './occupancy.ts';
import { overtakenNs } from './overtaking.ts';
import type { Try } from '../tries.ts';

/** What a try waited in its queue from `fromNs` to `toNs`. */
export interface Queueing {
  readonly of: Try;
  /** When it came to the queue: who came later and was on the pool overtook it. */
  readonly queuedNs: bigint;
  readonly fromNs: bigint;
  readonly toNs: bigint;
}

/** What made it wait, ns; the rest of the wait is extraneous. The shares never overlap. */
export interface QueueCauses {
  /** Undefined: the try tells no pool, or nobody was ever on it. */
  readonly pool: Unit<Try> | undefined;
  /** The one whose fullness made it wait: its worker, or the pool where that explains more. */
  readonly unit: Unit<Try> | undefined;
  readonly contention: number;
  readonly prioritisation: number;
  readonly batching: number;
  readonly unavailability: number;
}

const unexplained = { unit: undefined, contention: 0, prioritisation: 0, batching: 0, unavailability: 0 };

/** By wait, why a pool made it wait. A pool's size is the most it was seen to hold. */
export function queueCauses(waits: readonly Queueing[], occupancy: Occupancy<Try>, { startNs: originNs }: Span): QueueCauses[] {
  const relative = (ns: bigint): number => Number(ns - originNs);
  const placed = waits.map(({ of, queuedNs, fromNs, toNs }) => {
    const { pool: poolName = '', worker: workerName = '' } = of.bar.resource ?? {};
    const [from, to] = [relative(fromNs), relative(toNs)];
    const pool = poolName === '' && workerName === '' ? undefined : occupancy.pool(poolName, workerName);
    const worker = workerName === '' ? undefined : occupancy.worker(poolName, workerName);
    const unit = pool === undefined || worker === undefined || fullNs(pool, from, to) > fullNs(worker, from, to) ? pool : worker;
    return { of, from, to, queued: relative(queuedNs), pool, unit };
  });
  const overtaken = new Float64Array(waits.length);
  for (const [unit, places] of Map.groupBy(placed.keys(), (i) => placed[i]?.unit)) {
    if (unit === undefined) continue;
    const asked = places.flatMap((i) => placed[i] ?? []);
    overtakenNs(unit, originNs, asked).forEach((ns, i) => (overtaken[places[i] ?? 0] = ns));
  }
  const batches = batchesOf(occupancy, relative);
  return placed.map(({ of, from, to, pool, unit }, i) => {
    if (pool === undefined || unit === undefined) return { ...unexplained, pool: undefined };
    const prioritisation = overtaken[i] ?? 0;
    const contention = fullNs(unit, from, to) - prioritisation;
    const completed = Math.min(to, batches.completedAt(pool, of, to) ?? from);
    const batching = completed > from ? completed - from - fullNs(unit, from, completed) : 0;
    return { pool, unit, contention, prioritisation, batching, unavailability: idleNs(pool, Math.max(from, completed), to) };
  });
}

/** Tries of a pool that began at one instant. */
function batchesOf(occupancy: Occupancy<Try>, relative: (ns: bigint) => number) {
  const batches = new Map(occupancy.pools.map((pool) => [pool, lastQueuedOf(pool, relative)]));
  return {
    /** When the last of those that began with the try was queued; undefined where it began alone, or has not begun. */
    completedAt(pool: Unit<Try>, { bar }: Try, start: number): number | undefined {
      const first = bar.startNs === undefined ? -1 : firstAbove(pool.starts, start) - 1;
      if (pool.starts[first] !== start || pool.starts[first - 1] !== start) return undefined;
      return batches.get(pool)?.[first];
    },
  };
}

/** By occupant: the latest queueing among it and those before it that began with it. */
function lastQueuedOf({ occupants, starts }: Unit<Try>, relative: (ns: bigint) => number): Float64Array {
  const last = new Float64Array(starts.length);
  occupants.forEach(({ queuedNs }, i) => {
    const queued = queuedNs === undefined ? -Infinity : relative(queuedNs);
    last[i] = i > 0 && starts[i] === starts[i - 1] ? Math.max(last[i - 1] ?? queued, queued) : queued;
  });
  return last;
}
