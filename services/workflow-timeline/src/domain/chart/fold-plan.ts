import type { Chart } from './chart.ts';
import type { Inside } from './chart-window.ts';

/** Which row is drawn as what: itself, or as part of a fold, a row that stands for several. */
export interface FoldPlan {
  /** By row of the chart the drawn row it is part of; -1 where it is not in the window. */
  readonly drawnAs: Int32Array;
  /** By drawn row the first row of the chart it stands for. */
  readonly first: Int32Array;
  /** By drawn row how many steps it stands for, those below included; 0 where it is a row of its own. */
  readonly steps: Int32Array;
}

/**
 * Folds rows until at most `maxRows` are left. O(rows · log rows).
 *
 * Level by level, children under one parent are shown one by one if the rest of the budget allows it; else those of one kind and
 * name template are folded into one row together with all below them, and failed and critical ones stay rows of their own if
 * that fits; else all of them are one row. Where little is under a parent it is shown first.
 *
 *   F1  at most maxRows rows are drawn
 *   F2  every row in the window is part of exactly one drawn row, and no fold holds steps of two parents
 *   F3  drawn rows are in the order of the chart, parents before what is under them
 */
export function planFolds(chart: Chart, inside: Inside, special: Uint8Array, maxRows: number): FoldPlan {
  const { rowCount, rows } = chart;
  const foldOf = new Int32Array(rowCount).fill(unset);
  const levels = byDepth(chart, inside);
  const hasChildren = new Uint8Array(rowCount);
  for (let row = 0; row < rowCount; row++) {
    const parent = rows.parent[row] ?? -1;
    if (inside.rows[row] === 1 && parent >= 0) hasChildren[parent] = 1;
  }
  let left = maxRows;
  for (const level of levels) {
    const families = familiesOf(chart, level, foldOf, hasChildren, special);
    // One row is kept back for each: the worst that can come.
    left -= families.length;
    families.forEach((family) => (family.cost = 1));
    for (const way of ['by type', 'by type, specials apart', 'apart'] as const) {
      for (const family of families.toSorted((a, b) => a.costs[way] - b.costs[way])) {
        const more = family.costs[way] - family.cost;
        if (more > left || family.way === 'apart') continue;
        left -= more;
        family.cost = family.costs[way];
        family.way = way;
      }
    }
    for (const family of families) {
      left += keptBack(family, hasChildren, special);
      settle(family, foldOf, special);
    }
  }
  return drawn(chart, inside, foldOf);
}

const unset = -2;
const itself = -1;

interface Family {
  readonly members: readonly number[];
  readonly types: ReadonlyMap<string, readonly number[]>;
  readonly costs: Readonly<Record<Exclude<Way, 'one'>, number>>;
  cost: number;
  way: Way;
}
type Way = 'one' | 'by type' | 'by type, specials apart' | 'apart';

/** The children of each parent that is shown itself. What lies under a fold is part of it. */
function familiesOf(chart: Chart, level: Int32Array, foldOf: Int32Array, hasChildren: Uint8Array, special: Uint8Array): Family[] {
  const { rows } = chart;
  const byParent = new Map<number, number[]>();
  for (const row of level) {
    const parent = rows.parent[row] ?? -1;
    const fold = parent < 0 ? itself : (foldOf[parent] ?? unset);
    if (fold !== itself) foldOf[row] = fold;
    else {
      const known = byParent.get(parent);
      if (known === undefined) byParent.set(parent, [row]);
      else known.push(row);
    }
  }
  // A row shown by itself needs one more for what is under it.
  const price = (row: number): number => 1 + (hasChildren[row] ?? 0);
  return [...byParent.values()].map((members): Family => {
    const types = new Map<string, number[]>();
    for (const row of members) {
      const type = typeOf(chart, row);
      const known = types.get(type);
      if (known === undefined) types.set(type, [row]);
      else known.push(row);
    }
    let byType = 0;
    let specialsApart = 0;
    for (const ofType of types.values()) {
      const [only] = ofType;
      byType += ofType.length === 1 && only !== undefined ? price(only) : 1;
      const ordinary = ofType.filter((row) => special[row] === 0);
      const [one] = ordinary;
      specialsApart += ofType.reduce((sum, row) => sum + (special[row] === 1 ? price(row) : 0), 0);
      specialsApart += ordinary.length === 1 && one !== undefined ? price(one) : Math.min(ordinary.length, 1);
    }
    const apart = members.reduce((sum, row) => sum + price(row), 0);
    return {
      members,
      types,
      costs: { 'by type': byType, 'by type, specials apart': specialsApart, apart },
      cost: 0,
      way: 'one',
    };
  });
}

/** Steps of one kind whose names differ in a number at most. */
function typeOf({ rows }: Chart, row: number): string {
  const name = rows.nameTemplate[row] ?? -1;
  return `${rows.kind[row] ?? 0} ${name === -1 ? (rows.idTemplate[row] ?? 0) : name}`;
}

/** What was paid for the rows under those shown: the next level pays it again. */
function keptBack(family: Family, hasChildren: Uint8Array, special: Uint8Array): number {
  let rows = 0;
  for (const row of shownApart(family, special)) rows += hasChildren[row] ?? 0;
  return rows;
}

/** The rows of a family that are drawn as themselves. */
function shownApart({ way, members, types }: Family, special: Uint8Array): readonly number[] {
  if (way === 'one') return [];
  if (way === 'apart') return members;
  return [...types.values()].flatMap((ofType) => {
    if (way === 'by type') return ofType.length === 1 ? ofType : [];
    const ordinary = ofType.filter((row) => special[row] === 0);
    return ordinary.length === 1 ? ofType : ofType.filter((row) => special[row] === 1);
  });
}

function settle(family: Family, foldOf: Int32Array, special: Uint8Array): void {
  for (const row of shownApart(family, special)) foldOf[row] = itself;
  const groups = family.way === 'one' ? [family.members] : [...family.types.values()];
  for (const group of groups) {
    const folded = group.filter((row) => foldOf[row] === unset);
    const [first] = folded;
    for (const row of folded) foldOf[row] = first ?? row;
  }
}

function byDepth(chart: Chart, inside: Inside): Int32Array[] {
  const { depth } = chart.rows;
  const counts: number[] = [];
  for (let row = 0; row < chart.rowCount; row++) {
    if (inside.rows[row] === 1) counts[depth[row] ?? 0] = (counts[depth[row] ?? 0] ?? 0) + 1;
  }
  const levels = Array.from(counts, (count) => new Int32Array(count));
  const next = new Int32Array(levels.length);
  for (let row = 0; row < chart.rowCount; row++) {
    if (inside.rows[row] === 0) continue;
    const level = depth[row] ?? 0;
    const at = next[level] ?? 0;
    const rows = levels[level];
    if (rows !== undefined) rows[at] = row;
    next[level] = at + 1;
  }
  return levels;
}

function drawn(chart: Chart, inside: Inside, foldOf: Int32Array): FoldPlan {
  const drawnAs = new Int32Array(chart.rowCount).fill(-1);
  const first: number[] = [];
  const steps: number[] = [];
  for (let row = 0; row < chart.rowCount; row++) {
    if (inside.rows[row] === 0) continue;
    const fold = foldOf[row] ?? itself;
    if (fold === itself || fold === row) {
      drawnAs[row] = first.push(row) - 1;
      steps.push(fold === itself ? 0 : 1);
    } else {
      const at = drawnAs[fold] ?? -1;
      drawnAs[row] = at;
      steps[at] = (steps[at] ?? 0) + 1;
    }
  }
  return { drawnAs, first: Int32Array.from(first), steps: Int32Array.from(steps) };
}
