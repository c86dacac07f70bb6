// Which rows are shown, top to bottom: the tree, repeated siblings folded into one entry, what is closed or filtered away left out.
import type { LateRows } from './late-rows.ts';
import { hasFailed } from './status.ts';
import type { Steps } from './steps.ts';

/** More siblings of one name and outcome than this are one entry until it is opened. */
export const mostAlike = 20;

export interface Fold {
  /** Stays the same as long as the page is open. */
  readonly key: string;
  readonly rows: readonly number[];
  readonly open: boolean;
  readonly type: number;
  /** The one that took longest. */
  readonly longest: number;
  /** Whether any of them, or of what lies under them, failed. */
  readonly failed: boolean;
  readonly critical: boolean;
}

export interface Layout {
  readonly count: number;
  /** The row of an entry; of a fold the first it stands for. */
  readonly row: Int32Array;
  /** Place in `folds`, or -1. */
  readonly fold: Int32Array;
  readonly level: Uint16Array;
  /** Place among its siblings, from 1, and how many there are. */
  readonly place: Int32Array;
  readonly siblings: Int32Array;
  /** 0: nothing under it, 1: closed, 2: open. */
  readonly opens: Uint8Array;
  /** The entry that shows a row: its own, or that of what it is folded into; -1: filtered away. */
  readonly entryOf: Int32Array;
  readonly folds: readonly Fold[];
  /** How many rows are filtered away. */
  readonly hidden: number;
}

export interface LayoutOptions {
  readonly closed: ReadonlySet<number>;
  readonly openFolds: ReadonlySet<string>;
  /** Fold repeated siblings. */
  readonly folding: boolean;
  readonly only: 'all' | 'critical' | 'failed';
  /** Rows the order of the columns says nothing of. */
  readonly late?: LateRows | undefined;
}

const failedBit = 1;
const criticalBit = 2;

/**
 *   L1  every row that is not filtered away has an entry, its own or that of the fold or closed row it lies in
 *   L2  an entry stands below that of its parent, siblings in the order of rows, late ones where they belong among them
 *   L3  what failed or is critical, or has such under it, is never folded together with what is not
 */
export function layOut(steps: Steps, { closed, openFolds, folding, only, late }: LayoutOptions): Layout {
  const n = steps.rows.count;
  const { head, next } = childrenOf(steps, late);
  // Folds and filters alone ask for them.
  const bits = folding || only !== 'all' ? marks(steps) : new Uint8Array(0);
  const wanted = only === 'critical' ? criticalBit : only === 'failed' ? failedBit : 0;
  // Room for every row at once: growing costs more than the zeros that are left over; only opened folds need more.
  let capacity = n + 64;
  let row = new Int32Array(capacity);
  let fold = new Int32Array(capacity);
  let level = new Uint16Array(capacity);
  let place = new Int32Array(capacity);
  let group = new Int32Array(capacity);
  let opens = new Uint8Array(capacity);
  const groupSizes: number[] = [];
  const folds: Fold[] = [];
  const entryOf = new Int32Array(n).fill(-1);
  let count = 0;

  const enter = (of: number, ofFold: number, depth: number, inGroup: number, opening: number): number => {
    if (count === capacity) {
      capacity *= 2;
      row = grown(row, capacity);
      fold = grown(fold, capacity);
      level = grown(level, capacity);
      place = grown(place, capacity);
      group = grown(group, capacity);
      opens = grown(opens, capacity);
    }
    row[count] = of;
    fold[count] = ofFold;
    level[count] = depth;
    group[count] = inGroup;
    place[count] = groupSizes[inGroup] = (groupSizes[inGroup] ?? 0) + 1;
    opens[count] = opening;
    return count++;
  };
  const passes = (of: number): boolean => wanted === 0 || ((bits[of] ?? 0) & wanted) !== 0;
  /** All that lies under a row is shown by `entry`. */
  const hide = (of: number, entry: number): void => {
    entryOf[of] = entry;
    if ((head[of + 1] ?? -1) < 0) return;
    const stack = [of];
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      entryOf[at] = entry;
      for (let child = head[at + 1] ?? -1; child >= 0; child = next[child] ?? -1) stack.push(child);
    }
  };
  const show = (of: number, depth: number, inGroup: number): void => {
    const children = head[of + 1] ?? -1;
    const shut = closed.has(of);
    const entry = enter(of, -1, depth, inGroup, children < 0 ? 0 : shut ? 1 : 2);
    if (shut) hide(of, entry);
    entryOf[of] = entry;
    if (!shut && children >= 0) list(of, depth + 1);
  };
  const list = (parent: number, depth: number): void => {
    const inGroup = groupSizes.push(0) - 1;
    const alike = folding ? alikeUnder(parent) : undefined;
    const done = new Set<number>();
    for (let child = head[parent + 1] ?? -1; child >= 0; child = next[child] ?? -1) {
      if (!passes(child)) continue;
      const key = alike === undefined ? 0 : keyOf(child);
      const rows = alike?.get(key);
      if (rows === undefined) show(child, depth, inGroup);
      else if (!done.has(key)) {
        done.add(key);
        showFold(`${parent}:${key}`, rows, depth, inGroup);
      }
    }
  };
  const keyOf = (of: number): number => ((steps.rows.type[of] ?? 0) * 64 + (steps.rows.status[of] ?? 0)) * 4 + (bits[of] ?? 0);
  /** Siblings of one name and outcome, where there are many. */
  const alikeUnder = (parent: number): Map<number, number[]> | undefined => {
    let children = 0;
    for (let child = head[parent + 1] ?? -1; child >= 0 && children <= mostAlike; child = next[child] ?? -1) children++;
    if (children <= mostAlike) return undefined;
    const byKey = new Map<number, number[]>();
    for (let child = head[parent + 1] ?? -1; child >= 0; child = next[child] ?? -1) {
      if (!passes(child)) continue;
      const key = keyOf(child);
      const rows = byKey.get(key);
      if (rows === undefined) byKey.set(key, [child]);
      else rows.push(child);
    }
    for (const [key, rows] of byKey) if (rows.length <= mostAlike) byKey.delete(key);
    return byKey.size === 0 ? undefined : byKey;
  };
  const showFold = (key: string, rows: readonly number[], depth: number, inGroup: number): void => {
    const first = rows[0] ?? 0;
    const open = openFolds.has(key);
    const under = bits[first] ?? 0;
    const [failed, critical] = [(under & failedBit) !== 0, (under & criticalBit) !== 0];
    const longest = longestOf(steps, rows);
    const at = folds.push({ key, rows, open, type: steps.rows.type[first] ?? 0, longest, failed, critical }) - 1;
    const entry = enter(first, at, depth, inGroup, open ? 2 : 1);
    if (open) {
      const within = groupSizes.push(0) - 1;
      for (const each of rows) show(each, depth + 1, within);
    } else for (const each of rows) hide(each, entry);
  };
  list(-1, 0);

  let hidden = 0;
  for (let at = 0; at < n; at++) if (entryOf[at] === -1) hidden++;
  const siblings = new Int32Array(count);
  for (let entry = 0; entry < count; entry++) siblings[entry] = groupSizes[group[entry] ?? 0] ?? 0;
  return { count, row, fold, level, place, siblings, opens, entryOf, folds, hidden };
}

/** `head[parent + 1]` is the first child, `next` the sibling after. */
function childrenOf({ rows }: Steps, late?: LateRows): { head: Int32Array; next: Int32Array } {
  const head = new Int32Array(rows.count + 1).fill(-1);
  const next = new Int32Array(rows.count).fill(-1);
  const isLate = late !== undefined && late.size > 0;
  for (let row = rows.count - 1; row >= 0; row--) {
    if (isLate && late.has(row)) continue;
    const parent = rows.parent[row] ?? -1;
    next[row] = head[parent + 1] ?? -1;
    head[parent + 1] = row;
  }
  if (!isLate) return { head, next };
  // Late ones come in order, so that of each family one goes on where the one before it was put.
  const last = new Int32Array(rows.count + 1).fill(-1);
  for (const row of late.sorted()) {
    const family = (rows.parent[row] ?? -1) + 1;
    let at = last[family] ?? -1;
    for (;;) {
      const then = at < 0 ? (head[family] ?? -1) : (next[at] ?? -1);
      if (then < 0 || late.before(row, then)) break;
      at = then;
    }
    next[row] = at < 0 ? (head[family] ?? -1) : (next[at] ?? -1);
    if (at < 0) head[family] = row;
    else next[at] = row;
    last[family] = row;
  }
  return { head, next };
}

/** What is true of a row or of anything under it. */
function marks({ rows, statuses, folds }: Steps): Uint8Array {
  const failed = statuses.map((status) => (hasFailed(status) ? failedBit : 0));
  const bits = new Uint8Array(rows.count);
  for (let row = rows.count - 1; row >= 0; row--) {
    let own = (bits[row] ?? 0) | (failed[rows.status[row] ?? 0] ?? 0) | (rows.critical[row] === 1 ? criticalBit : 0);
    const fold = folds.get(row);
    if (fold !== undefined) own |= (fold.failed > 0 ? failedBit : 0) | (fold.critical > 0 ? criticalBit : 0);
    bits[row] = own;
    // A parent that came after what lies under it is reached by climbing.
    for (let up = rows.parent[row] ?? -1; up >= 0; up = rows.parent[up] ?? -1) {
      if (((bits[up] ?? 0) & own) === own) break;
      bits[up] = (bits[up] ?? 0) | own;
      if (up < row) break;
    }
  }
  return bits;
}

function longestOf({ rows }: Steps, of: readonly number[]): number {
  let [longest, most] = [of[0] ?? 0, -Infinity];
  for (const row of of) {
    const took = (rows.last[row] ?? 0) - (rows.first[row] ?? 0);
    if (took > most) [longest, most] = [row, took];
  }
  return longest;
}

function grown<A extends Int32Array | Uint16Array | Uint8Array>(array: A, capacity: number): A {
  const larger = new (array.constructor as new (length: number) => A)(capacity);
  larger.set(array);
  return larger;
}
