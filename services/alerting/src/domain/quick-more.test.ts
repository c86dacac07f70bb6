import { parseAlertmanagerConfig } from './config/alertmanager-config.ts';
import type { MoreReceiver } from './config/more-receivers.ts';
import { quickConfig, type QuickReceivers } from './quick-config.ts';
import { parseSiemUrl, quickMore, quickMoreText, withReceivers } from './quick-more.ts';
import { routesFor } from './route-tree.ts';

const bot = { slackBotToken: 'xoxb-s3cret', slackChannel: '#alerts', slackSigningSecret: 's3cret' };
const sendgrid = { sendgridApiKey: 'SG.s3cret', emailTo: 'ops@example.org', emailFrom: 'tmws@example.org' };
const splunk = { siemUrl: 'splunk+https://s3cret.example:8088', siemToken: 's3cret' };
const of = (given: QuickReceivers, name: string): MoreReceiver | undefined => quickMore(given).find((each) => each.name === name);

test.each([
  ['https://siem.example/hook?a=b', { kind: 'webhook', url: 'https://siem.example/hook?a=b' }],
  ['splunk+https://hec.example:8088', { kind: 'splunk', url: 'https://hec.example:8088' }],
  [
    'elasticsearch+https://u:p@es.example:9200/base/alerts-%{yyyy.MM.dd}',
    { kind: 'elasticsearch', url: 'https://u:p@es.example:9200/base', index: 'alerts-%{yyyy.MM.dd}' },
  ],
  ['syslog+tls://siem.example:6514?format=ocsf', { kind: 'syslog', address: 'tls://siem.example:6514', format: 'ocsf' }],
  ['syslog+tcp://[::1]:601', { kind: 'syslog', address: 'tcp://[::1]:601', format: 'cef' }],
  ['splunk+https://hec.example:8088?x=y', undefined],
  ['elasticsearch+https://es.example:9200', undefined],
  ['syslog+udp://siem.example:514', undefined],
  ['syslog+tls://siem.example?format=leef', undefined],
  ['siem.example', undefined],
])('%s is the address of a SIEM, or none', (url, expected) => {
  expect(parseSiemUrl(url)).toEqual(expected);
});

test('a bot, SendGrid and a SIEM are told what a webhook, a mail server and its webhook would be', () => {
  const given = { ...bot, ...sendgrid, ...splunk };
  const config = parseAlertmanagerConfig(quickConfig(given));
  expect([...config.receivers.keys()]).toEqual(['everybody', 'slack', 'mail', 'siem']);
  const told = (labels: Record<string, string>): string[] =>
    routesFor(config.route, { alertname: 'A', ...labels }).map(({ options }) => options.receiver);
  expect([
    told({ tmws_source: 'traffic' }),
    told({ tmws_source: 'auth' }),
    told({ tmws_source: 'security', severity: 'critical' }),
    told({ job: 'api' }),
  ]).toEqual([['slack'], ['mail'], ['siem'], ['everybody']]);
  expect(of(given, 'slack')).toMatchObject({ slack_bot_configs: [{ channel: '#alerts' }] });
  expect(of(given, 'mail')).toMatchObject({ sendgrid_configs: [{ to: 'ops@example.org', from: 'tmws@example.org' }] });
  expect(of(given, 'siem')).toMatchObject({ splunk_hec_configs: [{ send_resolved: false }] });
  expect(Object.keys(of(given, 'everybody') ?? {})).toEqual([
    'name',
    'line',
    'slack_bot_configs',
    'sendgrid_configs',
    'splunk_hec_configs',
  ]);
  expect(of(given, 'everybody')?.splunk_hec_configs?.[0]).not.toHaveProperty('send_resolved');
});

test('the secret signs the webhook in place of the one that is not signed', () => {
  const given = { siemUrl: 'https://siem.example/hook', webhookSecret: 's3cret' };
  const config = parseAlertmanagerConfig(quickConfig(given));
  expect(config.receivers.get('siem')).toMatchObject({ webhooks: [] });
  expect(of(given, 'siem')?.signed_webhook_configs?.[0]).toMatchObject({ send_resolved: false });
  expect(quickMore({ siemUrl: 'https://siem.example/hook' })).toEqual([]);
});

test('an index of Elasticsearch and a syslog server need no token', () => {
  expect(of({ siemUrl: 'elasticsearch+http://es:9200/alerts' }, 'siem')?.elasticsearch_configs?.[0]).toMatchObject({
    index: 'alerts',
  });
  expect(of({ siemUrl: 'syslog+tls://siem.example' }, 'siem')?.syslog_configs).toEqual([
    { address: 'tls://siem.example', format: 'cef', send_resolved: false },
  ]);
});

test('what is shown of them holds no secret', () => {
  const text = quickMoreText(quickMore({ ...bot, ...sendgrid, ...splunk }));
  expect(text).not.toContain('s3cret');
  expect(text).toContain('channel: "#alerts"');
  expect(text).toContain('bot_token: <secret>');
  expect(quickMoreText([])).toBe('');
});

test('what a policy file adds to a receiver comes after what the environment asks for', () => {
  const first = quickMore({ siemUrl: 'syslog+tcp://one.example' });
  const second: MoreReceiver[] = [
    { name: 'siem', line: 7, syslog_configs: [{ address: 'tcp://two.example' }] },
    { name: 'other', line: 9, syslog_configs: [{ address: 'tcp://three.example' }] },
  ];
  const both = withReceivers(first, second);
  expect(both.map(({ name, syslog_configs: list }) => [name, list?.map(({ address }) => address)])).toEqual([
    ['everybody', ['tcp://one.example']],
    ['siem', ['tcp://one.example', 'tcp://two.example']],
    ['other', ['tcp://three.example']],
  ]);
});
