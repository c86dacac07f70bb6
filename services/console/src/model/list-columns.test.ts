import { ariaSort, columns, columnsFor, defaultColumns, moved, shownColumns, sortedBy, toggled } from './list-columns.ts';

test('what an execution is and how it is are always shown', () => {
  expect(shownColumns([])).toBe(defaultColumns);
  expect(shownColumns(['id', 'name'])).toEqual(['id', 'name', 'state']);
});

test('columns are chosen and ordered; the defaults need no words in the address', () => {
  expect(toggled(defaultColumns, 'id')).toEqual([...defaultColumns, 'id']);
  expect(toggled([...defaultColumns, 'id'], 'id')).toEqual([]);
  expect(moved(['state', 'name', 'id'], 'id', -1)).toEqual(['state', 'id', 'name']);
  expect(moved(['state', 'name'], 'state', -1)).toEqual(['state', 'name']);
});

test('a head sorts by the greatest first, then by the least; only what has an order says so', () => {
  expect(sortedBy(columns.duration, '-startedAt')).toBe('-duration');
  expect(sortedBy(columns.duration, '-duration')).toBe('duration');
  expect([
    ariaSort(columns.started, '-startedAt'),
    ariaSort(columns.duration, 'duration'),
    ariaSort(columns.duration, '-changed'),
  ]).toEqual(['descending', 'ascending', 'none']);
  expect(ariaSort(columns.name, '-startedAt')).toBeUndefined();
});

test('a phone shows the state and a card, a tablet the columns that say most, in the order chosen', () => {
  expect(columnsFor(['id', 'name', 'state'], 'narrow')).toEqual(['name', 'state']);
  expect(columnsFor(['id', 'duration', 'name', 'state'], 'medium')).toEqual(['duration', 'name', 'state']);
  expect(columnsFor(defaultColumns, 'wide')).toBe(defaultColumns);
});
