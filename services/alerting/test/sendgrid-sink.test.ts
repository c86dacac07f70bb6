import { startFakeWebhook } from './fake-webhook.ts';
import { openMoreReceiver } from './open-more-receiver.ts';
import { doc, docAlert, notification, sentAtMs } from './sent-notification.ts';

interface Sent {
  readonly personalizations: { to: { email: string; name?: string }[] }[];
  readonly content: { type: string; value: string }[];
  readonly headers: Record<string, string>;
  readonly categories: string[];
}

const open = (url: string, more = '', to = 'ann@example.org') =>
  openMoreReceiver(`sendgrid_configs: [{api_url: "${url}", api_key: SG.s3cret, to: "${to}", from: tmws@example.org${more}}]`);

test('SendGrid is asked for one mail with a text and a page, and the receipt is its X-Message-Id', async () => {
  await using api = await startFakeWebhook(() => ({ status: 202, headers: { 'x-message-id': '14c5d75ce93.dfd.64b469' } }));
  using team = await open(api.url, ', from_name: TMWS', 'Ann <ann@example.org>, ben@example.org, ANN@example.org');
  expect(team.integrationsOf('team')).toMatchObject([{ name: 'sendgrid/0', sendResolved: false, guarantee: 'at_least_once' }]);
  const answer = await team.sink('sendgrid/0')(notification());
  expect(answer).toMatchObject({ sent: true, receipt: '14c5d75ce93.dfd.64b469' });
  const [{ method, path, headers, body } = { body: '' }] = api.received as Partial<(typeof api.received)[0]>[];
  expect([method, path, headers?.authorization, headers?.['content-type']]).toEqual([
    'POST',
    '/v3/mail/send',
    'Bearer SG.s3cret',
    'application/json',
  ]);
  const sent = JSON.parse(body ?? '') as Sent;
  expect(sent).toMatchObject({
    personalizations: [{ to: [{ email: 'ANN@example.org' }, { email: 'ben@example.org' }] }],
    from: { email: 'tmws@example.org', name: 'TMWS' },
    subject: '[FIRING:1] Down (api)',
    content: [
      { type: 'text/plain', value: expect.stringContaining('summary: It is <b>down</b>') as unknown },
      { type: 'text/html', value: expect.stringContaining('It is &lt;b&gt;down&lt;/b&gt;') as unknown },
    ],
    headers: { 'Message-ID': `<${notification().id}@example.org>`, 'Auto-Submitted': 'auto-generated' },
    categories: ['tmws', 'team'],
    custom_args: { tmws_notification: notification().id },
  });
});

test('by SendGrid too the mails of a group stand together, unless the file says no', async () => {
  await using api = await startFakeWebhook(() => ({ status: 202 }));
  using team = await open(api.url);
  const first = await team.sink('sendgrid/0')(notification());
  expect(first).toMatchObject({ sent: true, receipt: '202' });
  const handle = first.sent ? (first.handle ?? '') : '';
  await team.sink('sendgrid/0')(notification(doc(), { id: 'two', handle }));
  using alone = await open(api.url, ', threading: {enabled: false}');
  await alone.sink('sendgrid/0')(notification());
  const [one, two, three] = api.received.map(({ body }) => (JSON.parse(body) as Sent).headers);
  const root = one?.['In-Reply-To'];
  expect(root).toMatch(/^<alert-[0-9a-f]{16}-2026-11-22@tmws>$/);
  expect(two).toMatchObject({ 'In-Reply-To': one?.['Message-ID'], References: `${root} ${one?.['Message-ID']}` });
  expect(Object.keys(three ?? {})).toEqual(['Message-ID', 'Auto-Submitted']);
});

test('values of labels stay in their header, and what is not ASCII is encoded', async () => {
  await using api = await startFakeWebhook(() => ({ status: 202 }));
  using team = await open(api.url, ', headers: {X-Team: "{{ .CommonLabels.evil }}"}, subject: "S {{ .CommonLabels.evil }}"');
  await team.sink('sendgrid/0')(notification(doc({ commonLabels: { evil: 'a\r\nBcc: eve@example.org é' } })));
  const sent = JSON.parse(api.received[0]!.body) as Sent & { subject: string };
  expect(sent.subject).toBe('S a Bcc: eve@example.org é');
  const words = sent.headers['X-Team']?.split(' ').map((word) => Buffer.from(word.slice(10, -2), 'base64').toString());
  expect(words?.join('')).toBe('a Bcc: eve@example.org é');
});

test.each([
  [429, { 'x-ratelimit-reset': String(sentAtMs / 1000 + 30) }, { permanent: false, retryAfterMs: 30_000 }],
  [429, { 'retry-after': '5' }, { permanent: false, retryAfterMs: 5_000 }],
  [500, {}, { permanent: false, error: 'SendGrid answered 500 Internal Server Error: from.email: does not match' }],
  [503, {}, { permanent: false }],
  [400, {}, { permanent: true, error: 'SendGrid answered 400 Bad Request: from.email: does not match' }],
  [401, {}, { permanent: true }],
  [403, {}, { permanent: true }],
  [413, {}, { permanent: true }],
])('when SendGrid answers %i with %j it is tried again if that may help', async (status, headers, expected) => {
  const errors = [{ message: 'does not match', field: 'from.email', help: null }];
  await using api = await startFakeWebhook(() => ({ status, headers, body: JSON.stringify({ errors }) }));
  using team = await open(api.url);
  expect(await team.sink('sendgrid/0')(notification())).toMatchObject({ sent: false, ...expected });
});

test('the key is told of no answer that repeats it', async () => {
  const errors = [{ message: 'the key SG.s3cret is none' }];
  await using api = await startFakeWebhook(() => ({ status: 401, body: JSON.stringify({ errors }) }));
  using team = await open(api.url);
  expect(await team.sink('sendgrid/0')(notification())).toMatchObject({
    error: 'SendGrid answered 401 Unauthorized: the key <secret> is none',
  });
  expect(team.shown).not.toContain('s3cret');
});

test('what SendGrid would refuse is not sent, and what can be known of it is a mistake of the file', async () => {
  await using api = await startFakeWebhook(() => ({ status: 202 }));
  const many = Array.from({ length: 1_001 }, (_, index) => `u${index}@example.org`).join(',');
  using team = await open(api.url, '', `{{ .CommonLabels.to }}`);
  const send = (to: string) => team.sink('sendgrid/0')(notification(doc({ commonLabels: { to } })));
  expect(await send('nobody')).toMatchObject({ sent: false, permanent: true });
  expect(await send('ann@example.org')).toMatchObject({ sent: true });
  expect(api.received).toHaveLength(1);
  using crowd = await open(api.url, '', many);
  expect(await crowd.sink('sendgrid/0')(notification())).toMatchObject({ sent: false, permanent: true });
  await expect(open(api.url, ', headers: {Subject: x}, html: "{{ nope }}", threading: {thread_by_date: x}')).rejects.toThrow(
    'line 2: receiver "team", sendgrid_configs[0]: html: template "", line 1: function "nope" is not defined\n' +
      'line 2: receiver "team", sendgrid_configs[0]: headers: Subject cannot be set: SendGrid refuses it\n' +
      'line 2: receiver "team", sendgrid_configs[0]: threading.thread_by_date must be daily or none (got "x")',
  );
});

test('a group that is too large is told of as far as it fits', async () => {
  await using api = await startFakeWebhook(() => ({ status: 202 }));
  using team = await open(api.url);
  const alerts = Array.from({ length: 3_000 }, (_, index) =>
    docAlert({ alertname: 'Down', instance: `host-${index}` }, { annotations: { summary: 'x'.repeat(1000) } }),
  );
  expect(await team.sink('sendgrid/0')(notification(doc({ alerts })))).toMatchObject({ sent: true });
  for (const { value } of (JSON.parse(api.received[0]!.body) as Sent).content) {
    expect(value).toMatch(/\d+ of 3000 alerts are left out here/);
    expect(value.length).toBeLessThan(500_000);
  }
});
