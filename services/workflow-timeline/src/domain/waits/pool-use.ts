import type { Span } from '../execution.ts';
import { pieceAt, type Unit, unitOf } from './occupancy.ts';
import type { Try } from '../tries.ts';
import type { QueueWait, Waits } from './waits.ts';

/** How a pool was used, and by whom others were kept waiting. Shares are 0 to 1. */
export interface PoolUse {
  readonly pool: string;
  /** Only of a worker that belongs to no pool. */
  readonly worker: string;
  readonly tries: number;
  /** What tries waited for it, all together. */
  readonly queueNs: bigint;
  /** What tries were on it, all together. */
  readonly busyNs: bigint;
  /** Most at once, as observed. */
  readonly capacity: number;
  /** busyNs of capacity × the time from the first queued or begun to the last end. */
  readonly utilisation: number;
  readonly law: LittlesLaw;
  /** What `blame` goes by: name, or kind where the pool has more than 20 names. */
  readonly by: 'name' | 'kind';
  /** Greatest first, at most 100. Several may cover the same instant of a wait. */
  readonly blame: readonly GroupBlame[];
}

/** How long the waits of some steps were covered by others that were on the pool. */
export interface GroupBlame {
  readonly waiting: string;
  readonly on: string;
  readonly ns: bigint;
}

/**
 * Little's law (1961): the mean length of a queue is its arrival rate times the mean wait. Counted from who was queued and who
 * began, and computed from the waits: where the two differ, some tries do not tell when they were queued, or clocks were wrong.
 */
export interface LittlesLaw {
  readonly counted: number;
  readonly computed: number;
  /** Tries whose queueing is told and needed no correction. */
  readonly told: number;
  readonly holds: boolean;
}

const maxGroups = 20;
const maxBlame = 100;
const tolerance = 0.05;

/** The pools of an execution, by what was waited for them. */
export function poolUses({ occupancy, queueWaits }: Waits, span: Span): PoolUse[] {
  const byPool = Map.groupBy(queueWaits, ({ pool }) => pool);
  return occupancy.pools
    .map((pool) => poolUse(pool, byPool.get(pool) ?? [], span))
    .sort((a, b) => Number(b.queueNs - a.queueNs) || Number(b.busyNs - a.busyNs) || (a.pool < b.pool ? -1 : 1));
}

function poolUse(pool: Unit<Try>, waits: readonly QueueWait[], { startNs: originNs }: Span): PoolUse {
  const { occupants, starts, ends, capacity } = pool;
  const busyNs = occupants.reduce((sum, { startNs, endNs }) => sum + endNs - startNs, 0n);
  const queued = occupants.map(({ queuedNs }) => (queuedNs === undefined ? undefined : Number(queuedNs - originNs)));
  const from = queued.reduce<number>((least, at) => Math.min(least, at ?? least), starts[0] ?? 0);
  const windowNs = ends.reduce((a, b) => Math.max(a, b), 0) - from;
  return {
    pool: pool.pool,
    worker: pool.worker,
    tries: occupants.length,
    queueNs: waits.reduce((sum, { fromNs, toNs }) => sum + toNs - fromNs, 0n),
    busyNs,
    capacity,
    utilisation: windowNs === 0 ? 0 : Math.min(1, Number(busyNs) / capacity / windowNs),
    law: littlesLaw(pool, queued, windowNs),
    ...blameOf(pool, waits, originNs),
  };
}

function littlesLaw({ occupants, starts }: Unit<Try>, queued: readonly (number | undefined)[], windowNs: number): LittlesLaw {
  const count = occupants.length;
  let told = 0;
  let waited = 0;
  let begunUnheard = 0;
  queued.forEach((at, i) => {
    const clean = at !== undefined && occupants[i]?.of.bar.flags.includes('skew_clamped') !== true;
    if (clean) {
      told++;
      waited += (starts[i] ?? 0) - at;
    } else begunUnheard++;
  });
  if (windowNs === 0 || told === 0)
    return { counted: 0, computed: 0, told: count === 0 ? 1 : told / count, holds: begunUnheard === 0 };
  const counted = waited / windowNs;
  const computed = (count / windowNs) * (waited / told);
  return { counted, computed, told: told / count, holds: computed - counted <= tolerance * computed };
}

function blameOf(pool: Unit<Try>, waits: readonly QueueWait[], originNs: bigint): Pick<PoolUse, 'by' | 'blame'> {
  const names = new Set(pool.occupants.map(({ of }) => of.row.name));
  const by = names.size <= maxGroups ? 'name' : 'kind';
  const groups = [...Map.groupBy(pool.occupants, ({ of }) => of.row[by])].map(([on, some]) => ({
    on,
    unit: unitOf(some, originNs),
  }));
  groups.sort((a, b) => b.unit.occupants.length - a.unit.occupants.length);
  const sums = new Map<string, Map<string, number>>();
  for (const { on, unit } of groups.slice(0, maxGroups)) {
    const busy = busyIntegral(unit);
    for (const { try: of, fromNs, toNs } of waits) {
      const ns = busy(Number(toNs - originNs)) - busy(Number(fromNs - originNs));
      if (ns <= 0) continue;
      const waiting = of.row[by];
      const row = sums.get(waiting) ?? new Map<string, number>();
      row.set(on, (row.get(on) ?? 0) + ns);
      sums.set(waiting, row);
    }
  }
  const blame = [...sums].flatMap(([waiting, row]) => [...row].map(([on, ns]) => ({ waiting, on, ns: BigInt(ns) })));
  blame.sort((a, b) => Number(b.ns - a.ns) || (`${a.waiting} ${a.on}` < `${b.waiting} ${b.on}` ? -1 : 1));
  return { by, blame: blame.slice(0, maxBlame) };
}

/** What was done on a unit up to an instant, all together; exact up to 2^53 ns. */
function busyIntegral(unit: Unit<unknown>): (at: number) => number {
  const { cuts, running } = unit;
  const upTo = new Float64Array(cuts.length);
  for (let i = 1; i < cuts.length; i++) {
    upTo[i] = (upTo[i - 1] ?? 0) + (running[i - 1] ?? 0) * ((cuts[i] ?? 0) - (cuts[i - 1] ?? 0));
  }
  return (at) => {
    const piece = pieceAt(unit, at);
    return (upTo[piece] ?? 0) + (running[piece] ?? 0) * (at - (cuts[piece] ?? 0));
  };
}
