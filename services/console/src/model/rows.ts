import { firstInstant, lastInstant, type Row } from './timeline.ts';

/** The rows after a change of the stream: each row is whole, so it replaces the one of its key. */
export function mergeRows(rows: readonly Row[], changed: readonly Row[]): Row[] {
  const byKey = new Map(rows.map((row) => [row.stepKey, row]));
  for (const row of changed) byKey.set(row.stepKey, row);
  return orderRows([...byKey.values()]);
}

/**
 * The rows as a tree from top to bottom: below each row what lies under it, siblings by their first instant, those only planned last.
 *
 *   R1  every row comes exactly once, also one whose parent is unknown (it stands at the top) or that is its own ancestor
 *   R2  siblings of the same instant keep their order
 *   R3  the order depends on the rows alone, so a stream and a reload show the same
 */
export function orderRows(rows: readonly Row[]): Row[] {
  const keys = new Set(rows.map((row) => row.stepKey));
  const below = new Map<string, Row[]>();
  for (const row of rows) {
    const parent = row.parentStepKey !== row.stepKey && keys.has(row.parentStepKey) ? row.parentStepKey : '';
    const siblings = below.get(parent);
    if (siblings === undefined) below.set(parent, [row]);
    else siblings.push(row);
  }
  for (const siblings of below.values()) sortByFirstInstant(siblings);
  const ordered: Row[] = [];
  const seen = new Set<string>();
  const stack = (below.get('') ?? []).toReversed();
  for (let row = stack.pop(); row !== undefined; row = stack.pop()) {
    if (seen.has(row.stepKey)) continue;
    seen.add(row.stepKey);
    ordered.push(row);
    stack.push(...(below.get(row.stepKey) ?? []).toReversed());
  }
  return ordered.length === rows.length ? ordered : [...ordered, ...rows.filter((row) => !seen.has(row.stepKey))];
}

function sortByFirstInstant(rows: Row[]): void {
  const first = new Map(rows.map((row) => [row, firstInstant(row)]));
  rows.sort((a, b) => {
    const [x, y] = [first.get(a) ?? Infinity, first.get(b) ?? Infinity];
    return x === y ? 0 : x - y;
  });
}

/** From the first known instant of any row to the last; undefined when no row has any. */
export function extentOf(rows: readonly Row[]): { fromNs: number; toNs: number } | undefined {
  let [fromNs, toNs] = [Infinity, -Infinity];
  for (const row of rows) {
    fromNs = Math.min(fromNs, firstInstant(row));
    toNs = Math.max(toNs, lastInstant(row));
  }
  return fromNs <= toNs ? { fromNs, toNs } : undefined;
}
