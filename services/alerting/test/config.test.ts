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
  ...['5', '0/5m', '101/5m', '5/0s', '5/2d', 'five/5m', '5/5'].map((given): [Record<string, string>, string] => [
    { ALERTING_FAILED_SIGN_INS: given },
    'ALERTING_FAILED_SIGN_INS must be a number from 1 to 100, a slash and a duration from 1s to 1d, like "5/5m", or "off"',
  ]),
])('%j is wrong', (env, message) => {
  expect(() => loadConfig(env)).toThrow(message);
  expect(() => loadConfig(env)).not.toThrow('s3cret');
});
