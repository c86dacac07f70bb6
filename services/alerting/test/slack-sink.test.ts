import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tempDir } from '@tmws/testkit';
import { startFakeSlack } from './fake-slack.ts';
import { openReceiver } from './open-receiver.ts';
import { doc, docAlert, notification } from './sent-notification.ts';

const token = '/services/T000/B000/s3cret';
interface Message {
  [name: string]: unknown;
  attachments: { [name: string]: unknown; text: string; title: string; fallback: string }[];
}
const parsed = (body: string | undefined): Message => JSON.parse(body ?? '') as Message;

test('Slack gets one attachment with the fields that Alertmanager sends', async () => {
  await using slack = await startFakeSlack();
  const { sink, close, integrationsOf } = await openReceiver(
    `slack_configs: [{api_url: "${slack.url}${token}", channel: "#ops"}]`,
  );
  expect(integrationsOf('team')).toMatchObject([{ name: 'slack/0', sendResolved: false }]);
  expect(await sink('slack/0')(notification())).toEqual({ sent: true, receipt: '200 req-1' });
  close();
  expect(slack.received[0]?.headers['content-type']).toBe('application/json');
  expect(parsed(slack.received[0]?.body)).toEqual({
    channel: '#ops',
    username: 'TMWS',
    attachments: [
      {
        title: '[FIRING:1] Down (api)',
        title_link: 'http://tmws.example/#/alerts?receiver=team',
        text: '',
        fallback: '[FIRING:1] Down (api) | http://tmws.example/#/alerts?receiver=team',
        callback_id: '',
        footer: '',
        color: 'danger',
        mrkdwn_in: ['fallback', 'pretext', 'text'],
      },
    ],
  });
});

test('every text of a Slack receiver is a template', async () => {
  await using slack = await startFakeSlack();
  const name = '{{ .CommonLabels.alertname }}';
  const { sink, close } = await openReceiver(
    `slack_configs: [{api_url: "${slack.url}${token}", title: "t ${name}", title_link: "http://x/${name}", text: "x ${name}", ` +
      `pretext: "p ${name}", color: "#{{ len .Alerts }}", footer: "f ${name}", fallback: "b ${name}", message_text: "m ${name}", ` +
      `username: "u ${name}", icon_emoji: ":{{ .Status }}:", short_fields: true, fields: [{title: "{{ .Status }}", value: "${name}"}, ` +
      `{title: a, value: b, short: false}], actions: [{type: button, text: "go ${name}", url: "http://y/${name}", style: danger, ` +
      `confirm: {text: "sure, ${name}?"}}]}]`,
  );
  await sink('slack/0')(notification());
  close();
  expect(parsed(slack.received[0]?.body)).toMatchObject({
    text: 'm Down',
    username: 'u Down',
    icon_emoji: ':firing:',
    attachments: [
      {
        title: 't Down',
        title_link: 'http://x/Down',
        text: 'x Down',
        pretext: 'p Down',
        color: '#1',
        footer: 'f Down',
        fallback: 'b Down',
        fields: [
          { title: 'firing', value: 'Down', short: true },
          { title: 'a', value: 'b', short: false },
        ],
        actions: [{ type: 'button', text: 'go Down', url: 'http://y/Down', style: 'danger', confirm: { text: 'sure, Down?' } }],
      },
    ],
  });
});

test('a message that would be too long for Slack tells of the alerts that fit, and how many are left out', async () => {
  await using slack = await startFakeSlack();
  const { sink, close } = await openReceiver(
    `slack_configs: [{api_url: "${slack.url}${token}", title: "${'😀'.repeat(1100)}", text: "{{ range .Alerts }}{{ .Labels.instance }} ${'x'.repeat(80)}\\n{{ end }}"}]`,
  );
  const alerts = Array.from({ length: 500 }, (_, index) => docAlert({ alertname: 'Down', instance: `host-${index}` }));
  expect(await sink('slack/0')(notification(doc({ alerts })))).toMatchObject({ sent: true });
  close();
  const [{ text, title } = { text: '', title: '' }] = parsed(slack.received[0]?.body).attachments;
  expect(Array.from(title)).toHaveLength(1024);
  expect(title).toMatch(/…$/);
  const [, left] = /\n(\d+) of 500 alerts are left out here, as the message would be too long\.$/.exec(text) ?? [];
  expect(Number(left)).toBe(500 - (text.match(/host-/g) ?? []).length);
  expect(text).toContain('host-20');
  expect(slack.received[0]?.body.length).toBeLessThan(13_200);
});

test('one alert that is too long for Slack is cut, and so are fields', async () => {
  await using slack = await startFakeSlack();
  const { sink, close } = await openReceiver(
    `slack_configs: [{api_url: "${slack.url}${token}", text: "{{ .CommonAnnotations.summary }}", ` +
      `fields: [${Array.from({ length: 9 }, () => '{title: a, value: "{{ .CommonAnnotations.summary }}"}').join()}]}]`,
  );
  expect(await sink('slack/0')(notification(doc({ commonAnnotations: { summary: 'long '.repeat(9000) } })))).toMatchObject({
    sent: true,
  });
  close();
  const message = parsed(slack.received[0]?.body).attachments[0];
  expect(message?.fields).toHaveLength(2);
  expect(message?.text).toMatch(
    /…\nThe rest is left out: it would be too long\.\n7 of 9 fields are left out here, as the message would be too long\.$/,
  );
  expect(slack.received[0]?.body.length).toBeLessThan(13_200);
});

test('a template that fails while it runs does not keep the alert from Slack', async () => {
  await using slack = await startFakeSlack();
  const { sink, close } = await openReceiver(
    `slack_configs: [{api_url: "${slack.url}${token}", title: "{{ (index .Alerts 5).Status }}", text: hello}]`,
  );
  expect(await sink('slack/0')(notification())).toMatchObject({ sent: true });
  close();
  expect(parsed(slack.received[0]?.body).attachments[0]).toMatchObject({
    title: '[FIRING:1] Down (api)',
    text: expect.stringMatching(/^hello\nthe template of title failed: template "", line 1: .*index out of range/) as unknown,
  });
});

test.each([
  [
    { status: 429, headers: { 'retry-after': '30' }, body: 'rate_limited' },
    { permanent: false, retryAfterMs: 30_000 },
  ],
  [
    { status: 500, body: 'rollup_error' },
    { permanent: false, error: 'Slack answered 500 Internal Server Error: rollup_error' },
  ],
  [
    { status: 400, body: 'invalid_payload' },
    { permanent: true, error: 'Slack answered 400 Bad Request: invalid_payload' },
  ],
  [
    { status: 404, body: 'no_service' },
    { permanent: true, error: 'Slack answered 404 Not Found: no_service' },
  ],
  [
    { status: 404, body: `Cannot POST ${token}` },
    { permanent: true, error: 'Slack answered 404 Not Found' },
  ],
  [
    { status: 200, body: 'channel_is_archived' },
    { permanent: true, error: 'Slack answered 200 but not ok: channel_is_archived' },
  ],
  [
    { status: 200, headers: { 'content-type': 'application/json; charset=utf-8' }, body: '{"ok":false,"error":"invalid_auth"}' },
    { permanent: true, error: 'Slack answered 200 but not ok: invalid_auth' },
  ],
  [
    { status: 200, headers: { 'content-type': 'application/json' }, body: '{"ok":false,"error":"ratelimited"}' },
    { permanent: false, error: 'Slack answered 200 but not ok: ratelimited' },
  ],
  ['half', { permanent: false, error: 'Slack broke off its answer' }],
  ['cut', { permanent: false, error: 'the connection was closed before an answer (ECONNRESET)' }],
] as const)('Slack that answers %j is tried again if that may help', async (given, expected) => {
  await using slack = await startFakeSlack();
  const { sink, close } = await openReceiver(`slack_configs: [{api_url: "${slack.url}${token}"}]`);
  slack.next(given);
  const answer = await sink('slack/0')(notification());
  close();
  expect(answer).toMatchObject({ sent: false, ...expected });
  expect(JSON.stringify(answer)).not.toContain('s3cret');
});

test("Slack's address may stand in global, in a file, and the answer of its Web API is read too", async () => {
  await using dir = await tempDir('sinks');
  await using slack = await startFakeSlack();
  await writeFile(join(dir.path, 'url'), `${slack.url}${token}\n`);
  const { sink, close } = await openReceiver(
    'slack_configs: [{http_config: {authorization: {credentials: xoxb-1}}}]',
    `global: {slack_api_url_file: "${join(dir.path, 'url')}"}`,
  );
  slack.next({ status: 200, headers: { 'content-type': 'application/json' }, body: '{"ok":true,"ts":"1"}' });
  expect(await sink('slack/0')(notification())).toEqual({ sent: true, receipt: '200' });
  close();
  expect(slack.received[0]?.headers.authorization).toBe('Bearer xoxb-1');
});
