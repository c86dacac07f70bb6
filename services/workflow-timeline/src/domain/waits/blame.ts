import type { Span } from '../execution.ts';
import type { Unit } from './occupancy.ts';
import type { TimelineRow } from '../timeline.ts';
import type { Try } from '../tries.ts';
import type { WaitCause, WaitPiece } from './waits.ts';

/** Whose time covers how much of a wait, ns. Several may cover the same instant. */
export interface Blame {
  readonly row: TimelineRow;
  readonly attempt: number;
  readonly ns: bigint;
}

export interface Behind {
  /** The greatest first, at most 5. */
  readonly steps: readonly Blame[];
  /** How many there are in all. */
  readonly count: number;
}

const maxNamed = 5;

/** Who made a step wait. O(n) in the tries of the pool. */
export function behindOf(piece: WaitPiece, { cause, unit, released, ns }: WaitCause, { startNs: originNs }: Span): Behind {
  if (released !== undefined) return { steps: [{ row: released, attempt: released.bars.at(-1)?.attempt ?? 1, ns }], count: 1 };
  if (unit === undefined) return { steps: [], count: 0 };
  const [from, to] = [Number(piece.fromNs - originNs), Number(piece.toNs - originNs)];
  const isLater = (i: number): boolean => (unit.occupants[i]?.queuedNs ?? -1n) > piece.queuedNs;
  switch (cause) {
    case 'contention':
      return greatest(unit, to, (i) => (isLater(i) ? 0 : overlap(unit, i, from, to)));
    case 'prioritisation':
      return greatest(unit, to, (i) => (isLater(i) ? overlap(unit, i, from, to) : 0));
    case 'batching':
      return greatest(unit, to + 1, (i) => {
        const other = unit.occupants[i];
        if (unit.starts[i] !== to || other === undefined || other.of.row === piece.try.row) return 0;
        return Math.min(Number((other.queuedNs ?? originNs) - originNs), to) - from;
      });
    default:
      return { steps: [], count: 0 };
  }
}

function overlap({ starts, ends }: Unit<Try>, i: number, from: number, to: number): number {
  return Math.min(ends[i] ?? 0, to) - Math.max(starts[i] ?? 0, from);
}

/** Of those that began before `before`, the ones with most. */
function greatest(unit: Unit<Try>, before: number, nsOf: (i: number) => number): Behind {
  const found: { i: number; ns: number }[] = [];
  let count = 0;
  for (let i = 0; i < unit.starts.length && (unit.starts[i] ?? 0) < before; i++) {
    const ns = nsOf(i);
    if (ns <= 0) continue;
    count++;
    if (found.length === maxNamed && ns <= (found.at(-1)?.ns ?? 0)) continue;
    found.push({ i, ns });
    found.sort((a, b) => b.ns - a.ns || a.i - b.i);
    if (found.length > maxNamed) found.pop();
  }
  const steps = found.flatMap(({ i, ns }): Blame[] => {
    const of = unit.occupants[i]?.of;
    return of === undefined ? [] : [{ row: of.row, attempt: of.bar.attempt, ns: BigInt(ns) }];
  });
  return { steps, count };
}
