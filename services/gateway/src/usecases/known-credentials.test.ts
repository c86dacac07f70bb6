import { credentialOf, hashOf, newApiKey } from '@tmws/auth';
import { knownCredentials } from './known-credentials.ts';

function opened() {
  const state = { now: 0, looks: 0, good: [] as Buffer[], away: false };
  const goodHashes = async (): Promise<Buffer[]> => {
    state.looks++;
    return await (state.away ? Promise.reject(new Error('away')) : Promise.resolve(state.good));
  };
  const adminKey = 'an admin key of 32 characters or more';
  return { state, known: knownCredentials({ store: { goodHashes }, adminKey, tokens: false, clock: () => state.now }) };
}
const keys = Array.from({ length: 100 }, () => newApiKey().key);

test('however many are tried, the store is looked at once in five seconds', async () => {
  const { state, known } = opened();
  expect(new Set(await Promise.all(keys.map((key) => known.mayBeGood(credentialOf(key)))))).toEqual(new Set([false]));
  expect(state.looks).toBe(1);
  state.good = [hashOf(keys[3]!)];
  expect(await known.mayBeGood(credentialOf(keys[3]!))).toBe(false);
  state.now = 5_000;
  expect(await known.mayBeGood(credentialOf(keys[3]!))).toBe(true);
});

test('one that was made here is known at once; while the store is away nobody is called wrong', async () => {
  const { state, known } = opened();
  await known.mayBeGood(credentialOf(keys[0]!));
  state.good = [hashOf(keys[0]!)];
  known.forget();
  expect(await known.mayBeGood(credentialOf(keys[0]!))).toBe(true);
  known.forget();
  state.away = true;
  await expect(known.mayBeGood(credentialOf(keys[0]!))).rejects.toThrow('away');
  state.away = false;
  expect(await known.mayBeGood(credentialOf(keys[0]!))).toBe(true);
});

test('the admin key and what has no form need no look', async () => {
  const { state, known } = opened();
  expect(await known.mayBeGood(credentialOf('an admin key of 32 characters or more'))).toBe(true);
  expect(await known.mayBeGood(credentialOf('guessed'))).toBe(false);
  expect(state.looks).toBe(0);
});
