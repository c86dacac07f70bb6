import { formatAge, liveWords } from './live-words.ts';

test('a short loss is a reconnection, a longer one says how old the data is', () => {
  expect(liveWords('reconnecting', 3_000)).toMatchObject({ word: 'Reconnecting', age: '' });
  expect(liveWords('reconnecting', 14_900)).toMatchObject({ word: 'Stale', age: '(14 s)' });
});

test('what is asked for now and then is as old as the last answer', () => {
  expect(liveWords('polling', 4_000)).toMatchObject({ word: 'Stale', age: '(4 s)' });
});

test('the word stays while the age grows, so that screen readers hear it once', () => {
  expect(new Set([10, 20, 300].map((seconds) => liveWords('reconnecting', seconds * 1_000).word)).size).toBe(1);
});

test('following, paused and finished are three things', () => {
  expect((['live', 'paused', 'ended'] as const).map((state) => liveWords(state, 60_000).word)).toEqual([
    'Live',
    'Paused',
    'Complete',
  ]);
});

test.each([
  [0, '0 s'],
  [119_999, '119 s'],
  [120_000, '2 min'],
  [7_200_000, '2 h'],
  [-5, '0 s'],
])('%j ms are %s', (ms, words) => {
  expect(formatAge(ms)).toBe(words);
});
