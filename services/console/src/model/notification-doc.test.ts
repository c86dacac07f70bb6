import { type HistoryEntry, verdictIn } from './alert-history.ts';
import { readDoc, replayedWords } from './notification-doc.ts';
import { tookWords } from './receiver.ts';

test('a message is shown with its alerts; what is no JSON as it is, what is gone as nothing', () => {
  const alert = { fingerprint: 'f', status: 'firing', labels: { alertname: 'Down' }, annotations: { summary: 'api is down' } };
  expect(readDoc(JSON.stringify({ version: '4', alerts: [alert] })).alerts).toEqual([
    { fingerprint: 'f', status: 'firing', labels: { alertname: 'Down' }, summary: 'api is down' },
  ]);
  expect(readDoc('{').json).toBe('{');
  expect(readDoc('')).toEqual({ alerts: [], json: '' });
});

test('a replay says how many go, how many did not, and whether there are more', () => {
  expect(replayedWords({ replayed: 1 })).toBe('1 message is on the way again');
  expect(replayedWords({ replayed: 10_000, unknown: ['a', 'b'], more: true })).toBe(
    '10,000 messages are on the way again; 2 were sent again before; there are more: replay again',
  );
});

test('the last verdict of an occurrence counts; one on an occurrence before does not', () => {
  const none: HistoryEntry['details'] = {};
  const entry = (atMs: number, verdict: string): HistoryEntry => ({
    ...{ fingerprint: 'f', kind: 'judged', by: 'ann', text: '', labels: {}, atMs },
    details: verdict === '' ? none : { verdict },
  });
  expect(verdictIn([entry(20, 'false_positive'), entry(10, 'true_positive')], 5)).toEqual({
    verdict: 'false_positive',
    by: 'ann',
  });
  expect(verdictIn([entry(20, ''), entry(10, 'true_positive')], 5).verdict).toBe('');
  expect(verdictIn([entry(10, 'true_positive')], 15).verdict).toBe('');
});

test('how long a message took is told once it arrived', () => {
  expect(tookWords({ status: 'sent', createdMs: 0, finishedMs: 340 })).toBe('340 ms');
  expect(tookWords({ status: 'dead', createdMs: 0, finishedMs: 340 })).toBe('');
  expect(tookWords({ status: 'sent', createdMs: 0, finishedMs: undefined })).toBe('');
});
