// What is under the eye keeps its place while the server goes on: rows are written anew where they are, new ones wait.
import type { AlertGroup } from './alert-group.ts';

export interface HeldGroups {
  /** In the order that is shown, those that ended marked. */
  readonly shown: readonly AlertGroup[];
  /** New ones that are not shown. */
  readonly fresh: number;
  /** The order of the server is another one. */
  readonly moved: boolean;
}

/** What to show of `next` while `shown` keeps its order. */
export function heldOrder(shown: readonly AlertGroup[], next: readonly AlertGroup[]): HeldGroups {
  const now = new Map(next.map((group) => [group.id, group]));
  const before = new Set(shown.map(({ id }) => id));
  const kept = shown.map((group) => now.get(group.id) ?? (group.gone === true ? group : { ...group, gone: true }));
  const order = next.filter(({ id }) => before.has(id)).map(({ id }) => id);
  const here = shown.filter(({ id }) => now.has(id)).map(({ id }) => id);
  const fresh = next.filter(({ id }) => !before.has(id)).length;
  return { shown: kept, fresh, moved: here.some((id, at) => id !== order[at]) };
}

/** The same groups, but each that did not change as the object it was, so that it need not be drawn anew. */
export function keepSame(before: readonly AlertGroup[], next: readonly AlertGroup[]): readonly AlertGroup[] {
  const known = new Map(before.map((group) => [group.id, group]));
  return next.map((group) => {
    const same = known.get(group.id);
    return same !== undefined && isEqual(same, group) ? same : group;
  });
}

function isEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const [mine, theirs] = [Object.entries(a), b as Record<string, unknown>];
  return mine.length === Object.keys(b).length && mine.every(([name, value]) => isEqual(value, theirs[name]));
}
