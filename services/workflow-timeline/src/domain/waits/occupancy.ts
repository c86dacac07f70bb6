// Who was on which pool and worker, and when: step functions over time, asked for by integrals.
//
// Times are kept in ns since the span's start, which Float64 holds exactly up to 2^53 (104 days).

/** One try on a pool or worker. start ≤ end. */
export interface Occupant<T> {
  readonly of: T;
  /** Empty: not told. One of pool and worker is told. */
  readonly pool: string;
  readonly worker: string;
  /** Undefined: nobody told, and it passes for queued before all others. */
  readonly queuedNs: bigint | undefined;
  readonly startNs: bigint;
  readonly endNs: bigint;
}

/** A pool, or one worker of it. */
export interface Unit<T> {
  readonly pool: string;
  /** Empty: the whole pool. */
  readonly worker: string;
  /** By start, then end, then the order given. */
  readonly occupants: readonly Occupant<T>[];
  readonly starts: Float64Array;
  readonly ends: Float64Array;
  /** Most at once, as observed; at least 1. */
  readonly capacity: number;
  /** Where the number of those on it may change, ascending, 0 first. */
  readonly cuts: Float64Array;
  /** How many are on it from cuts[i] to cuts[i + 1]; 0 in the end. */
  readonly running: Int32Array;
  /** By cut: how long before it the unit was full, and how long nobody was on it. */
  readonly fullTo: Float64Array;
  readonly idleTo: Float64Array;
}

export interface Occupancy<T> {
  /** Undefined where no try names it. */
  readonly pool: (pool: string, worker: string) => Unit<T> | undefined;
  readonly worker: (pool: string, worker: string) => Unit<T> | undefined;
  /** A worker without a pool counts as one. */
  readonly pools: readonly Unit<T>[];
}

/** O(n log n). */
export function occupancyOf<T>(occupants: readonly Occupant<T>[], originNs: bigint): Occupancy<T> {
  const units = (keyOf: (one: Occupant<T>) => string | undefined, whole: boolean): Map<string, Unit<T>> => {
    const groups = Map.groupBy(occupants, keyOf);
    const found = new Map<string, Unit<T>>();
    for (const [key, some] of groups) if (key !== undefined) found.set(key, unitOf(some, originNs, whole));
    return found;
  };
  const poolKey = (pool: string, worker: string): string => (pool === '' ? `w ${worker}` : `p ${pool}`);
  const workerKey = (pool: string, worker: string): string => `${pool}\0${worker}`;
  const pools = units(({ pool, worker }) => poolKey(pool, worker), true);
  const workers = units(({ pool, worker }) => (worker === '' ? undefined : workerKey(pool, worker)), false);
  return {
    pool: (pool, worker) => pools.get(poolKey(pool, worker)),
    worker: (pool, worker) => workers.get(workerKey(pool, worker)),
    pools: [...pools.values()],
  };
}

/** The step functions of those given; at least one. */
export function unitOf<T>(given: readonly Occupant<T>[], originNs: bigint, whole = true): Unit<T> {
  const [one] = given;
  const [from, to] = [new Float64Array(given.length), new Float64Array(given.length)];
  const order = given.map(({ startNs, endNs }, place) => {
    from[place] = Number(startNs - originNs);
    to[place] = Number(endNs - originNs);
    return place;
  });
  order.sort((a, b) => (from[a] ?? 0) - (from[b] ?? 0) || (to[a] ?? 0) - (to[b] ?? 0));
  const starts = new Float64Array(order.map((place) => from[place] ?? 0));
  const ends = new Float64Array(order.map((place) => to[place] ?? 0));
  const ended = ends.toSorted();
  const cuts = distinct(starts, ends);
  const running = new Int32Array(cuts.length);
  let begun = 0;
  let left = 0;
  let capacity = 1;
  for (let i = 0; i < cuts.length; i++) {
    const at = cuts[i] ?? 0;
    while (begun < starts.length && (starts[begun] ?? 0) <= at) begun++;
    while (left < ended.length && (ended[left] ?? 0) <= at) left++;
    running[i] = begun - left;
    capacity = Math.max(capacity, begun - left);
  }
  const [fullTo, idleTo] = [new Float64Array(cuts.length), new Float64Array(cuts.length)];
  for (let i = 1; i < cuts.length; i++) {
    const length = (cuts[i] ?? 0) - (cuts[i - 1] ?? 0);
    fullTo[i] = (fullTo[i - 1] ?? 0) + (running[i - 1] === capacity ? length : 0);
    idleTo[i] = (idleTo[i - 1] ?? 0) + (running[i - 1] === 0 ? length : 0);
  }
  const worker = whole && one?.pool !== '' ? '' : (one?.worker ?? '');
  const occupants = order.map((place) => given[place]).filter((of) => of !== undefined);
  return { pool: one?.pool ?? '', worker, occupants, starts, ends, capacity, cuts, running, fullTo, idleTo };
}

/** How long from `from` to `to` as many were on the unit as it takes. */
export function fullNs(unit: Unit<unknown>, from: number, to: number): number {
  return upTo(unit, unit.fullTo, unit.capacity, to) - upTo(unit, unit.fullTo, unit.capacity, from);
}

/** How long nobody was on it. */
export function idleNs(unit: Unit<unknown>, from: number, to: number): number {
  return upTo(unit, unit.idleTo, 0, to) - upTo(unit, unit.idleTo, 0, from);
}

/** The piece an instant lies in: the last cut at or before it. */
export function pieceAt({ cuts }: Unit<unknown>, at: number): number {
  return firstAbove(cuts, at) - 1;
}

/** How many values are at most `at`, of ascending ones. */
export function firstAbove(values: Float64Array, at: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

function upTo(unit: Unit<unknown>, sums: Float64Array, running: number, at: number): number {
  const piece = pieceAt(unit, at);
  return (sums[piece] ?? 0) + (unit.running[piece] === running ? at - (unit.cuts[piece] ?? 0) : 0);
}

function distinct(starts: Float64Array, ends: Float64Array): Float64Array {
  const all = new Float64Array(starts.length + ends.length + 1);
  all.set(starts, 1);
  all.set(ends, starts.length + 1);
  all.sort();
  let count = 0;
  for (let i = 0; i < all.length; i++) if (i === 0 || all[i] !== all[i - 1]) all[count++] = all[i] ?? 0;
  return all.slice(0, count);
}
