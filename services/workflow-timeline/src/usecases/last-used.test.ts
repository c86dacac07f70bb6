import { openLastUsed } from './last-used.ts';

test('what was used longest ago goes first, and what alone is too large does not come', () => {
  const kept = openLastUsed<string>(10);
  kept.put(1n, 'a', 4);
  kept.put(2n, 'b', 4);
  expect(kept.get(1n)).toBe('a');
  kept.put(3n, 'c', 4);
  expect([kept.get(1n), kept.get(2n), kept.get(3n)]).toEqual(['a', undefined, 'c']);
  kept.put(3n, 'larger', 11);
  expect([kept.get(1n), kept.get(3n)]).toEqual(['a', undefined]);
  kept.put(1n, 'again', 10);
  expect(kept.get(1n)).toBe('again');
});
