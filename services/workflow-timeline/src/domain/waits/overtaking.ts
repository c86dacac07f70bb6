import { firstAbove, type Unit } from './occupancy.ts';

/** A wait for a unit, in ns since the span's start. */
export interface UnitWait {
  readonly from: number;
  readonly to: number;
  /** When the one who waits was queued. */
  readonly queued: number;
}

/**
 * By wait: how long the unit was full while somebody was on it who had been queued later, ns. At most fullNs of the wait.
 *
 * The waits are answered from the one queued last to the one queued first, while those on the unit are laid over the pieces
 * of time in the same order: a piece counts for a wait when anybody laid over it was queued after. O((n + w) log n).
 */
export function overtakenNs(unit: Unit<unknown>, originNs: bigint, waits: readonly UnitWait[]): Float64Array {
  const queued = unit.occupants.map(({ queuedNs }) => (queuedNs === undefined ? -Infinity : Number(queuedNs - originNs)));
  const latest = [...queued.keys()].sort((a, b) => descending(queued[a] ?? 0, queued[b] ?? 0) || a - b);
  const laid = layersOf(unit);
  const found = new Float64Array(waits.length);
  let next = 0;
  for (const at of [...waits.keys()].sort((a, b) => (waits[b]?.queued ?? 0) - (waits[a]?.queued ?? 0))) {
    const wait = waits[at];
    if (wait === undefined) continue;
    for (; next < latest.length; next++) {
      const one = latest[next] ?? 0;
      if (!((queued[one] ?? 0) > wait.queued)) break;
      laid.lay(unit.starts[one] ?? 0, unit.ends[one] ?? 0);
    }
    found[at] = laid.upTo(wait.to) - laid.upTo(wait.from);
  }
  return found;
}

function descending(a: number, b: number): number {
  return a === b ? 0 : a > b ? -1 : 1;
}

/** Pieces of time that are covered one by one, each once; their full ones summed by a Fenwick tree. */
function layersOf({ cuts, running, capacity }: Unit<unknown>) {
  const count = cuts.length;
  const sums = new Float64Array(count + 1);
  const covered = new Uint8Array(count);
  /** By piece: itself, or one further on the way to the next that is not covered. */
  const free = new Int32Array(count + 1).map((_, i) => i);
  const nextFree = (from: number): number => {
    let at = from;
    while (free[at] !== at) {
      free[at] = free[free[at] ?? at] ?? at;
      at = free[at] ?? at;
    }
    return at;
  };
  return {
    lay(start: number, end: number): void {
      if (end <= start) return;
      const until = firstAbove(cuts, end) - 1;
      for (let piece = nextFree(firstAbove(cuts, start) - 1); piece < until; piece = nextFree(piece)) {
        covered[piece] = 1;
        free[piece] = piece + 1;
        if (running[piece] !== capacity) continue;
        const length = (cuts[piece + 1] ?? 0) - (cuts[piece] ?? 0);
        for (let i = piece + 1; i <= count; i += i & -i) sums[i] = (sums[i] ?? 0) + length;
      }
    },
    /** Full and covered, from 0 to an instant. */
    upTo(at: number): number {
      const piece = firstAbove(cuts, at) - 1;
      let sum = 0;
      for (let i = piece; i > 0; i -= i & -i) sum += sums[i] ?? 0;
      return sum + (covered[piece] === 1 && running[piece] === capacity ? at - (cuts[piece] ?? 0) : 0);
    },
  };
}
