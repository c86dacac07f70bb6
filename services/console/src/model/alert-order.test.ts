import { type AlertGroup, readGroup } from './alert-group.ts';
import { heldOrder, keepSame } from './alert-order.ts';

const group = (id: string, alertCount = 1): AlertGroup => readGroup({ id, alertCount, labels: { alertname: id } });
const ids = (groups: readonly AlertGroup[]): string[] => groups.map(({ id, gone }) => (gone === true ? `${id} gone` : id));

test('while something is looked at, rows are written anew where they are and new ones wait', () => {
  const held = heldOrder([group('a'), group('b')], [group('new'), group('b', 5), group('a')]);
  expect(ids(held.shown)).toEqual(['a', 'b']);
  expect(held.shown[1]?.alertCount).toBe(5);
  expect(held).toMatchObject({ fresh: 1, moved: true });
});

test('a group that ended stays in its place, marked, and is itself again when it comes back', () => {
  const ended = heldOrder([group('a'), group('b')], [group('b')]);
  expect(ids(ended.shown)).toEqual(['a gone', 'b']);
  expect(ended.moved).toBe(false);
  expect(ids(heldOrder(ended.shown, [group('b'), group('a')]).shown)).toEqual(['a', 'b']);
});

test('groups that did not change are the objects they were, so that nothing of them is drawn again', () => {
  const before = [group('a'), group('b')];
  const after = keepSame(before, [group('b', 2), group('a')]);
  expect(after[1]).toBe(before[0]);
  expect(after[0]).not.toBe(before[1]);
  expect(after[0]?.alertCount).toBe(2);
});
