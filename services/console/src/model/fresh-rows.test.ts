import { readExecution } from './execution.ts';
import { appendRows, mergeRows, unseenRows, updateRows, withoutRow } from './fresh-rows.ts';

const row = (id: string, startedAtNs: number | undefined, revision = 1) =>
  readExecution({ id, revision: String(revision), ...(startedAtNs !== undefined && { startedAtNs: String(startedAtNs) }) }, 0);
const ids = (rows: readonly { id: string }[]): string => rows.map(({ id }) => id).join('');
const list = [row('c', 30), row('b', 20, 5), row('a', 10)];

test('F1: a change replaces its row where it stands; others only make it known that there are some', () => {
  const { list: next, others } = updateRows(list, [row('b', 99, 6), row('x', 40)]);
  expect([ids(next), next[1]!.startedAtNs, others]).toEqual(['cba', 99n, true]);
  expect(updateRows(list, [row('a', 10, 2)]).others).toBe(false);
});

test('F2: an older revision never replaces a newer one, and nothing new is the same list', () => {
  expect(updateRows(list, [row('b', 1, 4)]).list).toBe(list);
});

test('new rows are those not shown, and come in at their places, once', () => {
  expect(ids(unseenRows(list, [row('e', 50), row('c', 30), row('d', 25)]))).toBe('ed');
  expect(ids(mergeRows(list, [row('p', undefined), row('e', 50), row('d', 25), row('z', 1), row('c', 30)]))).toBe('pecdbaz');
});

test('a further page leaves out what came meanwhile', () => {
  expect(ids(appendRows(list, [row('a', 10), row('y', 5)]))).toBe('cbay');
});

test('one that was deleted leaves the list, and a list it was not in stays the same one', () => {
  expect(ids(withoutRow(list, 'b'))).toBe('ca');
  expect(withoutRow(list, 'x')).toBe(list);
});
