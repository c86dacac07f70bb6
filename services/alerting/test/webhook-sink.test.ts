import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tempDir } from '@tmws/testkit';
import { startFakeWebhook } from './fake-webhook.ts';
import { openReceiver } from './open-receiver.ts';
import { doc, docAlert, notification } from './sent-notification.ts';

test('a webhook gets what Alertmanager sends, as JSON with a newline, and says by its id which message it is', async () => {
  await using webhook = await startFakeWebhook(() => ({ status: 200, headers: { 'x-request-id': 'abc-1' } }));
  const { sink, close } = await openReceiver(`webhook_configs: [{url: "${webhook.url}/hook?token=s3cret"}]`);
  expect(await sink('webhook/0')(notification())).toEqual({ sent: true, receipt: '200 abc-1' });
  close();
  const [{ method, path, headers, body } = { headers: {}, body: '' }] = webhook.received as Partial<
    (typeof webhook.received)[0]
  >[];
  expect([method, path]).toEqual(['POST', '/hook?token=s3cret']);
  expect(headers).toMatchObject({
    'content-type': 'application/json',
    'user-agent': 'tmws-alerting',
    'idempotency-key': notification().id,
  });
  expect(body).toMatch(/}\n$/);
  expect(JSON.parse(body ?? '')).toEqual({ ...doc(), version: '4', truncatedAlerts: 0 });
});

test('of more alerts than max_alerts the first are sent, and the others counted', async () => {
  await using webhook = await startFakeWebhook();
  const { sink, close } = await openReceiver(`webhook_configs: [{url: "${webhook.url}", max_alerts: 2}]`);
  const alerts = ['a', 'b', 'c', 'd', 'e'].map((instance) => docAlert({ alertname: 'Down', instance }));
  await sink('webhook/0')(notification(doc({ alerts })));
  close();
  const sent = JSON.parse(webhook.received[0]!.body) as { alerts: unknown[]; truncatedAlerts: number };
  expect([sent.alerts, sent.truncatedAlerts]).toEqual([alerts.slice(0, 2), 3]);
});

test.each([
  [500, {}, { permanent: false, error: 'the webhook answered 500 Internal Server Error' }],
  [503, { 'retry-after': '7' }, { permanent: false, retryAfterMs: 7_000 }],
  [429, { 'retry-after': 'Sun, 22 Nov 2026 12:02:00 GMT' }, { permanent: false, retryAfterMs: 120_000 }],
  [429, { 'retry-after': '99999999' }, { permanent: false, retryAfterMs: 3_600_000 }],
  [429, { 'retry-after': 'soon' }, { permanent: false, retryAfterMs: undefined }],
  [408, {}, { permanent: false, error: 'the webhook answered 408 Request Timeout' }],
  [400, { 'retry-after': '7' }, { permanent: true, error: 'the webhook answered 400 Bad Request', retryAfterMs: undefined }],
  [404, {}, { permanent: true, error: 'the webhook answered 404 Not Found' }],
])('a webhook that answers %i with %j is tried again if that may help', async (status, headers, expected) => {
  await using webhook = await startFakeWebhook(() => ({ status, headers, body: 'Cannot POST /s3cret' }));
  const { sink, close } = await openReceiver(`webhook_configs: [{url: "${webhook.url}/s3cret"}]`);
  const answer = await sink('webhook/0')(notification());
  close();
  expect(answer).toMatchObject({ sent: false, ...expected });
  expect(JSON.stringify(answer)).not.toContain('s3cret');
});

test.each([
  ['cut', '5s', 'the connection was closed before an answer (ECONNRESET)'],
  ['shut', '5s', 'the connection was closed before an answer (ECONNRESET)'],
  ['hang', '50ms', 'no answer within 50 ms'],
] as const)('a webhook that gives no answer (%s) is tried again', async (how, timeout, error) => {
  await using webhook = await startFakeWebhook(() => how);
  const { sink, close } = await openReceiver(`webhook_configs: [{url: "${webhook.url}/s3cret", timeout: ${timeout}}]`);
  expect(await sink('webhook/0')(notification())).toEqual({ sent: false, permanent: false, error });
  close();
});

test('an answer that breaks off after its status still says that the message was taken', async () => {
  await using webhook = await startFakeWebhook(() => 'half');
  const { sink, close } = await openReceiver(`webhook_configs: [{url: "${webhook.url}"}]`);
  expect(await sink('webhook/0')(notification())).toEqual({ sent: true, receipt: '200' });
  close();
});

test('a webhook that nobody serves is tried again, and the message does not tell its address', async () => {
  const webhook = await startFakeWebhook();
  await webhook[Symbol.asyncDispose]();
  const { sink } = await openReceiver(`webhook_configs: [{url: "http://user:pw@127.0.0.1:${webhook.port}/s3cret"}]`);
  expect(await sink('webhook/0')(notification())).toEqual({
    sent: false,
    permanent: false,
    error: 'the connection was refused (ECONNREFUSED)',
  });
});

test('an answer without end is not read to its end', async () => {
  await using webhook = await startFakeWebhook(() => ({ status: 200, body: 'x'.repeat(5_000_000) }));
  const { sink, close } = await openReceiver(`webhook_configs: [{url: "${webhook.url}"}]`);
  expect(await sink('webhook/0')(notification())).toEqual({ sent: true, receipt: '200' });
  close();
});

test('a kept connection that the receiver closed is no failure', async () => {
  await using webhook = await startFakeWebhook();
  const { sink, close } = await openReceiver(`webhook_configs: [{url: "${webhook.url}"}]`);
  const send = sink('webhook/0');
  expect(await send(notification())).toMatchObject({ sent: true });
  webhook.next('cut');
  expect(await send(notification())).toMatchObject({ sent: true });
  close();
  expect(webhook.received).toHaveLength(3);
});

test.each([
  ['basic_auth: {username: ann, password: pw}', 'Basic YW5uOnB3'],
  ['authorization: {credentials: abc}', 'Bearer abc'],
  ['authorization: {type: Token, credentials: abc}', 'Token abc'],
  ['bearer_token: abc', 'Bearer abc'],
])('with %s a webhook is told who asks', async (auth, expected) => {
  await using webhook = await startFakeWebhook();
  const { sink, close } = await openReceiver(
    `webhook_configs: [{url: "${webhook.url}", http_config: {${auth}, http_headers: {X-Team: {values: [a], secrets: [b]}}}}]`,
  );
  await sink('webhook/0')(notification());
  close();
  expect(webhook.received[0]?.headers).toMatchObject({ authorization: expected, 'x-team': 'a, b' });
});

test('files of secrets are read at each send, and one that is missing is waited for', async () => {
  await using dir = await tempDir('sinks');
  await using webhook = await startFakeWebhook();
  const [url, token] = [join(dir.path, 'url'), join(dir.path, 'token')];
  const { sink, close } = await openReceiver(
    `webhook_configs: [{url_file: "${url}", http_config: {authorization: {credentials_file: "${token}"}}}]`,
  );
  const send = sink('webhook/0');
  expect(await send(notification())).toEqual({
    sent: false,
    permanent: false,
    error: 'the file of url_file cannot be read (ENOENT)',
  });
  await writeFile(url, `${webhook.url}/one\n`);
  await writeFile(token, 'first\n');
  await send(notification());
  await writeFile(url, `${webhook.url}/two\n`);
  await writeFile(token, 'second\n');
  await send(notification());
  await writeFile(url, 's3cret');
  expect(await send(notification())).toEqual({
    sent: false,
    permanent: true,
    error: 'url_file is not an address that begins with http:// or https:// (it is a secret, so it is not shown)',
  });
  close();
  expect(webhook.received.map(({ path, headers }) => [path, headers.authorization])).toEqual([
    ['/one', 'Bearer first'],
    ['/two', 'Bearer second'],
  ]);
});

test('a redirect that keeps the message is followed, without the credentials if it leads elsewhere', async () => {
  await using elsewhere = await startFakeWebhook();
  await using webhook = await startFakeWebhook(({ path }) =>
    path === '/'
      ? { status: 307, headers: { location: '/here' } }
      : { status: 308, headers: { location: `${elsewhere.url}/there` } },
  );
  const { sink, close } = await openReceiver(`webhook_configs: [{url: "${webhook.url}", http_config: {bearer_token: abc}}]`);
  expect(await sink('webhook/0')(notification())).toMatchObject({ sent: true });
  close();
  expect(webhook.received.map(({ headers }) => headers.authorization)).toEqual(['Bearer abc', 'Bearer abc']);
  const [there] = elsewhere.received;
  expect([there?.method, there?.path, there?.headers.authorization, there?.body.length]).toEqual([
    'POST',
    '/there',
    undefined,
    webhook.received[0]?.body.length,
  ]);
});

test.each([
  ['follow_redirects: false', 307, 'the webhook answered 307 Temporary Redirect'],
  ['follow_redirects: true', 302, 'it was redirected (302), which would turn the message into a GET without alerts'],
  ['follow_redirects: true', 307, 'it was redirected 10 times'],
])('with %s a %i is an error', async (how, status, expected) => {
  await using webhook = await startFakeWebhook(() => ({ status, headers: { location: '/s3cret' } }));
  const { sink, close } = await openReceiver(`webhook_configs: [{url: "${webhook.url}", http_config: {${how}}}]`);
  const answer = await sink('webhook/0')(notification());
  close();
  expect(answer).toMatchObject({ sent: false, permanent: true, error: expect.stringContaining(expected) as unknown });
});
