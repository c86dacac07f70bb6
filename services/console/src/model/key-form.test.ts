import { keyRequest, keyState } from './key-form.ts';

const nowMs = Date.parse('2026-03-01T00:00:00Z');

test('a key is asked for with its namespaces, each once, and its end', () => {
  expect(keyRequest({ name: ' ci ', role: 'editor', namespaces: 'team-a, team-b team-a', days: '30' }, nowMs)).toEqual({
    name: 'ci',
    role: 'editor',
    namespaces: ['team-a', 'team-b'],
    expiresAt: '2026-03-31T00:00:00.000Z',
  });
});

test('without namespaces it is for the default one, without an end it is good until it is revoked', () => {
  expect(keyRequest({ name: 'ci', role: 'viewer', namespaces: ' ', days: '' }, nowMs)).toEqual({
    name: 'ci',
    role: 'viewer',
    namespaces: ['default'],
  });
});

test('a key is good until it is revoked or its time is over', () => {
  expect(keyState({}, nowMs)).toBe('good');
  expect(keyState({ expiresAt: '2026-03-01T00:00:00Z' }, nowMs)).toBe('expired');
  expect(keyState({ expiresAt: '2026-03-02T00:00:00Z' }, nowMs)).toBe('good');
  expect(keyState({ expiresAt: '2026-03-02T00:00:00Z', revokedAt: '2026-02-01T00:00:00Z' }, nowMs)).toBe('revoked');
});
