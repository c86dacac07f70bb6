// A count over a window that slides with the events: exact, and never aligned to a clock.

/** One of the things counted. Two with the same id are one. */
export interface Sighting {
  readonly atMs: number;
  readonly id: string;
}

/** Fires at `raiseAt` within `windowMs`, ends when fewer than `clearAt` are. 1 <= clearAt <= raiseAt. */
export interface WindowRules {
  readonly windowMs: number;
  readonly raiseAt: number;
  readonly clearAt: number;
  /** It fires at least so long. */
  readonly holdMs: number;
}

export interface WindowState<T extends Sighting> {
  /** The latest first. */
  readonly sightings: readonly T[];
  /** It fires until then, or did last. */
  readonly untilMs?: number;
  /** What happened up to then was told. */
  readonly toldMs?: number;
}

export interface Counted<T extends Sighting> {
  readonly state: WindowState<T>;
  /** Whether it was new, and not too late to count. */
  readonly counted: boolean;
  /** The sightings that made it fire, the latest first, if it begins with this one. */
  readonly raisedBy?: readonly T[];
  readonly firing: boolean;
}

/**
 * Counts one sighting.
 *
 *   S1  it begins to fire exactly when some `raiseAt` of the sightings lie less than `windowMs` apart, in whatever order they came, as
 *       long as none comes more than a window after a later one
 *   S2  a sighting that comes again changes nothing, however often and whenever
 *   S3  while it fires it does until fewer than `clearAt` lie in the window that ends then, and at least `holdMs`
 *   S4  after it ended it fires again only by what was not told: sightings up to the one whose leaving ended it count no more
 *   S5  at most 2 * raiseAt - 2 sightings are kept, at most raiseAt while it fires: fewer than raiseAt lie in each of the two windows
 *       before the latest one, or it would fire; and to know the end, the latest `clearAt` are enough
 *
 * Each sighting lies at or before `nowMs`.
 */
export function count<T extends Sighting>(given: WindowState<T>, sighting: T, rules: WindowRules, nowMs: number): Counted<T> {
  const { windowMs, raiseAt, clearAt, holdMs } = rules;
  const before = ended(given, clearAt, nowMs);
  const { toldMs = -Infinity, untilMs } = before;
  const firing = untilMs !== undefined && nowMs < untilMs;
  const unchanged = { state: before, counted: false, firing };
  if (sighting.atMs <= toldMs || before.sightings.some(({ id }) => id === sighting.id)) return unchanged;
  const all = [...before.sightings, sighting].sort(latestFirst);
  if (firing) {
    const sightings = all.slice(0, raiseAt);
    if (!sightings.includes(sighting)) return unchanged;
    const end = (sightings[clearAt - 1]?.atMs ?? -Infinity) + windowMs;
    return { state: { ...before, sightings, untilMs: Math.max(untilMs, end) }, counted: true, firing };
  }
  const newestMs = all[0]?.atMs ?? sighting.atMs;
  const near = all.filter(({ atMs }) => atMs > newestMs - 2 * windowMs);
  const raisedBy = windowAround(near, sighting, rules);
  if (raisedBy === undefined) return { state: { ...before, sightings: near }, counted: near.includes(sighting), firing: false };
  return {
    state: { ...before, sightings: near.slice(0, raiseAt), untilMs: nowMs + Math.max(holdMs, windowMs) },
    counted: true,
    firing: true,
    raisedBy,
  };
}

/** Once it has ended, what ended it and what is older is told. */
function ended<T extends Sighting>(state: WindowState<T>, clearAt: number, nowMs: number): WindowState<T> {
  const { sightings, untilMs, toldMs } = state;
  if (untilMs === undefined || nowMs < untilMs) return state;
  const upToMs = sightings[clearAt - 1]?.atMs ?? toldMs;
  const rest = sightings.filter(({ atMs }) => upToMs === undefined || atMs > upToMs);
  return upToMs === undefined ? { sightings: rest } : { sightings: rest, toldMs: upToMs };
}

/** The latest `raiseAt` or more that lie in one window with the sighting; undefined: there are none. */
function windowAround<T extends Sighting>(all: readonly T[], sighting: T, { windowMs, raiseAt }: WindowRules) {
  for (const { atMs: endMs } of all) {
    if (endMs < sighting.atMs || endMs >= sighting.atMs + windowMs) continue;
    const within = all.filter(({ atMs }) => atMs <= endMs && atMs > endMs - windowMs);
    if (within.length >= raiseAt) return within;
  }
  return undefined;
}

const latestFirst = (a: Sighting, b: Sighting): number => b.atMs - a.atMs || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);
