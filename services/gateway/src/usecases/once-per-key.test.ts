import { manualClock } from '@tmws/testkit';
import { oncePerKey } from './once-per-key.ts';

function counting() {
  const clock = manualClock(0);
  const once = oncePerKey<number>({ nowMs: () => clock.now() }, 1000, 3);
  let count = 0;
  return { clock, once, work: () => Promise.resolve(++count) };
}

test('K1 the same key and request again gets the first answer, also while it is being made', async () => {
  const { once, work } = counting();
  expect(await Promise.all([once('k', 'r', work), once('k', 'r', work)])).toEqual([1, 1]);
  expect(await once('k', 'r', work)).toBe(1);
  expect(await once('other', 'r', work)).toBe(2);
});

test('K2 a failure is not kept', async () => {
  const { once, work } = counting();
  await expect(once('k', 'r', () => Promise.reject(new Error('away')))).rejects.toThrow('away');
  expect(await once('k', 'r', work)).toBe(1);
});

test('K3 the same key with another request is refused', async () => {
  const { once, work } = counting();
  await once('k', 'r', work);
  expect(() => once('k', 'other', work)).toThrow('this Idempotency-Key was used for another request; use a new one');
});

test('a key is forgotten when its time is over or newer ones need its place', async () => {
  const { clock, once, work } = counting();
  await once('k', 'r', work);
  clock.advance(999);
  expect(await once('k', 'r', work)).toBe(1);
  clock.advance(1);
  expect(await once('k', 'r', work)).toBe(2);
  for (const key of ['a', 'b', 'c']) await once(key, 'r', work);
  expect(await once('k', 'r', work)).toBe(6);
});
