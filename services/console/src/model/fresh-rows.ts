// A list that changes on the server while someone reads it: what stands stays where it stands, what is new waits.
import type { Execution } from './execution.ts';

/**
 * The list with rows that changed.
 *
 *   F1  no row moves, comes or goes
 *   F2  an older revision never replaces a newer one
 *
 * @returns the list, the same one if nothing changed, and whether there was news of others
 */
export function updateRows(
  list: readonly Execution[],
  news: readonly Execution[],
): { list: readonly Execution[]; others: boolean } {
  const byId = new Map(news.map((each) => [each.id, each]));
  const next = list.map((row) => {
    const fresh = byId.get(row.id);
    byId.delete(row.id);
    if (fresh === undefined || fresh.revision < row.revision) return row;
    return fresh;
  });
  const changed = next.some((row, at) => row !== list[at]);
  return { list: changed ? next : list, others: byId.size > 0 };
}

/** Rows of the head of the list as the server has it that are not shown yet. */
export function unseenRows(list: readonly Execution[], head: readonly Execution[]): Execution[] {
  const known = new Set(list.map(({ id }) => id));
  return head.filter(({ id }) => !known.has(id));
}

/** The list with new rows at their places, which are before the first that begins earlier. Not begun counts as newest. */
export function mergeRows(list: readonly Execution[], fresh: readonly Execution[]): Execution[] {
  const known = new Set(list.map(({ id }) => id));
  const next = [...list];
  for (const row of fresh.toReversed()) {
    if (known.has(row.id)) continue;
    const at = next.findIndex((other) => !isNewer(other, row));
    next.splice(at < 0 ? next.length : at, 0, row);
  }
  return next;
}

function isNewer(a: Execution, b: Execution): boolean {
  if (a.startedAtNs === undefined || b.startedAtNs === undefined)
    return a.startedAtNs === undefined && b.startedAtNs !== undefined;
  return a.startedAtNs > b.startedAtNs;
}

/** The list without an execution that is gone; the same list if it was not in it. */
export const withoutRow = (list: readonly Execution[], id: string): readonly Execution[] =>
  list.some((row) => row.id === id) ? list.filter((row) => row.id !== id) : list;

/** Appends a further page, leaving out what is there already. */
export function appendRows(list: readonly Execution[], page: readonly Execution[]): Execution[] {
  const known = new Set(list.map(({ id }) => id));
  return [...list, ...page.filter(({ id }) => !known.has(id))];
}
