import fc from 'fast-check';
import { may, onlyNamespace, type Namespaces, type Principal, roles, type Scope, scopes, scopesOfRole } from './index.ts';

const someone = (scopes: readonly Scope[], namespaces: Namespaces): Principal => ({
  name: 'ci',
  scopes,
  namespaces,
  by: 'key',
  credential: 'tmws_0f3a11aa',
});

const table = [
  ['viewer', ['a'], 'read', 'a', true],
  ['viewer', ['a'], 'write', 'a', false],
  ['viewer', ['a'], 'read', 'b', false],
  ['viewer', ['a', 'b'], 'read', 'b', true],
  ['viewer', [], 'read', 'a', false],
  ['viewer', '*', 'read', 'anything', true],
  ['viewer', ['a'], 'read', '*', false],
  ['viewer', ['*'], 'read', '*', false],
  ['viewer', '*', 'read', '*', true],
  ['editor', ['a'], 'write', 'a', true],
  ['editor', ['a'], 'operate', 'a', false],
  ['operator', ['a'], 'operate', 'a', true],
  ['operator', '*', 'admin', 'a', false],
  ['admin', ['a'], 'admin', 'a', true],
  ['admin', ['a'], 'admin', '*', false],
] as const;

test.each(table)('a %s of %j that asks to %s in %s is answered %s', (role, namespaces, scope, namespace, allowed) => {
  expect(may(someone(scopesOfRole[role], namespaces), scope, namespace).allowed).toBe(allowed);
});

test('a refusal names what is missing, who lacks it and who can give it', () => {
  expect(may(someone(['read'], ['team-a']), 'operate', 'team-b')).toEqual({
    allowed: false,
    missing: 'scope',
    reason:
      'this needs the scope operate, and "ci" (tmws_0f3a11aa) has read; an admin can give a credential of the role operator',
  });
  expect(may(someone(['read'], ['team-a']), 'read', 'team-b')).toEqual({
    allowed: false,
    missing: 'namespace',
    reason: 'this needs the namespace "team-b", and "ci" (tmws_0f3a11aa) has team-a; an admin can give a credential that has it',
  });
  expect(may(someone([], []), 'read', 'a')).toMatchObject({ reason: expect.stringContaining('has no scope') as string });
  expect(may(someone(['read'], ['a', 'b', 'c', 'd', 'e', 'f', 'g']), 'read', '*')).toMatchObject({
    reason: expect.stringContaining('this needs all namespaces, and "ci" (tmws_0f3a11aa) has a, b, c, d, e and 2 more') as string,
  });
});

const namespace = fc.constantFrom('a', 'b', 'c');
const namespaces = fc.oneof(fc.constant('*' as const), fc.uniqueArray(namespace));
const scope = fc.constantFrom(...scopes);
const principal = fc
  .record({ scopes: fc.uniqueArray(scope), namespaces })
  .map((given) => someone(given.scopes, given.namespaces));

test('M1 one may exactly what scope and namespace both allow', () => {
  fc.assert(
    fc.property(principal, scope, namespace, (who, needed, where) => {
      const both = who.scopes.includes(needed) && (who.namespaces === '*' || who.namespaces.includes(where));
      expect(may(who, needed, where).allowed).toBe(both);
    }),
  );
});

test('M2 all namespaces at once are only for who has all', () => {
  fc.assert(
    fc.property(principal, scope, (who, needed) => {
      expect(may(who, needed, '*').allowed).toBe(who.namespaces === '*' && who.scopes.includes(needed));
    }),
  );
});

test('M3 who is given more may no less', () => {
  fc.assert(
    fc.property(principal, principal, scope, namespace, (one, other, needed, where) => {
      const all = one.namespaces === '*' || other.namespaces === '*' ? '*' : [...one.namespaces, ...other.namespaces];
      const more = someone([...one.scopes, ...other.scopes], all);
      if (may(one, needed, where).allowed) expect(may(more, needed, where).allowed).toBe(true);
    }),
  );
});

test('each role has what the one before it has', () => {
  for (const [i, role] of roles.entries()) expect(scopesOfRole[role]).toEqual(scopes.slice(0, i + 1));
});

test('a credential of one namespace means that one when none is named', () => {
  expect(onlyNamespace(someone([], ['team-a']))).toBe('team-a');
  expect(onlyNamespace(someone([], ['team-a', 'team-b']))).toBeUndefined();
  expect(onlyNamespace(someone([], '*'))).toBeUndefined();
});
