import { Problem } from '@tmws/problems';
import fc from 'fast-check';
import { cookieOf, hashOf, matches, newApiKey, newSecret, parseAuthorization, sameSecret, sessionOf } from './index.ts';

const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

test('an API key is 32 random bytes behind a prefix that may be shown', () => {
  const { prefix, key } = newApiKey();
  expect(prefix).toMatch(/^tmws_[0-9a-f]{8}$/);
  expect(key).toMatch(/^tmws_[0-9a-f]{8}_[\w-]{43}$/);
  expect(Buffer.from(key.slice(prefix.length + 1), 'base64url')).toHaveLength(32);
  expect(newApiKey().key).not.toBe(key);
});

test('a key is a bearer, or the password of any user', () => {
  const { prefix, key } = newApiKey();
  expect(parseAuthorization(`Bearer ${key}`)).toEqual({ kind: 'key', prefix, secret: key });
  expect(parseAuthorization(`bearer  ${key}`)).toEqual({ kind: 'key', prefix, secret: key });
  expect(parseAuthorization(basic(`alice:${key}`))).toEqual({ kind: 'key', prefix, secret: key, user: 'alice' });
  expect(parseAuthorization(basic(`:${key}`))).toMatchObject({ kind: 'key', prefix });
  expect(parseAuthorization(basic('alice:with:colons'))).toEqual({ kind: 'secret', secret: 'with:colons', user: 'alice' });
});

test('a token and any other secret are told apart by their form', () => {
  expect(parseAuthorization('Bearer aa.bb.cc')).toEqual({ kind: 'token', secret: 'aa.bb.cc' });
  expect(parseAuthorization('Bearer some-secret')).toEqual({ kind: 'secret', secret: 'some-secret' });
  expect(parseAuthorization(undefined)).toBeUndefined();
  expect(parseAuthorization('')).toBeUndefined();
});

test.each([
  'Digest username="x"',
  'Bearer',
  'Bearer two words',
  basic('no-colon'),
  basic('user:'),
  'Basic ***',
  `Bearer ${'x'.repeat(20_000)}`,
])('%.40s is no credential, and the refusal shows nothing of it', (header) => {
  expect(() => parseAuthorization(header)).toThrow(
    expect.objectContaining({
      kind: 'unauthenticated',
      field: 'authorization',
      message: expect.not.stringContaining('x"') as string,
    }) as Error,
  );
});

test('whatever comes as a header is a credential or a refusal', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.string().map(basic),
        fc.string().map((text) => `Bearer ${text}`),
      ),
      (header) => {
        try {
          parseAuthorization(header);
        } catch (error) {
          expect(error).toBeInstanceOf(Problem);
        }
      },
    ),
  );
});

test('the cookie of a session is found among others', () => {
  expect(sessionOf('theme=dark; tmws_session=abc; tmws_session=other')).toEqual({ kind: 'session', secret: 'abc' });
  expect(sessionOf('tmws_session=""')).toBeUndefined();
  expect(sessionOf('xtmws_session=abc')).toBeUndefined();
  expect(sessionOf(undefined)).toBeUndefined();
  expect(cookieOf('a="b c"', 'a')).toBe('b c');
});

test('a secret matches only its own hash', () => {
  const secret = newSecret();
  expect(matches(secret, hashOf(secret))).toBe(true);
  expect(matches(`${secret}x`, hashOf(secret))).toBe(false);
  expect(matches(secret, Buffer.alloc(0))).toBe(false);
  expect([sameSecret('a', 'a'), sameSecret('a', 'ab')]).toEqual([true, false]);
});
