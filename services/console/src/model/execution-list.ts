import type { Execution } from './execution.ts';

export interface ListFilter {
  /** Part of an id, a name or a workflow's name, in any case. */
  q: string;
  /** A status, or empty for all. */
  status: string;
}

/** Whether a new execution belongs to the list that is shown. */
export function matches(execution: Execution, { q, status }: ListFilter): boolean {
  if (status !== '' && execution.status !== status) return false;
  const part = q.trim().toLowerCase();
  return part === '' || [execution.id, execution.name, execution.workflow].some((text) => text.toLowerCase().includes(part));
}

/**
 * The list after news from the stream, newest first.
 *
 *   L1  an execution already shown is replaced where it stands, even if the filter would not let it in now: nothing moves under the eye
 *   L2  an older revision never replaces a newer one
 *   L3  a new one enters at its place if the filter lets it in; below the last loaded page only when there is no further page to load
 */
export function mergeIntoList(
  list: readonly Execution[],
  news: readonly Execution[],
  filter: ListFilter,
  more: boolean,
): Execution[] {
  const known = new Map(list.map((each) => [each.id, each]));
  const oldest = list.at(-1);
  const entering = new Map<string, Execution>();
  for (const each of news) {
    const shown = known.get(each.id) ?? entering.get(each.id);
    if (shown !== undefined && shown.revision > each.revision) continue;
    if (known.has(each.id)) known.set(each.id, each);
    else if (matches(each, filter) && !(more && oldest !== undefined && newestFirst(oldest, each) < 0))
      entering.set(each.id, each);
  }
  const merged = list.map((each) => known.get(each.id) ?? each);
  for (const each of entering.values()) {
    const at = merged.findIndex((other) => newestFirst(each, other) < 0);
    merged.splice(at < 0 ? merged.length : at, 0, each);
  }
  return merged;
}

/** Appends a further page, leaving out what the stream has brought meanwhile. */
export function appendPage(list: readonly Execution[], page: readonly Execution[]): Execution[] {
  const known = new Set(list.map((each) => each.id));
  return [...list, ...page.filter((each) => !known.has(each.id))];
}

/** Not begun counts as newest: it is yet to come. */
function newestFirst(a: Execution, b: Execution): number {
  if (a.startedAtNs === b.startedAtNs) return 0;
  if (a.startedAtNs === undefined) return -1;
  if (b.startedAtNs === undefined) return 1;
  return a.startedAtNs > b.startedAtNs ? -1 : 1;
}
