import { appendPage, matches, mergeIntoList } from './execution-list.ts';
import { type Execution, readExecution } from './execution.ts';

const all = { q: '', status: '' };
const run = (id: string, startedAt: number, more: Partial<Execution> = {}): Execution => ({
  ...readExecution({ id, status: 'running', startedAtNs: String(startedAt), revision: '5' }, 0),
  ...more,
});
const ids = (list: readonly Execution[]): string[] => list.map(({ id }) => id);

test('a new execution enters on top', () => {
  expect(ids(mergeIntoList([run('b', 20), run('a', 10)], [run('c', 30)], all, true))).toEqual(['c', 'b', 'a']);
});

test('one that began earlier than the newest enters at its place', () => {
  expect(ids(mergeIntoList([run('c', 30), run('a', 10)], [run('b', 20)], all, true))).toEqual(['c', 'b', 'a']);
});

test('one older than the last loaded page waits for that page, unless there is none', () => {
  expect(ids(mergeIntoList([run('b', 20)], [run('a', 10)], all, true))).toEqual(['b']);
  expect(ids(mergeIntoList([run('b', 20)], [run('a', 10)], all, false))).toEqual(['b', 'a']);
});

test('a change keeps its row where it is, even when the filter no longer lets it in', () => {
  const merged = mergeIntoList(
    [run('b', 20), run('a', 10)],
    [run('a', 10, { status: 'failed' })],
    { q: '', status: 'running' },
    false,
  );
  expect(merged.map(({ id, status }) => [id, status])).toEqual([
    ['b', 'running'],
    ['a', 'failed'],
  ]);
});

test('news that came late changes nothing', () => {
  const shown = run('a', 10, { status: 'completed', revision: 9n });
  expect(mergeIntoList([shown], [run('a', 10, { revision: 8n })], all, false)).toEqual([shown]);
});

test('what the filter does not let in stays out', () => {
  expect(mergeIntoList([], [run('a', 10)], { q: 'x', status: '' }, false)).toEqual([]);
  expect(mergeIntoList([], [run('a', 10)], { q: '', status: 'failed' }, false)).toEqual([]);
});

test('the filter finds parts of the id, the name and the workflow, in any case', () => {
  const execution = { ...run('Run-42', 1), name: 'Nightly report', workflow: 'etl' };
  for (const q of ['run-4', 'NIGHTLY', ' etl ']) expect(matches(execution, { q, status: '' })).toBe(true);
  expect(matches(execution, { q: 'daily', status: '' })).toBe(false);
});

test('a further page does not repeat what the stream brought', () => {
  expect(ids(appendPage([run('b', 20), run('a', 10)], [run('a', 10), run('z', 5)]))).toEqual(['b', 'a', 'z']);
});
