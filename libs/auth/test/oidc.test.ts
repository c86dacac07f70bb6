import { SignJWT, UnsecuredJWT } from 'jose';
import { openOidc, type Role } from '../src/index.ts';
import { openProvider, type Provider } from './provider.ts';

const nowMs = Date.UTC(2026, 2, 1, 12);
const now = nowMs / 1000;
const claims = {
  name: 'email',
  roles: 'realm_access.roles',
  namespaces: 'tmws_namespaces',
  roleMap: new Map<string, Role>([['sre', 'operator']]),
  defaultNamespaces: [],
};

function opened(provider: Provider, more: { cooldownMs?: number; jwksUrl?: string } = {}) {
  const { issuer } = provider;
  return openOidc({ issuer, audience: 'tmws', jwksUrl: undefined, claims, skewMs: 30_000, clock: () => nowMs, ...more });
}
const good = (provider: Provider) => ({
  iss: provider.issuer,
  aud: 'tmws',
  exp: now + 600,
  email: 'ada@example.org',
  realm_access: { roles: ['viewer', 'sre', 'unheard-of'] },
  tmws_namespaces: ['team-a', 'team-b'],
});

test('a token says who somebody is, what they may and where', async () => {
  await using provider = await openProvider();
  expect(await opened(provider)(await provider.token(good(provider)))).toEqual({
    principal: {
      name: 'ada@example.org',
      scopes: ['read', 'write', 'operate'],
      namespaces: ['team-a', 'team-b'],
      by: 'oidc',
      credential: provider.issuer,
      expiresAtMs: nowMs + 630_000,
    },
  });
});

test('who has no role that is known may nothing; who has no namespaces, nowhere', async () => {
  await using provider = await openProvider();
  const token = await provider.token({ ...good(provider), realm_access: undefined, tmws_namespaces: undefined });
  expect(await opened(provider)(token)).toMatchObject({ principal: { scopes: [], namespaces: [] } });
  const all = await provider.token({ ...good(provider), tmws_namespaces: '*' });
  expect(await opened(provider)(all)).toMatchObject({ principal: { namespaces: '*' } });
});

test.each([
  ['expired', { exp: now - 31 }, 'the token has expired'],
  ['for somebody else', { aud: 'other' }, "the token's claim aud is not the one expected"],
  ['of another issuer', { iss: 'http://other.example' }, "the token's claim iss is not the one expected"],
  ['not yet good', { nbf: now + 31 }, "the token's claim nbf is not the one expected"],
  ['without an end', { exp: undefined }, "the token's claim exp is not the one expected"],
  ['without a name', { email: undefined }, 'the token has no claim email'],
])('a token that is %s is refused', async (_what, wrong, refused) => {
  await using provider = await openProvider();
  expect(await opened(provider)(await provider.token({ ...good(provider), ...wrong }))).toEqual({ refused });
});

test('a clock that is off by less than the skew does not matter', async () => {
  await using provider = await openProvider();
  const token = await provider.token({ ...good(provider), exp: now - 29, nbf: now + 29 });
  expect(await opened(provider)(token)).toHaveProperty('principal');
});

test('a token that is not signed, or by a shared secret, is refused', async () => {
  await using provider = await openProvider();
  const verify = opened(provider);
  const unsigned = new UnsecuredJWT(good(provider)).encode();
  expect(await verify(unsigned)).toEqual({ refused: 'the token is signed by an algorithm that is not taken' });
  const shared = await new SignJWT(good(provider))
    .setProtectedHeader({ alg: 'HS256', kid: 'first' })
    .sign(new TextEncoder().encode('x'.repeat(32)));
  expect(await verify(shared)).toEqual({ refused: 'the token is signed by an algorithm that is not taken' });
});

test('a token whose claims were changed after it was signed is refused', async () => {
  await using provider = await openProvider();
  const [head, , signature] = (await provider.token(good(provider))).split('.');
  const body = Buffer.from(JSON.stringify({ ...good(provider), email: 'eve@example.org' })).toString('base64url');
  expect(await opened(provider)(`${String(head)}.${body}.${String(signature)}`)).toEqual({
    refused: "the token's signature is wrong",
  });
});

test('a new key of the provider is fetched when a token names it, but not for every unknown name', async () => {
  await using provider = await openProvider();
  const eager = opened(provider, { cooldownMs: 0 });
  await eager(await provider.token(good(provider)));
  await provider.rotate('second');
  expect(await eager(await provider.token(good(provider)))).toHaveProperty('principal');
  const patient = opened(provider);
  await patient(await provider.token(good(provider)));
  const before = provider.fetched();
  for (let n = 0; n < 5; n++) {
    expect(await patient(await provider.token(good(provider), `made-up-${n}`))).toEqual({
      refused: 'the token names a key the provider does not have',
    });
  }
  expect(provider.fetched()).toBe(before);
});

test('while the provider is away nobody is judged', async () => {
  const provider = await openProvider();
  const token = await provider.token(good(provider));
  await provider[Symbol.asyncDispose]();
  await expect(opened(provider)(token)).rejects.toMatchObject({ kind: 'unavailable' });
  await expect(opened(provider, { jwksUrl: `${provider.issuer}/keys` })(token)).rejects.toMatchObject({ kind: 'unavailable' });
});
