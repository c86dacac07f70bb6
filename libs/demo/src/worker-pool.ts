/** Where and when a piece of work found a free worker. */
export interface Booking {
  readonly worker: string;
  readonly startMs: number;
}

/** A pool of equal workers, each at one thing at a time. */
export interface WorkerPool {
  readonly name: string;
  /** Takes the worker who is free first, from `readyMs` on, for `runMs`. A tie goes to the first in the list. */
  book(readyMs: number, runMs: number): Booking;
}

/** Bookings may come in any order of time: each takes the earliest gap it fits into. */
export function openWorkerPool(name: string, size: number): WorkerPool {
  const workers = Array.from({ length: size }, (_, i) => ({ worker: `${name}-${i + 1}`, busy: [] as [number, number][] }));
  return {
    name,
    book(readyMs, runMs) {
      const offers = workers.map(({ worker, busy }) => ({ worker, busy, startMs: earliestGap(busy, readyMs, runMs) }));
      const best = offers.reduce((first, other) => (other.startMs < first.startMs ? other : first));
      best.busy.push([best.startMs, best.startMs + runMs]);
      best.busy.sort(([a], [b]) => a - b);
      return { worker: best.worker, startMs: best.startMs };
    },
  };
}

function earliestGap(busy: readonly [number, number][], readyMs: number, runMs: number): number {
  let at = readyMs;
  for (const [from, to] of busy) {
    if (at + runMs <= from) break;
    at = Math.max(at, to);
  }
  return at;
}
