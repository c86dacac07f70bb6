import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../src/config.ts';

test('receivers come by the environment alone, or by files that it names', () => {
  const dir = mkdtempSync(join(tmpdir(), 'alerting-'));
  try {
    writeFileSync(join(dir, 'to'), 'ann@example.org, ben@example.org\n');
    const env = {
      ALERTING_SLACK_WEBHOOK_URL: 'https://hooks.example/x',
      ALERTING_SMTP_URL: 'smtp://u:p@mail.example.org:587',
      ALERTING_EMAIL_TO_FILE: join(dir, 'to'),
      ALERTING_SIEM_URL: 'https://siem.example/x',
    };
    expect(loadConfig(env)).toMatchObject({
      slackWebhookUrl: env.ALERTING_SLACK_WEBHOOK_URL,
      smtpUrl: env.ALERTING_SMTP_URL,
      emailTo: 'ann@example.org, ben@example.org',
      siemUrl: env.ALERTING_SIEM_URL,
      giveUpAfterMs: 86_400_000,
    });
  } finally {
    rmSync(dir, { recursive: true });
  }
});

test('a bot, SendGrid, a SIEM and a signed webhook come by the environment alone as well', () => {
  const env = {
    ALERTING_SLACK_BOT_TOKEN: 'xoxb-1',
    ALERTING_SLACK_CHANNEL: '#alerts',
    ALERTING_SENDGRID_API_KEY: 'SG.1',
    ALERTING_EMAIL_TO: 'ann@example.org',
    ALERTING_EMAIL_FROM: 'tmws@example.org',
    ALERTING_SIEM_URL: 'splunk+https://hec.example:8088',
    ALERTING_SIEM_TOKEN: 't',
  };
  expect(loadConfig(env)).toMatchObject({ slackBotToken: 'xoxb-1', slackChannel: '#alerts', siemToken: 't' });
  const signed = { ALERTING_SIEM_URL: 'https://siem.example/x', ALERTING_WEBHOOK_SECRET: 'whsec_YWJj\nany other text' };
  expect(loadConfig(signed)).toMatchObject({ webhookSecret: signed.ALERTING_WEBHOOK_SECRET });
});

test('how many failed sign-ins are too many is one setting', () => {
  expect(loadConfig({}).failedSignIns).toEqual({ raiseAt: 5, windowMs: 300_000 });
  expect(loadConfig({ ALERTING_FAILED_SIGN_INS: '10/1h' }).failedSignIns).toEqual({ raiseAt: 10, windowMs: 3_600_000 });
  expect(loadConfig({ ALERTING_FAILED_SIGN_INS: 'off' }).failedSignIns).toBe('off');
});

test.each<[Record<string, string>, string]>([
  [
    { ALERTING_SLACK_WEBHOOK_URL: 's3cret', ALERTING_SMTP_URL: 'mail:s3cret', ALERTING_EMAIL_TO: 'ann' },
    '3 settings of alerting are wrong: ALERTING_SLACK_WEBHOOK_URL must be an address that begins with http:// or https://; ' +
      'ALERTING_SMTP_URL must be like smtp://user:password@mail.example.org:587 or smtps://mail.example.org, ' +
      'with @, / and % of user and password as %40, %2F and %25; ' +
      'ALERTING_EMAIL_TO must be addresses like ann@example.org, ben@example.org',
  ],
  [
    { ALERTING_CONFIG_FILE: 'a.yml', ALERTING_SIEM_URL: 'https://s3cret' },
    'ALERTING_CONFIG_FILE says who is told, and so does ALERTING_SIEM_URL: keep the file or the addresses, and put the others into it',
  ],
  [
    { ALERTING_SMTP_URL: 'smtp://s3cret' },
    'ALERTING_SMTP_URL is set and ALERTING_EMAIL_TO is not: no mail can be sent; set both or neither',
  ],
  [
    { ALERTING_EMAIL_TO: 'ann@example.org' },
    'ALERTING_EMAIL_TO is set and ALERTING_SMTP_URL is not: no mail can be sent; set both or neither',
  ],
  [
    { ALERTING_SLACK_WEBHOOK_URL: 'https://s3cret', ALERTING_SLACK_BOT_TOKEN: 's3cret' },
    'ALERTING_SLACK_WEBHOOK_URL and ALERTING_SLACK_BOT_TOKEN both say how Slack is told: set one of them; ' +
      'ALERTING_SLACK_BOT_TOKEN is set and ALERTING_SLACK_CHANNEL is not: the bot does not know where to post; set both or neither',
  ],
  [
    { ALERTING_SLACK_SIGNING_SECRET: 's3cret' },
    'ALERTING_SLACK_SIGNING_SECRET is set and ALERTING_SLACK_BOT_TOKEN is not: no bot has buttons; set both or neither',
  ],
  [
    { ALERTING_SMTP_URL: 'smtp://s3cret', ALERTING_SENDGRID_API_KEY: 's3cret', ALERTING_EMAIL_TO: 'ann@example.org' },
    'ALERTING_SMTP_URL and ALERTING_SENDGRID_API_KEY both say how mail is sent: set one of them; ' +
      'ALERTING_SENDGRID_API_KEY is set and ALERTING_EMAIL_FROM is not: SendGrid sends no mail without it; set both or neither',
  ],
  [
    { ALERTING_SIEM_URL: 'splunk+https://s3cret:8088' },
    'ALERTING_SIEM_URL is set and ALERTING_SIEM_TOKEN is not: Splunk takes nothing without its token; set both or neither',
  ],
  [
    { ALERTING_SIEM_URL: 'https://s3cret', ALERTING_SIEM_TOKEN: 's3cret' },
    'ALERTING_SIEM_TOKEN is for splunk+https:// and elasticsearch+https://, and ALERTING_SIEM_URL is neither: leave it out',
  ],
  [
    { ALERTING_SIEM_URL: 'syslog+tls://s3cret', ALERTING_WEBHOOK_SECRET: 's3cret' },
    'ALERTING_WEBHOOK_SECRET signs a webhook, and ALERTING_SIEM_URL is none: leave it out, or set an address with https://',
  ],
  [
    { ALERTING_SIEM_URL: 'syslog+udp://s3cret' },
    'ALERTING_SIEM_URL must be like https://siem.example.org/hook (a webhook), splunk+https://host:8088, ' +
      'elasticsearch+https://host:9200/index, syslog+tls://host:6514?format=cef (or ocsf) or syslog+tcp://host:601',
  ],
  ...['5', '0/5m', '101/5m', '5/0s', '5/2d', 'five/5m', '5/5'].map((given): [Record<string, string>, string] => [
    { ALERTING_FAILED_SIGN_INS: given },
    'ALERTING_FAILED_SIGN_INS must be a number from 1 to 100, a slash and a duration from 1s to 1d, like "5/5m", or "off"',
  ]),
])('%j is wrong', (env, message) => {
  expect(() => loadConfig(env)).toThrow(message);
  expect(() => loadConfig(env)).not.toThrow('s3cret');
});
