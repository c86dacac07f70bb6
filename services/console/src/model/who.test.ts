import { boundTo, mayDo, namespaceOf, namespaceWords, rightsWords, type Who } from './who.ts';

const ci: Who = {
  auth: 'on',
  name: 'ci',
  by: 'session',
  role: 'editor',
  scopes: ['read', 'write'],
  namespaces: ['team-a', 'team-b'],
};
const ada: Who = { ...ci, name: 'ada', role: 'admin', scopes: ['read', 'write', 'operate', 'admin'], namespaces: ['*'] };

test('what a role cannot do is not offered, what nobody knows of is', () => {
  expect([mayDo(ci, 'write'), mayDo(ci, 'operate'), mayDo(ada, 'admin')]).toEqual([true, false, true]);
  expect(mayDo(undefined, 'admin', true)).toBe(true);
});

test('what concerns all namespaces is only for those of all', () => {
  expect(mayDo(ada, 'admin', true)).toBe(true);
  expect(mayDo({ ...ada, namespaces: ['team-a'] }, 'admin', true)).toBe(false);
});

test('who is bound to namespaces begins in one of their own', () => {
  expect(namespaceOf(ci, '')).toBe('team-a');
  expect(namespaceOf(ci, 'team-b')).toBe('team-b');
  expect(namespaceOf({ ...ci, namespaces: ['x', 'default'] }, '')).toBe('');
  expect([namespaceOf(ada, ''), namespaceOf(undefined, '')]).toEqual(['', '']);
  expect([boundTo(ada), boundTo(ci)]).toEqual([undefined, ['team-a', 'team-b']]);
});

test('rights are said in words', () => {
  expect(rightsWords(ada)).toBe('admin');
  expect(rightsWords({ scopes: ['write'] })).toBe('write only');
  expect(rightsWords({ scopes: ['read', 'admin'] })).toBe('read and admin');
  expect(rightsWords({ scopes: [] })).toBe('nothing');
  expect([namespaceWords(['*']), namespaceWords(['a', 'b', 'c']), namespaceWords([])]).toEqual(['all', 'a, b, and c', 'none']);
});
