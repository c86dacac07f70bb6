import { firstTold, happenedMs, isSeenByPeople, severityWord } from './delivery-lateness.ts';

const minute = 60_000;

test('an event is as old as its start, unless its sender has repeated it for longer than an hour', () => {
  expect(happenedMs(0, 10 * minute)).toBe(0);
  expect(happenedMs(0, 61 * minute)).toBe(61 * minute);
  expect(happenedMs(5 * minute, 0)).toBe(0);
});

test('an alert that a person was told of is not told first, one that only a SIEM has is', () => {
  const told = (name: string) => new Map([[name, { firing: ['a'], resolved: [], atMs: 0 }]]);
  expect(firstTold(['a', 'b'], told('on call slack/0'))).toEqual(['b']);
  expect(firstTold(['a', 'b'], told('on call splunk_hec/0'))).toEqual(['a', 'b']);
  expect(['email/1', 'syslog/0', 'signed_webhook/0', 'elasticsearch/0'].map(isSeenByPeople)).toEqual([true, false, true, false]);
});

test('severities are a few words, whatever labels hold', () => {
  expect(['Critical', 'P1', ''].map((severity) => severityWord({ severity }))).toEqual(['critical', 'other', 'none']);
});
