import { lengthNs, readExecution, stepCounts } from './execution.ts';

const json = {
  id: 'run-1',
  workflow: { name: 'research-agent', version: '7' },
  status: 'running',
  startedAtNs: '1795305600000000001',
  makespanNs: '2000000000',
  stepCount: 7,
  stepsByStatus: { completed: 2, skipped: 1, failed: 1, timed_out: 1, running: 1, queued: 1 },
  revision: '9007199254740993',
};

test('an execution without a name shows that of its workflow, and one without either its id', () => {
  expect(readExecution(json, 0).name).toBe('research-agent');
  expect(readExecution({ id: 'run-1' }, 0).name).toBe('run-1');
});

test('the length of a running execution grows with the clock of the page', () => {
  expect(lengthNs(readExecution(json, 1_000), 4_500)).toBe(5.5e9);
});

test('the length of a finished execution stands still', () => {
  expect(lengthNs(readExecution({ ...json, status: 'failed' }, 1_000), 60_000)).toBe(2e9);
});

test('an execution that has not begun has no length', () => {
  expect(lengthNs(readExecution({ id: 'a', status: 'planned' }, 0), 5_000)).toBeUndefined();
});

test('skipped steps are not done, timed-out ones have failed', () => {
  expect(stepCounts(readExecution(json, 0))).toEqual({ total: 7, done: 2, skipped: 1, failed: 2 });
});

test('revisions beyond 2^53 keep every digit', () => {
  expect(readExecution(json, 0).revision).toBe(9007199254740993n);
});

test('a reconstruction says so, with what the recording says it took', () => {
  const origin = {
    format: 'wfformat',
    importId: 'imp-1',
    reconstructed: true,
    note: 'no start times',
    recordedMakespanNs: '437000000000',
  };
  expect(readExecution({ ...json, origin }, 0).origin).toEqual({
    format: 'wfformat',
    reconstructed: true,
    note: 'no start times',
    recordedMakespanNs: 437e9,
  });
  expect(readExecution(json, 0).origin).toBeUndefined();
});
