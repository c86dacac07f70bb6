import { extentOf, mergeRows, orderRows } from './rows.ts';
import { readRow, type Row } from './timeline.ts';

const row = (stepKey: string, startNs: number | undefined, parentStepKey = ''): Row =>
  readRow(
    { stepKey, parentStepKey, attempts: startNs === undefined ? [] : [{ startNs: String(startNs), endNs: String(startNs + 5) }] },
    0n,
  );
const keys = (rows: readonly Row[]): string[] => rows.map(({ stepKey }) => stepKey);

test('rows lie under their parents, siblings by when they began, planned ones last', () => {
  const rows = [row('late', 50), row('planned', undefined), row('b', 30, 'top'), row('a', 20, 'top'), row('top', 10)];
  expect(keys(orderRows(rows))).toEqual(['top', 'a', 'b', 'late', 'planned']);
});

test('a row whose parent is not there stands at the top', () => {
  expect(keys(orderRows([row('b', 20, 'gone'), row('a', 10)]))).toEqual(['a', 'b']);
});

test('rows that lie under each other are shown once all the same', () => {
  expect(keys(orderRows([row('x', 1, 'y'), row('y', 2, 'x'), row('self', 3, 'self')])).toSorted()).toEqual(['self', 'x', 'y']);
});

test('a changed row takes the place of the former one, a new one joins, and the order is that of a reload', () => {
  const changed = [row('b', 5), row('c', 7)];
  const merged = mergeRows([row('a', 10), row('b', 20)], changed);
  expect(keys(merged)).toEqual(['b', 'c', 'a']);
  expect(merged).toEqual(orderRows([row('a', 10), ...changed]));
});

test('ten thousand rows are ordered at once', () => {
  const rows = Array.from({ length: 10_000 }, (_, at) =>
    row(`s${String(at)}`, 10_000 - at, at % 10 === 0 ? '' : `s${String(at - (at % 10))}`),
  );
  const ordered = orderRows(rows);
  expect(ordered).toHaveLength(10_000);
  expect(keys(ordered.slice(0, 3))).toEqual(['s9990', 's9999', 's9998']);
});

test('the extent runs from the first known instant to the last, waits included', () => {
  const waiting = readRow(
    { stepKey: 'w', attempts: [{ readyNs: '40', waits: [{ kind: 'queue', fromNs: '45', toNs: '90' }] }] },
    0n,
  );
  expect(extentOf([row('a', 10), waiting])).toEqual({ fromNs: 10, toNs: 90 });
  expect(extentOf([row('a', undefined)])).toBeUndefined();
});
