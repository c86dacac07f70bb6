import { securitySource } from '../domain/detection/source-mapping.ts';
import { atrPart, ruleSetOf } from '../domain/detection/rule-set.ts';
import { parseAlertmanagerConfig } from '../domain/config/alertmanager-config.ts';
import { failedSignIns } from '../domain/rules/failed-sign-ins.ts';
import type { SeenEvent } from '../domain/rules/rule.ts';
import { backtestRules, type BacktestAsked, type BacktestNews, type BacktestReport, type PastEvent } from './backtest-rules.ts';
import type { AnyRule } from './observe-events.ts';
import { rulesOver } from './rules-in-force.ts';

const startMs = Date.UTC(2026, 10, 1);
const [minuteMs, dayMs] = [60_000, 86_400_000];
const rules = `
title: Keys are listed
id: keys
status: stable
level: critical
logsource: {product: tmws}
detection: {selection: {method|contains: ListKeys}, condition: selection}
---
title: Many keys are listed
id: many
status: test
level: high
correlation: {type: event_count, rules: [keys], group-by: [principal], timespan: 5m, condition: {gte: 3}, generate: true}
`;
const empty = atrPart([], { documents: [], unreadable: [] });
const loadText = (text: { source: string; text: string }) => {
  const set = ruleSetOf([text], empty);
  return {
    set,
    sources: new Map([[securitySource.topic, securitySource]]),
    rules: rulesOver(set, 60 * minuteMs),
    loadedAtMs: startMs,
  };
};
const root = parseAlertmanagerConfig(
  'route: {receiver: a, group_wait: 30s, group_interval: 5m, group_by: [alertname]}\nreceivers: [{name: a}]',
).route;

let last = 0;
const listed = (atMs: number, principal: string, more: { namespace?: string; method?: string; id?: string } = {}): PastEvent => {
  const { namespace = 'default', method = 'ListKeys', id = `e${++last}` } = more;
  const own = { namespace, source: '/gateway', id, type: 'tmws.admin.acted', atMs };
  return {
    atMs,
    seen: [],
    observed: [{ ...own, mapping: securitySource, body: { type: own.type, data: { principal, method } } }],
  };
};
const refused = (atMs: number, principal: string): PastEvent => {
  const what = { principal, sourceIp: '', method: '', resource: '', reason: '', severity: '', attributes: '' };
  const seen: SeenEvent = {
    namespace: 'default',
    source: '/gateway',
    id: `f${++last}`,
    type: 'tmws.auth.failed',
    atMs,
    about: 'security',
    ...what,
  };
  return { atMs, seen: [seen], observed: [] };
};

function open(events: readonly PastEvent[], { unreadable = 0, mostEvents = 1_000, text = rules } = {}) {
  const always = [failedSignIns({ raiseAt: 5, windowMs: 5 * minuteMs })] as AnyRule[];
  const loaded = loadText({ source: 'rules.yml', text });
  return backtestRules({
    ...{
      loaded: () => loaded,
      loadText,
      always,
      mostEvents,
      root: () => root,
      bypass: () => [],
      clock: () => startMs + 7 * dayMs,
    },
    async *read() {
      await Promise.resolve();
      yield { events, unreadable };
    },
  });
}

const asked = (more: Partial<BacktestAsked> = {}): BacktestAsked => ({
  ids: [],
  text: '',
  fromMs: startMs,
  toMs: startMs + 7 * dayMs,
  labels: new Map(),
  ...more,
});

async function report(run: ReturnType<typeof open>, given: BacktestAsked, namespace = 'default'): Promise<BacktestReport> {
  const news: BacktestNews[] = await Array.fromAsync(run(namespace, given, new AbortController().signal));
  const found = news.at(-1);
  if (found?.what !== 'report') throw new Error('the last of the news is no report');
  return found;
}
const ofRule = ({ rules: all }: BacktestReport, id: string) => all.find((rule) => rule.id === id);

test('what rules would have raised is counted: hits, alerts, and the messages they would have made in a week', async () => {
  const at = (minutes: number) => startMs + dayMs + minutes * minuteMs;
  const events = [
    ...[0, 1, 2].map((m) => listed(at(m), 'ann')),
    listed(at(3), 'ben'),
    listed(at(200), 'ann'),
    listed(at(201), 'ann', { method: 'GetKey' }),
  ];
  const found = await report(open(events, { unreadable: 2 }), asked());
  expect(found).toMatchObject({
    fromMs: startMs,
    toMs: startMs + 7 * dayMs,
    events: 6,
    unreadable: 2,
    truncated: false,
    refused: [],
  });
  // Ann's first hour, ben's, ann's again; ben's alert goes with the next beat of the group.
  expect(ofRule(found, 'keys')).toMatchObject({
    title: 'Keys are listed',
    severity: 'critical',
    hits: 5,
    alerts: 3,
    pagesPerWeek: 3,
  });
  expect(ofRule(found, 'many')).toMatchObject({ severity: 'high', hits: 1, alerts: 1, pagesPerWeek: 1 });
  expect(ofRule(found, 'keys')?.examples[0]).toMatchObject({ atMs: at(0), source: '/gateway', label: '', group: {} });
  expect(ofRule(found, 'many')?.examples[0]).toMatchObject({ atMs: at(2), group: { principal: 'ann' } });
});

test('precision is counted where events are labelled, with the bound of what is wrong', async () => {
  const events = [1, 2, 3, 4].map((n) => listed(startMs + n * 60 * minuteMs, 'ann', { id: `x${n}` }));
  const missedOne = listed(startMs + 9 * 60 * minuteMs, 'eve', { id: 'x9', method: 'Other' });
  const labels = new Map([
    ['/gateway x1', 'malicious'],
    ['/gateway x2', 'malicious'],
    ['/gateway x3', 'benign'],
    ['/gateway x9', 'malicious'],
  ] as const);
  const found = ofRule(await report(open([...events, missedOne]), asked({ labels, ids: ['keys'] })), 'keys');
  expect(found).toMatchObject({ hits: 4, truePositives: 2, falsePositives: 1, precision: 2 / 3, missed: 1 });
  expect(found?.falsePositiveBound).toBeCloseTo(0.8647, 3);
});

test('a text is run alone, its faulty rules are named, and one without any rule is refused', async () => {
  const events = [listed(startMs + minuteMs, 'ann')];
  const text = 'title: Own\nlogsource: {product: tmws}\ndetection: {s: {principal: ann}, condition: s}\n---\ntitle: Bad\n';
  const found = await report(open(events), asked({ text }));
  expect(found.rules.filter(({ hits }) => hits > 0).map(({ id, hits }) => [id, hits])).toEqual([['Own', 1]]);
  expect(found.refused).toMatchObject([{ title: 'Bad' }]);
  await expect(report(open(events), asked({ text: 'title: Bad' }))).rejects.toMatchObject({ kind: 'invalid', field: 'text' });
  await expect(report(open(events), asked({ ids: ['nobody'] }))).rejects.toMatchObject({ kind: 'not_found' });
});

test('the rules that are always there are run too, another namespace and other times are not looked at', async () => {
  const signIns = [0, 1, 2, 3, 4].map((n) => refused(startMs + n * 10_000, 'ann'));
  const elsewhere = listed(startMs + minuteMs, 'ann', { namespace: 'team-b' });
  const before = listed(startMs - 1, 'ann');
  const found = await report(open([before, ...signIns, elsewhere]), asked());
  expect(found.events).toBe(5);
  expect(ofRule(found, 'FailedSignIns')).toMatchObject({ alerts: 1, pagesPerWeek: 1 });
  expect(ofRule(found, 'keys')).toMatchObject({ hits: 0, alerts: 0 });
  expect((await report(open([elsewhere]), asked(), 'team-b')).events).toBe(1);
});

test('silence is found between events', async () => {
  const text =
    'title: It stopped\nid: stopped\npreset: flatline\nlogsource: {product: tmws}\nfilter: {s: {method: ListKeys}, condition: s}\ntimeframe: 1h\nthreshold: 1\n';
  const events = [listed(startMs, 'ann'), listed(startMs + 30 * minuteMs, 'ann'), listed(startMs + 5 * 60 * minuteMs, 'ann')];
  const found = await report(open(events, { text }), asked({ toMs: startMs + 5.5 * 60 * minuteMs }));
  expect(ofRule(found, 'stopped')).toMatchObject({ alerts: 1 });
});

test('only so many events are looked at, and only one backtest runs at a time', async () => {
  const events = [1, 2, 3].map((n) => listed(startMs + n * minuteMs, 'ann'));
  expect(await report(open(events, { mostEvents: 2 }), asked())).toMatchObject({
    events: 2,
    truncated: true,
    toMs: startMs + 2 * minuteMs,
  });
  const run = open(events);
  const first = run('default', asked(), new AbortController().signal);
  const begun = first.next();
  await expect(run('default', asked(), new AbortController().signal).next()).rejects.toMatchObject({ kind: 'limited' });
  await begun;
  await first.return(undefined);
  expect((await report(run, asked())).events).toBe(3);
});

test('who leaves ends it', async () => {
  const gone = new AbortController();
  gone.abort(new Error('left'));
  const run = open([listed(startMs, 'ann')]);
  await expect(run('default', asked(), gone.signal).next()).rejects.toThrow('left');
  expect((await report(run, asked())).events).toBe(1);
});
