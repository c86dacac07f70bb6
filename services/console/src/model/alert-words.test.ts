import { ageWords } from './alert-age.ts';
import { lastStep, readExplained } from './alert-explain.ts';
import { byDay, kindGroups, kindLook, kindsOf, readEntry } from './alert-history.ts';
import { bySeverity, severityLook } from './alert-severity.ts';
import { mutedWords, ownerWords, readAlert, restOf, summaryOf } from './alert.ts';
import { readRouting, settingWords } from './receiver.ts';

test.each([
  [-5, '0 s'],
  [42_900, '42 s'],
  [180e3, '3 min'],
  [3 * 60e3 + 59e3, '3 min'],
  [2 * 3_600e3 + 4 * 60e3, '2 h 4 min'],
  [74 * 3_600e3, '3 d 2 h'],
])('%d ms last "%s"', (ms, words) => {
  expect(ageWords(ms)).toBe(words);
});

test('severities are told the worst first, and no two of one place share shape and colour', () => {
  expect(bySeverity({ info: 1, critical: 2, '': 1, warning: 3, none: 0 }).map(({ severity }) => severity)).toEqual([
    'critical',
    'warning',
    'info',
    '',
  ]);
  expect(bySeverity({}, ['critical'])).toEqual([]);
  expect(bySeverity({ critical: 0 }, ['critical'])).toHaveLength(1);
  const looks = ['critical', 'error', 'warning', 'info', 'odd'].map((each) => severityLook(each));
  expect(new Set(looks.map(({ shape }) => shape)).size).toBe(5);
  expect(severityLook('odd').word).toBe('odd');
});

test('an alert says whose it is, why it is muted, and what sets it apart from those around it', () => {
  const alert = readAlert({
    labels: { alertname: 'A', severity: 'info', pod: 'p', zone: 'z' },
    silencedBy: ['1', '2'],
    mutedBy: ['night'],
  });
  expect(restOf(alert.labels, { zone: 'z' })).toEqual([['pod', 'p']]);
  expect(mutedWords(alert)).toBe('silenced 2 times, muted by night');
  expect(ownerWords(alert)).toBeUndefined();
  const acknowledged = { by: 'ann', atMs: 0, comment: '' };
  expect(ownerWords({ acknowledged, assignee: 'ann' })).toBe('acknowledged by ann');
  expect(ownerWords({ acknowledged, assignee: 'ben' })).toBe('ben’s, acknowledged by ann');
  expect(summaryOf({ description: 'd', summary: 's' })).toBe('s');
});

test('history is told by day, and every kind of the contract has a word and belongs to a group', () => {
  const at = ['2026-01-02T10:00:00Z', '2026-01-02T09:00:00Z', '2026-01-01T10:00:00Z'];
  const entries = at.map((each) =>
    readEntry({
      at: each,
      kind: 'fired',
      details: { receiver: 'x', attempts: 1, none: null, count: 2, startsAtMs: 1, annotations: { summary: 'full' } },
    }),
  );
  expect(byDay(entries, (ms) => new Date(ms).toISOString().slice(0, 10)).map(([day, those]) => [day, those.length])).toEqual([
    ['2026-01-02', 2],
    ['2026-01-01', 1],
  ]);
  expect(entries[0]?.details).toEqual({ count: '2', summary: 'full' });
  const kinds = kindsOf(kindGroups.map(({ id }) => id));
  expect(new Set(kinds).size).toBe(14);
  expect(kinds.filter((kind) => kindLook(kind).tone === 'quiet')).toEqual(['changed']);
});

test('a route is told by its last step, the root as what it is', () => {
  expect(lastStep('{}')).toBe('every alert');
  expect(lastStep('{}/{a="{x}"}')).toBe('a="{x}"');
  expect(lastStep('{}/{a="1"}/{}')).toBe('everything that comes here');
  expect(readExplained({ routes: [{ route: '{}/{b=~"c|d"}', depth: 1, outcome: 'takes' }] }).routes[0]).toMatchObject({
    matchers: 'b=~"c|d"',
    depth: 1,
  });
});

test('settings of routes are told in the largest unit that is whole', () => {
  expect([0, 500, 30e3, 90e3, 300e3, 14_400e3].map(settingWords)).toEqual(['0 s', '500 ms', '30 s', '90 s', '5 min', '4 h']);
  expect(readRouting({ routes: [{ matchers: '{a="b"}', groupWaitMs: '30000' }] }).routes[0]).toMatchObject({
    matchers: 'a="b"',
    groupWaitMs: 30_000,
  });
});
