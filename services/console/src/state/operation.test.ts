import { mergeOperations, type Operation, partDone, progressWords, quarterPassed } from './operation.ts';

const running: Operation = {
  ...{ id: 'imp-1', kind: 'import', status: 'running', name: 'history.json', unit: 'facts', createdAt: '2026-11-22T12:00:00Z' },
  ...{ done: 38_200, total: 100_000, rate: 4_100.4, etaSeconds: 15.07 },
};

test('work under way says how much of how much, how fast and how long still', () => {
  expect(progressWords(running)).toBe('38,200 of 100,000 facts, 4,100/s, about 15 s left');
  expect(partDone(running)).toBe(0.382);
});

test('without a total no bar is pretended', () => {
  expect(partDone({ ...running, total: 0 })).toBeUndefined();
  expect(progressWords({ ...running, total: 0, done: 1, rate: NaN, etaSeconds: NaN })).toBe('1 fact');
});

test('a bar that stands still says so', () => {
  expect(progressWords(running, true)).toBe('38,200 of 100,000 facts, no progress for 10 s');
});

test('the end is told by what came of it', () => {
  const result = { executionCount: 1, stepCount: 102, executions: [{ id: 'r' }] };
  expect(progressWords({ ...running, status: 'done', result })).toBe('1 execution, 102 steps');
  expect(progressWords({ ...running, status: 'failed', problem: { detail: 'line 17: time is missing' } })).toBe(
    'line 17: time is missing',
  );
  expect(progressWords({ ...running, status: 'cancelled' })).toBe('Cancelled; nothing of it was kept');
});

test('progress is announced at a quarter, a half and three quarters, once each', () => {
  const looks = [0, 0.1, 0.26, 0.3, 0.8, 1];
  expect(looks.slice(1).map((now, at) => quarterPassed(looks[at] ?? 0, now))).toEqual([undefined, 25, undefined, 75, undefined]);
});

test('an answer that was overtaken does not move the bar back, nor wake what has ended', () => {
  const late = { ...running, done: 10 };
  expect(mergeOperations([running], [late])).toEqual([running]);
  const ended = { ...running, status: 'done' as const };
  expect(mergeOperations([ended], [late])).toEqual([ended]);
  expect(mergeOperations([running], [ended])).toEqual([ended]);
});

test('the same file imported once more begins again', () => {
  const again = { ...running, done: 0, createdAt: '2026-11-22T13:00:00Z' };
  expect(mergeOperations([{ ...running, status: 'failed' }], [again])).toEqual([again]);
});
