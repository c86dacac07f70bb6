import { parseAlertmanagerConfig } from './config/alertmanager-config.ts';
import { quickConfig, type QuickReceivers } from './quick-config.ts';
import { routesFor } from './route-tree.ts';

const all: QuickReceivers = {
  slackWebhookUrl: 'https://hooks.example/services/s3cret',
  smtpUrl: 'smtps://ann%40example.org:s3cret%2F@mail.example.org',
  emailTo: 'ops@example.org, sec@example.org',
  siemUrl: 'https://siem.example/s3cret',
};
const read = (given: QuickReceivers) => parseAlertmanagerConfig(quickConfig(given));
const receiversOf = (given: QuickReceivers, labels: Record<string, string>): string[] =>
  routesFor(read(given).route, { alertname: 'A', ...labels }).map(({ options }) => options.receiver);

test.each([
  ['violations of rate limits go to Slack', { tmws_source: 'traffic' }, 'slack'],
  ['failed sign-ins go to mail', { tmws_source: 'auth' }, 'mail'],
  ['critical security events go to the SIEM', { tmws_source: 'security', severity: 'critical' }, 'siem'],
  ['other security events go to everybody', { tmws_source: 'security', severity: 'warning' }, 'everybody'],
  ['all else goes to everybody', { job: 'api' }, 'everybody'],
])('%s', (_, labels, receiver) => {
  expect(receiversOf(all, labels)).toEqual([receiver]);
});

test('what has no receiver of its own goes to whoever is there, and with nobody there to no one', () => {
  const onlySlack = { slackWebhookUrl: all.slackWebhookUrl };
  expect(receiversOf(onlySlack, { tmws_source: 'auth' })).toEqual(['everybody']);
  expect(read(onlySlack).receivers.get('everybody')).toMatchObject({ slacks: [{}], emails: [], webhooks: [] });
  expect(read({}).receivers.get('everybody')).toMatchObject({ slacks: [], emails: [], webhooks: [] });
});

test('of security events the SIEM hears no end, of all else it does', () => {
  const { receivers } = read(all);
  expect(receivers.get('siem')).toMatchObject({ webhooks: [{ send_resolved: false }] });
  expect(receivers.get('everybody')?.webhooks[0]).not.toHaveProperty('send_resolved');
});

test('what is shown of it holds no secret', () => {
  const config = read(all);
  expect(config.original).not.toContain('s3cret');
  expect(config.original).toContain('api_url: <secret>');
});

test.each(['smtp://mail.example.org', 'smtps://mail.example.org'])(
  '%s needs no field that clients of Alertmanager do not know',
  (smtpUrl) => {
    expect(quickConfig({ ...all, smtpUrl })).not.toContain('force_implicit_tls');
  },
);

test.each([
  ['smtps://ann%40example.org:pw@mail.example.org', { smarthost: 'mail.example.org:465', from: 'ann@example.org' }],
  ['smtps://mail.example.org:4650', { smarthost: 'mail.example.org:4650', force_implicit_tls: true }],
  ['smtp://mail.example.org:465', { smarthost: 'mail.example.org:465', force_implicit_tls: false, require_tls: true }],
  ['smtp://ann:pw@mail.example.org', { smarthost: 'mail.example.org:587', require_tls: true, auth_username: 'ann' }],
  [
    'smtp://mail.example.org:25?require_tls=false',
    { smarthost: 'mail.example.org:25', require_tls: false, from: 'tmws@mail.example.org' },
  ],
  ['smtp://localhost:2525', { smarthost: 'localhost:2525', require_tls: false }],
  ['smtp://[::1]:2525', { smarthost: '[::1]:2525', require_tls: false }],
])('%s is a mail server', (smtpUrl, expected) => {
  expect(read({ smtpUrl, emailTo: 'a@example.org' }).receivers.get('mail')?.emails[0]).toMatchObject(expected);
});

test.each(['http://mail.example.org', 's3cret', 'smtp://u:s3cret%@mail.example.org'])(
  '%s is none, and is not told',
  (smtpUrl) => {
    const attempt = (): unknown => quickConfig({ smtpUrl, emailTo: 'a@example.org' });
    expect(attempt).toThrow('the address of the mail server must be like smtp://user:password@mail.example.org:587');
    expect(attempt).not.toThrow('s3cret');
  },
);
