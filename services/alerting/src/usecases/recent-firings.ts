// How often the alerts of each group began firing lately: history is read once, then only what it has more.
import type { Route } from '../domain/route-tree.ts';
import type { Clock } from '../ports.ts';
import type { AlertReads, FiredEntry } from '../read-ports.ts';
import type { Board } from './board.ts';

export interface RecentFirings {
  /** Alerts of the group that began firing, by twelve equal parts of the last hour. */
  counts(group: { readonly route: Route; readonly key: string }): readonly number[];
  /** When any alert fired last; undefined: never, as far as history is kept. */
  readonly lastFiredMs: number | undefined;
}

interface Reading {
  readonly reads: Pick<AlertReads, 'firedAfter' | 'lastFiredMs'>;
  readonly board: Pick<Board, 'alert' | 'placements' | 'revision'>;
  readonly clock: Clock;
}

interface Space {
  /** The last entry that is counted, by day. */
  readonly after: Map<number, bigint>;
  readonly minutes: Map<Route, Map<string, Map<number, number>>>;
  /** Entries of alerts the board does not have yet. */
  early: FiredEntry[];
  lastMs: number | undefined;
  revision: bigint;
  reading: Promise<void> | undefined;
}

const partsOfHour = 12;
const minutesOfPart = 5;
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const portion = 5_000;

/** Counts per namespace. @param root  of the route tree in force: with another one everything is counted anew */
export function recentFirings({ reads, board, clock }: Reading, root: () => Route) {
  let counted = { root: root(), spaces: new Map<string, Space>() };

  const count = (namespace: string, space: Space, entries: readonly FiredEntry[]): void => {
    for (const entry of entries) {
      const alert = board.alert(namespace, entry.fingerprint);
      if (alert === undefined) space.early.push(entry);
      for (const { route, key } of alert === undefined ? [] : board.placements(alert)) {
        const groups = space.minutes.get(route) ?? new Map<string, Map<number, number>>();
        space.minutes.set(route, groups);
        const minutes = groups.get(key) ?? new Map<number, number>();
        groups.set(key, minutes);
        const minute = Math.floor(entry.atMs / minuteMs);
        minutes.set(minute, (minutes.get(minute) ?? 0) + 1);
      }
      space.lastMs = Math.max(space.lastMs ?? 0, entry.atMs);
    }
  };

  const read = async (namespace: string, space: Space, nowMs: number): Promise<void> => {
    const revision = board.revision(namespace);
    const { early } = space;
    space.early = [];
    const sinceMs = nowMs - hourMs;
    count(
      namespace,
      space,
      early.filter(({ atMs }) => atMs >= sinceMs),
    );
    for (let day = Math.floor(sinceMs / dayMs); day <= Math.floor(nowMs / dayMs); day++) {
      for (let more = true; more;) {
        const entries = await reads.firedAfter(namespace, { day, no: space.after.get(day) ?? 0n, sinceMs, limit: portion });
        count(namespace, space, entries);
        const last = entries.at(-1);
        if (last !== undefined) space.after.set(day, last.no);
        more = entries.length === portion;
      }
    }
    for (const day of space.after.keys()) if (day < Math.floor(sinceMs / dayMs)) space.after.delete(day);
    space.lastMs ??= await reads.lastFiredMs(namespace);
    forgetBefore(space, Math.floor(sinceMs / minuteMs));
    space.revision = revision;
  };

  return async (namespace: string): Promise<RecentFirings> => {
    if (counted.root !== root()) counted = { root: root(), spaces: new Map() };
    const revision = board.revision(namespace);
    // Of namespaces nobody has anything in, nothing is kept: names are free to make up.
    if (revision === 0n) return { counts: () => none, lastFiredMs: await reads.lastFiredMs(namespace) };
    const space = counted.spaces.get(namespace) ?? emptySpace();
    counted.spaces.set(namespace, space);
    if (space.revision !== revision) {
      space.reading ??= read(namespace, space, clock()).finally(() => (space.reading = undefined));
      await space.reading;
    }
    const first = Math.floor(clock() / minuteMs) - partsOfHour * minutesOfPart + 1;
    return {
      counts: ({ route, key }) => partsFrom(first, space.minutes.get(route)?.get(key)),
      lastFiredMs: space.lastMs,
    };
  };
}

const none: readonly number[] = new Array<number>(partsOfHour).fill(0);

const emptySpace = (): Space => ({
  after: new Map(),
  minutes: new Map(),
  early: [],
  lastMs: undefined,
  revision: -1n,
  reading: undefined,
});

function partsFrom(first: number, minutes: ReadonlyMap<number, number> | undefined): readonly number[] {
  if (minutes === undefined) return none;
  const parts = [...none];
  for (const [minute, count] of minutes) {
    const part = Math.min(partsOfHour - 1, Math.floor((minute - first) / minutesOfPart));
    if (part >= 0) parts[part] = (parts[part] ?? 0) + count;
  }
  return parts;
}

function forgetBefore(space: Space, minute: number): void {
  for (const groups of space.minutes.values()) {
    for (const [key, minutes] of groups) {
      for (const each of minutes.keys()) if (each < minute) minutes.delete(each);
      if (minutes.size === 0) groups.delete(key);
    }
  }
}
