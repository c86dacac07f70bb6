import { inspect } from 'node:util';
import fc from 'fast-check';
import { routesFor } from '../route-tree.ts';
import { inInterval } from '../time-interval.ts';
import { parseAlertmanagerConfig } from './alertmanager-config.ts';
import { ConfigFaults } from './yaml-reading.ts';

const whole = `# written by ann, whose password is topsecret-comment
global:
  resolve_timeout: 1m
  slack_api_url: https://hooks.example/topsecret-1
  smtp_smarthost: mail.example:587
  smtp_from: tmws@example.org
  smtp_auth_password: topsecret-2
route:
  receiver: all
  group_by: [alertname]
  routes:
  - match: {team: db}
    match_re: {severity: page|critical}
    receiver: db
    continue: yes
    group_wait: 0s
    mute_time_intervals: [night]
  - matchers: ['team="web"', 'zone!~"a|b"']
    group_by: ['...']
    repeat_interval: 1d12h
receivers:
- name: all
  webhook_configs:
  - url: http://sink.example/topsecret-3 # topsecret-4
    http_config: {basic_auth: {username: u, password: topsecret-5}, tls_config: {ca_file: /etc/ca.pem}}
    max_alerts: 10
- name: db
  slack_configs: [{channel: 123, title: '{{ .Status }}', fields: [{title: a, value: b, short: true}]}]
  email_configs:
  - to: ann@example.org
    auth_password: |
      topsecret-6
      topsecret-7
    headers: {Subject: hi}
inhibit_rules:
- source_match: {severity: critical}
  target_matchers: [severity="warning"]
  equal: [cluster]
time_intervals:
- name: night
  time_intervals: [{times: [{start_time: "22:00", end_time: "24:00"}], weekdays: ["monday:friday"], location: Europe/Berlin}]
mute_time_intervals:
- name: end of year
  time_intervals: [{months: [december], days_of_month: ["-3:-1"], years: ["2026:2027"]}]
templates: [/etc/tmws/*.tmpl]
`;
const faultsOf = (text: string) => {
  try {
    parseAlertmanagerConfig(text);
  } catch (error) {
    if (error instanceof ConfigFaults) return error.faults;
    throw error;
  }
  return [];
};

test('a whole file is read', () => {
  const config = parseAlertmanagerConfig(whole);
  expect(config.resolveTimeoutMs).toBe(60_000);
  const labels = { team: 'db', severity: 'page' };
  expect(routesFor(config.route, labels).map(({ key, options }) => [key, options.receiver, options.groupWaitMs])).toEqual([
    ['{}/{severity=~"^(?:page|critical)$",team="db"}', 'db', 0],
  ]);
  expect(config.route.routes[1]?.options).toMatchObject({ receiver: 'all', groupBy: 'all', repeatIntervalMs: 36 * 3_600_000 });
  expect(config.receivers.get('db')?.slacks[0]).toMatchObject({
    channel: '123',
    fields: [{ title: 'a', value: 'b', short: true }],
  });
  expect(config.receivers.get('all')?.webhooks[0]?.url?.reveal()).toBe('http://sink.example/topsecret-3');
  expect(config.inhibitRules).toMatchObject([
    { equal: ['cluster'], source: [{ name: 'severity' }], target: [{ value: 'warning' }] },
  ]);
  expect(inInterval(config.timeIntervals.get('night')!, Date.parse('2026-11-23T21:30:00Z'))).toBe(true);
  expect(inInterval(config.timeIntervals.get('end of year')!, Date.parse('2026-12-29T12:00:00Z'))).toBe(true);
  expect(config.templates).toEqual(['/etc/tmws/*.tmpl']);
});

test('C2 no secret is shown: not in the original, not printed, not as JSON', () => {
  const config = parseAlertmanagerConfig(whole);
  const receivers = [...config.receivers.values()];
  for (const shown of [
    config.original,
    inspect(config, { depth: 20 }),
    JSON.stringify({ ...config, receivers }),
    String(config.global.slack_api_url),
  ]) {
    expect(shown).not.toContain('topsecret');
  }
  expect(config.original.match(/<secret>/g)).toHaveLength(5);
  // Addresses of webhooks stay addresses: amtool before 0.26 reads nothing else.
  expect(config.original).toContain('url: http://hidden.invalid/<secret>\n');
});

const withoutLine = (config: object) => ({ ...config, line: 0 });

test('C3 the original reads as the same configuration, and shows itself the same again', () => {
  const config = parseAlertmanagerConfig(whole);
  const again = parseAlertmanagerConfig(config.original);
  expect(again.original).toBe(config.original);
  expect(JSON.stringify([again.route, again.global, [...again.receivers.values()].map(withoutLine)])).toBe(
    JSON.stringify([config.route, config.global, [...config.receivers.values()].map(withoutLine)]),
  );
});

const receivers = 'receivers: [{name: a}]\n';
const root = (more: string) => `route: {receiver: a${more === '' ? '' : `, ${more}`}}\n${receivers}`;
const receiver = (more: string) => `route: {receiver: a}\nreceivers:\n- name: a\n  ${more}\n`;
const interval = (more: string) => `${root('')}time_intervals:\n- name: n\n  time_intervals:\n  - ${more}\n`;
test.each([
  ['', 1, '', 'the file is empty'],
  ['just text', 1, '', 'must be a mapping'],
  [receivers, 1, '', 'no route'],
  [root('foo: 1'), 1, 'route.foo', 'unknown field "foo"; known are receiver, group_by'],
  [`${root('')}bar: 1\n`, 3, 'bar', 'unknown field "bar"'],
  [root('group_wait: 30'), 1, 'route.group_wait', 'must be a duration like "30s", "5m" or "1h30m" (got "30")'],
  [root('group_interval: 0s'), 1, 'route.group_interval', 'must be longer than 0s'],
  [root('matchers: [a=b]'), 1, 'route', 'the root route takes every alert, so it has no matchers'],
  [
    `route:\n  receiver: a\n  routes:\n  - {}\n  - receiver: nobody\n${receivers}`,
    5,
    'route.routes[1].receiver',
    'there is no receiver "nobody"; there is "a"',
  ],
  [root('routes: [{matchers: ["a b"]}]'), 1, 'route.routes[0].matchers[0]', 'bad matcher "a b"'],
  [root('routes: [{match_re: {x: "(b"}}]'), 1, 'route.routes[0].match_re.x', 'missing closing )'],
  [root('routes: [{mute_time_intervals: [x]}]'), 1, 'route.routes[0]', 'there is no time interval "x"; there is none'],
  [root('group_by: ["...", a]'), 1, 'route.group_by', '"..." means every label'],
  ['route: {receiver: a}\nreceivers:\n- name: a\n- name: a\n', 4, 'receivers[1].name', 'receiver "a" stands twice'],
  ['route: {receiver: a}\nroute: {receiver: a}\n', 2, '', 'Map keys must be unique'],
  [
    receiver('pagerduty_configs: [{routing_key: x}]'),
    4,
    'receivers[0].pagerduty_configs',
    'receivers of this kind are not delivered',
  ],
  [receiver('webhook_configs: [{}]'), 3, 'receivers[0].webhook_configs[0]', 'exactly one of url and url_file'],
  [
    receiver('webhook_configs: [{url: "ftp://topsecret"}]'),
    4,
    'receivers[0].webhook_configs[0].url',
    'must be an address that begins with http',
  ],
  [receiver('slack_configs: [{channel: x}]'), 3, 'receivers[0].slack_configs[0]', 'no Slack API URL'],
  [receiver('email_configs: [{to: x, from: y}]'), 3, 'receivers[0].email_configs[0]', 'no SMTP server'],
  [
    receiver('webhook_configs: [{url: "http://x", http_config: {oauth2: {}}}]'),
    4,
    'receivers[0].webhook_configs[0].http_config.oauth2',
    'oauth2 is not supported',
  ],
  [
    receiver('webhook_configs: [{url: "http://x", http_config: {proxy_url: "http://p"}}]'),
    4,
    'receivers[0].webhook_configs[0].http_config.proxy_url',
    'proxies are not supported',
  ],
  [interval('location: Mars/X'), 6, 'time_intervals[0].time_intervals[0].location', 'must be an IANA time zone'],
  [interval('weekdays: ["friday:monday"]'), 6, 'time_intervals[0].time_intervals[0].weekdays[0]', 'in order from sunday'],
  [
    interval('times: [{start_time: "22:00", end_time: "06:00"}]'),
    6,
    'time_intervals[0].time_intervals[0].times[0]',
    'for a night, write two',
  ],
  ['route: {receiver: a\n', 2, '', 'Flow map'],
  ['route: &r {receiver: a, routes: [*r]}\n', 1, 'route', 'nested too deeply'],
])('C1 %j: line %d, %s: %s', (text, line, path, message) => {
  const [fault] = faultsOf(text);
  expect(fault?.message).toContain(message);
  expect(fault?.path).toContain(path);
  expect(fault?.line).toBe(line);
  expect(JSON.stringify(faultsOf(text))).not.toContain('topsecret');
});

test('all mistakes come at once, in order of their lines', () => {
  const text = `route:\n  receiver: b\n  group_wait: x\n  foo: 1\n${receivers}`;
  expect(faultsOf(text).map(({ line, path }) => [line, path])).toEqual([
    [1, 'route.receiver'],
    [3, 'route.group_wait'],
    [4, 'route.foo'],
  ]);
  expect(() => parseAlertmanagerConfig(text)).toThrow('line 3: route.group_wait: must be a duration');
});

test('whatever is left out or doubled, there is a configuration or ConfigFaults', () => {
  const lines = whole.split('\n');
  fc.assert(
    fc.property(fc.nat(lines.length - 1), fc.nat(lines.length - 1), fc.boolean(), (at, to, cut) => {
      const changed = cut ? lines.toSpliced(at, 1) : lines.toSpliced(at, 0, lines[to] ?? '');
      expect(faultsOf(changed.join('\n')).every(({ line }) => line >= 1 && line <= lines.length + 1)).toBe(true);
    }),
    { numRuns: 200 },
  );
});
