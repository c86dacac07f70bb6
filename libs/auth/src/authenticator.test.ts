import { setImmediate as turn } from 'node:timers/promises';
import { credentialOf, openAuthenticator, type Principal, type Verified } from './index.ts';

const ci: Principal = { name: 'ci', scopes: ['read'], namespaces: '*', by: 'key', credential: 'tmws_00000000' };

function opened(most?: number) {
  const state = { now: 0, asked: 0, answer: { principal: ci } as Verified };
  const verify = (): Promise<Verified> => {
    state.asked++;
    return Promise.resolve(state.answer);
  };
  const authenticator = openAuthenticator(verify, { clock: () => state.now, ...(most !== undefined && { most }) });
  return { state, ask: (secret = 'one') => authenticator.verify(credentialOf(secret)), authenticator };
}

test('A1 a revoked key is taken for five seconds at most', async () => {
  const { state, ask } = opened();
  expect(await ask()).toEqual({ principal: ci });
  state.answer = { refused: 'revoked' };
  state.now = 4_999;
  expect(await ask()).toEqual({ principal: ci });
  state.now = 5_000;
  expect(await ask()).toEqual({ refused: 'revoked' });
  expect(state.asked).toBe(2);
});

test('A1 a key that ends sooner is not taken longer', async () => {
  const { state, ask } = opened();
  state.answer = { principal: { ...ci, expiresAtMs: 3000 } };
  await ask();
  state.now = 3000;
  state.answer = { refused: 'expired' };
  expect(await ask()).toEqual({ refused: 'expired' });
});

test('A2 each refusal is asked anew', async () => {
  const { state, ask } = opened();
  state.answer = { refused: 'unknown' };
  await ask();
  await ask();
  expect(state.asked).toBe(2);
});

test('A3 the memory is bounded, the oldest goes first', async () => {
  const { state, ask } = opened(2);
  await ask('one');
  await ask('two');
  await ask('three');
  await ask('three');
  await ask('two');
  expect(state.asked).toBe(3);
  await ask('one');
  expect(state.asked).toBe(4);
});

test('many who ask at once are one question', async () => {
  const { state, ask } = opened();
  await Promise.all([ask(), ask(), ask('other')]);
  expect(state.asked).toBe(2);
});

test('what was revoked here is asked anew at once, also when the answer is under way', async () => {
  const { state, ask, authenticator } = opened();
  const running = ask();
  authenticator.forget();
  await running;
  await turn();
  state.answer = { refused: 'revoked' };
  expect(await ask()).toEqual({ refused: 'revoked' });
});
