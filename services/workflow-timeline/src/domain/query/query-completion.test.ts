import { fixedCompletions, keyCompletions, unfinishedAt } from './query-completion.ts';

/** The query with | for the cursor. */
const at = (marked: string) => {
  const q = marked.replace('|', '');
  const found = unfinishedAt(q, marked.indexOf('|'));
  return [found.of === 'key' ? 'key' : found.key, found.prefix, q.slice(found.place.start, found.place.end)];
};

test.each([
  ['|', 'key', '', ''],
  ['sta|', 'key', 'sta', 'sta'],
  ['-sta|', 'key', 'sta', 'sta'],
  ['x |', 'key', '', ''],
  ['status:|', 'status', '', ''],
  ['status:failed,ti|', 'status', 'ti', 'ti'],
  ['workflow:"night ba|', 'workflow', 'night ba', '"night ba'],
  ['workflow:ni|ghtly x', 'workflow', 'ni', 'ni'],
])('%s: what is being written is known', (marked, key, prefix, replaced) => {
  expect(at(marked)).toEqual([key, prefix, replaced]);
});

test('keys and fixed values are offered by their beginning', () => {
  expect(keyCompletions('st').map(({ text }) => text)).toEqual(['status:', 'started:', 'steps:']);
  expect(fixedCompletions('status', 'f')).toEqual([{ text: 'failed', note: '' }]);
  expect(fixedCompletions('duration', '>3')).toEqual([{ text: '>30s', note: 'longer than 30 s' }]);
  expect(fixedCompletions('workflow', '')).toBeUndefined();
});
