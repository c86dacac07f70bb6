import { errorOf, saidOf } from './list-failure.ts';

const timeout = { type: 'Timeout', message: 'no answer in 30 s', detail: '' };
const firstFailure = { step: 'tool.search', error: timeout };

test('a run that told no error says what its first failed step told', () => {
  expect(saidOf({ error: undefined, firstFailure })).toBe('tool.search: Timeout: no answer in 30 s');
  expect(errorOf({ error: undefined, firstFailure })).toBe(timeout);
});

test('its own error beats that of a step; where it failed is said all the same', () => {
  const error = { type: 'Quota', message: 'used up', detail: '' };
  expect(saidOf({ error, firstFailure })).toBe('tool.search: Quota: used up');
});

test('where nothing was told nothing is said', () => {
  expect(saidOf({ error: undefined, firstFailure: undefined })).toBe('');
  expect(saidOf({ error: undefined, firstFailure: { step: 'load', error: undefined } })).toBe('load');
});
