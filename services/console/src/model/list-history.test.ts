import { historyBar, leftWords, stripParts, waitingFor } from './list-history.ts';

const s = 1e9;
const history = { runs: 50, p50Ns: 10 * s, p90Ns: 40 * s, p95Ns: 80 * s };

test('a duration is told against what is usual for its workflow', () => {
  expect(historyBar(5 * s, history)).toMatchObject({ length: 0.05, p50: 0.1, p95: 0.8, slow: false });
  expect(historyBar(100 * s, history)).toMatchObject({ length: 1, slow: true });
  expect(historyBar(1000 * s, history)).toMatchObject({ length: 1, p95: 1 / 3 });
  expect(historyBar(20 * s, history)?.words).toBe('as usual: half of the last 50 took up to 10 s, 19 of 20 up to 1 m 20 s');
});

test('few past runs say nothing', () => {
  expect(historyBar(5 * s, { ...history, runs: 4 })).toBeUndefined();
  expect(historyBar(undefined, history)).toBeUndefined();
  expect(leftWords(5 * s, undefined)).toBe('');
});

test('what is left is a band from past runs, with how many they are', () => {
  expect(leftWords(4 * s, history)).toBe('6 s – 36 s left (n 50)');
  expect(leftWords(20 * s, history)).toBe('up to 20 s left (n 50)');
  expect(leftWords(41 * s, history)).toBe('longer than 9 of 10 (n 50)');
});

test('a run waits when none of its steps runs and one could', () => {
  expect(waitingFor({ status: 'running', stepsByStatus: { queued: 3, completed: 1 } })).toBe('queue (3 steps)');
  expect(waitingFor({ status: 'running', stepsByStatus: { retry_scheduled: 1, queued: 1 } })).toBe('retry (1 step)');
  expect(waitingFor({ status: 'running', stepsByStatus: { queued: 3, running: 1 } })).toBe('');
  expect(waitingFor({ status: 'completed', stepsByStatus: { queued: 3 } })).toBe('');
});

test('one failure among a thousand steps shows in the strip, which is as wide as it should be', () => {
  const parts = stripParts({ failed: 1, completed: 1000, planned: 0 }, 60);
  expect(parts.map(({ status }) => status)).toEqual(['completed', 'failed']);
  expect(parts[1]!.width).toBeGreaterThanOrEqual(2);
  expect(parts[1]!.from + parts[1]!.width).toBeCloseTo(60);
  expect(stripParts({}, 60)).toEqual([]);
});
