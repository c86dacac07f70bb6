// The columns a list of executions may have.

export const columnIds = [
  'state',
  'name',
  'workflow',
  'version',
  'started',
  'duration',
  'eta',
  'steps',
  'picture',
  'id',
  'parent',
  'error',
  'origin',
] as const;
export type ColumnId = (typeof columnIds)[number];

/** How a list may be sorted; `-` is the greatest first. */
export const sorts = ['-startedAt', 'startedAt', '-duration', 'duration', '-changed'] as const;
export type Sort = (typeof sorts)[number];

export interface Column {
  title: string;
  /** By which its rows can be sorted: what has an index. */
  sort?: 'startedAt' | 'duration';
  number?: boolean;
}

export const columns: Readonly<Record<ColumnId, Column>> = {
  state: { title: 'State' },
  name: { title: 'Execution' },
  workflow: { title: 'Workflow' },
  version: { title: 'Version' },
  started: { title: 'Started', sort: 'startedAt' },
  duration: { title: 'Duration', sort: 'duration', number: true },
  eta: { title: 'Left' },
  steps: { title: 'Steps', number: true },
  picture: { title: 'Picture' },
  id: { title: 'Id' },
  parent: { title: 'Started by' },
  error: { title: 'Error' },
  origin: { title: 'Imported from' },
};

export const defaultColumns: readonly ColumnId[] = [
  'state',
  'name',
  'workflow',
  'started',
  'duration',
  'eta',
  'steps',
  'picture',
];

/** Those shown, in order: what an execution is and how it is are always there. */
export function shownColumns(chosen: readonly ColumnId[]): readonly ColumnId[] {
  if (chosen.length === 0) return defaultColumns;
  return [...new Set<ColumnId>([...chosen, 'state', 'name'])];
}

/** How wide the page is: a phone has cards, a tablet the columns that say most. */
export type Room = 'wide' | 'medium' | 'narrow';

const medium: readonly ColumnId[] = ['state', 'name', 'workflow', 'started', 'duration', 'steps'];

/** The columns there is room for. */
export function columnsFor(shown: readonly ColumnId[], room: Room): readonly ColumnId[] {
  if (room === 'wide') return shown;
  return shown.filter((id) => (room === 'narrow' ? id === 'state' || id === 'name' : medium.includes(id)));
}

/** The choice with a column more or less; the defaults say nothing. */
export function toggled(shown: readonly ColumnId[], id: ColumnId): ColumnId[] {
  const next = shown.includes(id) ? shown.filter((each) => each !== id) : [...shown, id];
  return next.join() === defaultColumns.join() ? [] : [...next];
}

/** The choice with a column one place to the left or right. */
export function moved(shown: readonly ColumnId[], id: ColumnId, by: -1 | 1): ColumnId[] {
  const next = [...shown];
  const at = next.indexOf(id);
  const other = next[at + by];
  if (at < 0 || other === undefined) return next;
  [next[at], next[at + by]] = [other, id];
  return next.join() === defaultColumns.join() ? [] : next;
}

/** How a click on a column's head sorts: first the greatest, then the least. */
export function sortedBy(column: Column, now: Sort): Sort {
  if (column.sort === undefined) return now;
  return now === `-${column.sort}` ? column.sort : `-${column.sort}`;
}

export const ariaSort = (column: Column, now: Sort): 'ascending' | 'descending' | 'none' | undefined =>
  column.sort === undefined ? undefined : now === column.sort ? 'ascending' : now === `-${column.sort}` ? 'descending' : 'none';
