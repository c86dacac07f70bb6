import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tempDir } from '@tmws/testkit';
import { startFakeWebhook } from './fake-webhook.ts';
import { openReceiver } from './open-receiver.ts';
import { notification } from './sent-notification.ts';

test('each configuration of a receiver is an integration of its own, in order, with what Alertmanager assumes of resolved alerts', async () => {
  const { integrationsOf, sinkOf, close } = await openReceiver(
    'webhook_configs: [{url: "http://a"}, {url: "http://b", send_resolved: false}], slack_configs: [{api_url: "http://c"}], ' +
      'email_configs: [{to: a@example.org, send_resolved: true}]',
    'global: {smtp_smarthost: "localhost:25", smtp_from: t@example.org}',
  );
  expect(integrationsOf('team').map(({ name, sendResolved }) => [name, sendResolved])).toEqual([
    ['webhook/0', true],
    ['webhook/1', false],
    ['slack/0', false],
    ['email/0', true],
  ]);
  expect([integrationsOf('nobody'), sinkOf('nobody', 'webhook/0'), sinkOf('team', 'webhook/2')]).toEqual([
    [],
    undefined,
    undefined,
  ]);
  close();
});

test('http_config of global holds where a receiver says nothing', async () => {
  await using webhook = await startFakeWebhook();
  const { sink, close } = await openReceiver(
    `webhook_configs: [{url: "${webhook.url}"}, {url: "${webhook.url}", http_config: {bearer_token: own}}]`,
    'global: {http_config: {bearer_token: global}}',
  );
  await sink('webhook/0')(notification());
  await sink('webhook/1')(notification());
  close();
  expect(webhook.received.map(({ headers }) => headers.authorization)).toEqual(['Bearer global', 'Bearer own']);
});

test('templates come from files by patterns, and the last definition of a name holds', async () => {
  await using dir = await tempDir('sinks');
  await mkdir(join(dir.path, 'templates'));
  await writeFile(
    join(dir.path, 'templates', 'a.tmpl'),
    '{{ define "slack.default.title" }}from a{{ end }}{{ define "x" }}x{{ end }}',
  );
  await writeFile(join(dir.path, 'templates', 'b.tmpl'), '{{ define "slack.default.title" }}from b, {{ template "x" }}{{ end }}');
  await using webhook = await startFakeWebhook(() => ({ status: 200, body: 'ok' }));
  const { sink, close } = await openReceiver(
    `slack_configs: [{api_url: "${webhook.url}"}]`,
    'templates: ["templates/*.tmpl", "none/*.tmpl"]',
    dir.path,
  );
  await sink('slack/0')(notification());
  close();
  expect(webhook.received[0]?.body).toContain('"title":"from b, x"');
});

test.each([
  ['', 'templates: [gone.tmpl]', 'line 1: templates[0]: the file "gone.tmpl" cannot be read (ENOENT)'],
  ['', 'templates: ["*.tmpl"]', 'line 1: templates[0]: template "bad.tmpl", line 1: {{define}} has no {{end}}'],
  [
    'slack_configs: [{api_url: "http://c", fields: [{title: a, value: "{{ nope }}"}]}]',
    '',
    'line 4: receiver "team", slack_configs[0].fields[0].value: template "", line 1: function "nope" is not defined',
  ],
  [
    'email_configs: [{to: a@example.org, headers: {Content-Type: x, "a b": c}}]',
    '',
    'line 4: receiver "team", email_configs[0]: headers: Content-Type cannot be set: the mail has its own\n' +
      'line 4: receiver "team", email_configs[0]: headers: "a b" is not the name of a header',
  ],
  [
    'email_configs: [{to: a@example.org, smarthost: "mail.example:25", require_tls: false, auth_username: u, auth_password: s3cret}]',
    '',
    'line 4: receiver "team", email_configs[0]: the password would go over the network as it is: leave require_tls at true, or log in with auth_secret (CRAM-MD5)',
  ],
  [
    'webhook_configs: [{url: "http://a", http_config: {http_headers: {Host: {values: [x]}}}}]',
    '',
    'line 4: receiver "team", webhook_configs[0]: http_headers: Host is set by the request itself',
  ],
])('what could not be sent is an error of the configuration: %s %s', async (receiver, rest, expected) => {
  await using dir = await tempDir('sinks');
  await writeFile(join(dir.path, 'bad.tmpl'), '{{ define "a" }}');
  const globals = 'global: {smtp_smarthost: "localhost:25", smtp_from: t@example.org}';
  const file = rest === '' ? globals : `${globals}\n${rest}`;
  await expect(openReceiver(receiver || 'webhook_configs: []', file, dir.path)).rejects.toThrow(expected);
});
