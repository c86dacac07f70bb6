import { createHmac } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tempDir } from '@tmws/testkit';
import { sign, signingKeys } from '../src/outbound/signed-webhook-sink.ts';
import { startFakeWebhook } from './fake-webhook.ts';
import { openMoreReceiver } from './open-more-receiver.ts';
import { doc, notification, sentAtMs } from './sent-notification.ts';

/** As the specification says a receiver does it: the content is `id.timestamp.body`, any signature of version 1 may be the one. */
function believes(key: Buffer, headers: Record<string, unknown>, body: string, nowS: number): boolean {
  const [id, timestamp, signatures] = ['id', 'timestamp', 'signature'].map((name) => headers[`webhook-${name}`] as string);
  if (Math.abs(nowS - Number(timestamp)) > 300) return false;
  const mac = createHmac('sha256', key);
  for (const part of [id, '.', timestamp, '.', body]) mac.update(part!);
  const expected = mac.digest('base64');
  return signatures!.split(' ').some((each) => each.split(',')[0] === 'v1' && each.split(',')[1] === expected);
}

test("the signature is that of the specification's published example", () => {
  const keys = signingKeys('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');
  expect(sign(keys, 'msg_p5jXN8AQM9LWM0D4loKWxJek', 1_614_265_330_000, '{"test": 2432232314}')).toEqual({
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  });
});

test("a signed webhook gets Alertmanager's JSON, and a second try has the same id and another time", async () => {
  await using webhook = await startFakeWebhook(() => ({ status: 200, headers: { 'x-request-id': 'r-1' } }));
  let nowMs = sentAtMs;
  using team = await openMoreReceiver(
    `signed_webhook_configs: [{url: "${webhook.url}/hook", signing_secret: "any text"}]`,
    () => nowMs,
  );
  expect(team.integrationsOf('team')).toMatchObject([
    { name: 'signed_webhook/0', sendResolved: true, guarantee: 'exactly_once' },
  ]);
  expect(await team.sink('signed_webhook/0')(notification())).toEqual({ sent: true, receipt: '200 r-1' });
  nowMs += 400_000;
  await team.sink('signed_webhook/0')(notification(doc(), { attempts: 2 }));
  const [first, second] = webhook.received;
  expect(JSON.parse(first!.body)).toEqual({ ...doc(), version: '4', truncatedAlerts: 0 });
  for (const received of [first, second]) {
    expect(received?.headers).toMatchObject({ 'webhook-id': notification().id, 'idempotency-key': notification().id });
  }
  const key = Buffer.from('any text');
  expect(believes(key, first!.headers, first!.body, sentAtMs / 1000)).toBe(true);
  expect(believes(key, second!.headers, second!.body, nowMs / 1000)).toBe(true);
  expect(believes(key, first!.headers, second!.body.replace('Down', 'Up'), sentAtMs / 1000)).toBe(false);
  expect(believes(key, first!.headers, first!.body, nowMs / 1000)).toBe(false);
});

test('while a secret is changed both sign, and the file is read at each message', async () => {
  await using dir = await tempDir('signed');
  await using webhook = await startFakeWebhook();
  const file = join(dir.path, 'secret');
  using team = await openMoreReceiver(`signed_webhook_configs: [{url: "${webhook.url}", signing_secret_file: "${file}"}]`);
  const send = team.sink('signed_webhook/0');
  expect(await send(notification())).toEqual({
    sent: false,
    permanent: false,
    error: 'the file of signing_secret_file cannot be read (ENOENT)',
  });
  const old = Buffer.from('old secret of twenty-four bytes');
  const next = Buffer.from('next');
  for (const lines of [`whsec_${old.toString('base64')}\n`, `whsec_${old.toString('base64')}\r\nnext\n`, 'next\n']) {
    await writeFile(file, lines);
    expect(await send(notification())).toMatchObject({ sent: true });
  }
  const believed = webhook.received.map(({ headers, body }) =>
    [old, next].map((key) => believes(key, headers, body, sentAtMs / 1000)),
  );
  expect(believed).toEqual([
    [true, false],
    [true, true],
    [false, true],
  ]);
  await writeFile(file, ' \n');
  expect(await send(notification())).toMatchObject({ sent: false, permanent: false, error: 'signing_secret is empty' });
});

test('a signature goes along where a redirect leads elsewhere, who asks does not', async () => {
  await using elsewhere = await startFakeWebhook();
  await using webhook = await startFakeWebhook(() => ({ status: 308, headers: { location: elsewhere.url } }));
  using team = await openMoreReceiver(
    `signed_webhook_configs: [{url: "${webhook.url}", signing_secret: s3cret, http_config: {bearer_token: abc}}]`,
  );
  expect(await team.sink('signed_webhook/0')(notification())).toMatchObject({ sent: true });
  const [there] = elsewhere.received;
  expect(there?.headers.authorization).toBeUndefined();
  expect(believes(Buffer.from('s3cret'), there!.headers, there!.body, sentAtMs / 1000)).toBe(true);
});

test.each([
  [429, { 'retry-after': '7' }, { permanent: false, retryAfterMs: 7_000 }],
  [503, {}, { permanent: false }],
  [401, {}, { permanent: true, error: 'the webhook answered 401 Unauthorized' }],
])('a signed webhook that answers %i is tried again if that may help', async (status, headers, expected) => {
  await using webhook = await startFakeWebhook(() => ({ status, headers }));
  using team = await openMoreReceiver(`signed_webhook_configs: [{url: "${webhook.url}/s3cret", signing_secret: s3cret}]`);
  const answer = await team.sink('signed_webhook/0')(notification());
  expect(answer).toMatchObject({ sent: false, ...expected });
  expect(JSON.stringify(answer)).not.toContain('s3cret');
});

test('a secret that is none is a mistake of the file, and neither it nor one that is good is shown', async () => {
  const wrong = openMoreReceiver('signed_webhook_configs: [{url: "http://a.example", signing_secret: "whsec_s3cret!"}]');
  await expect(wrong).rejects.toThrow(
    'receiver "team", signed_webhook_configs[0]: signing_secret begins with whsec_, but no base64 follows (it is a secret, so it is not shown)',
  );
  using team = await openMoreReceiver('signed_webhook_configs: [{url: "http://a.example/s3cret", signing_secret: s3cret}]');
  expect(team.shown).not.toContain('s3cret');
  await expect(openMoreReceiver('signed_webhook_configs: [{url: "http://a.example"}]')).rejects.toThrow(
    'needs signing_secret or signing_secret_file',
  );
});
