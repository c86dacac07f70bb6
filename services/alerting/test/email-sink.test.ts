import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tempDir } from '@tmws/testkit';
import { startFakeMailServer } from './fake-mail-server.ts';
import { openReceiver } from './open-receiver.ts';
import { doc, docAlert, notification, sentAtMs } from './sent-notification.ts';

const global = (host: string, more = 'smtp_require_tls: false'): string =>
  `global: {smtp_smarthost: "${host}", smtp_from: "TMWS <tmws@example.org>", ${more}}`;
const headerOf = (headers: { key: string; value: string }[] | undefined, name: string): string | undefined =>
  headers?.find(({ key }) => key === name)?.value;

test('a mail has a subject, a text and a page, and the receipt is what the server says of it', async () => {
  await using server = await startFakeMailServer();
  const { sink, integrationsOf } = await openReceiver(
    'email_configs: [{to: "ann@example.org, Ben <ben@example.org>"}]',
    global(server.host),
  );
  expect(integrationsOf('team')).toMatchObject([{ name: 'email/0', sendResolved: false }]);
  expect(await sink('email/0')(notification())).toEqual({ sent: true, receipt: '250 2.0.0 Ok: queued as Q1' });
  const [received] = server.received;
  expect([received?.from, received?.to]).toEqual(['tmws@example.org', ['ann@example.org', 'ben@example.org']]);
  const mail = received?.mail;
  expect(mail).toMatchObject({
    subject: '[FIRING:1] Down (api)',
    from: { name: 'TMWS', address: 'tmws@example.org' },
    to: [{ address: 'ann@example.org' }, { name: 'Ben', address: 'ben@example.org' }],
    messageId: `<${notification().id}@example.org>`,
    date: new Date(sentAtMs).toISOString(),
  });
  expect(mail?.text).toContain('summary: It is <b>down</b>');
  expect(mail?.html).toContain('It is &lt;b&gt;down&lt;/b&gt;');
  expect(headerOf(mail?.headers, 'auto-submitted')).toBe('auto-generated');
  expect(mail?.inReplyTo).toBeUndefined();
});

test('a second try is the same mail: its Message-ID stays', async () => {
  await using server = await startFakeMailServer();
  const { sink } = await openReceiver('email_configs: [{to: ann@example.org}]', global(server.host));
  await sink('email/0')(notification());
  await sink('email/0')(notification(doc(), { attempts: 2 }));
  const [one, two] = server.received.map(({ mail }) => mail.messageId);
  expect(one).toBe(two);
});

test('with threading the mails of a group stand together, each day or always', async () => {
  await using server = await startFakeMailServer();
  const { sink } = await openReceiver(
    'email_configs: [{to: a@example.org, threading: {enabled: true}}, {to: a@example.org, threading: {enabled: true, thread_by_date: none}}]',
    global(server.host),
  );
  await sink('email/0')(notification());
  await sink('email/0')(notification(doc(), { id: 'another' }));
  await sink('email/1')(notification());
  await sink('email/0')(notification(doc({ groupKey: '{}:{alertname="Other"}' })));
  const threads = server.received.map(({ mail }) => mail.inReplyTo);
  expect(threads[0]).toMatch(/^<alert-[0-9a-f]{16}-2026-11-22@tmws>$/);
  expect(threads[1]).toBe(threads[0]);
  expect(threads[2]).toBe(threads[0]?.replace('2026-11-22', ''));
  expect(threads[3]).not.toBe(threads[0]);
  expect(server.received.map(({ mail }) => mail.references)).toEqual(threads);
});

test('repeats, the end and second tries hang below the first mail of their thread, and a new day begins a thread', async () => {
  await using server = await startFakeMailServer();
  const { sink } = await openReceiver(
    'email_configs: [{to: a@example.org, send_resolved: true, threading: {enabled: true}}]',
    global(server.host),
  );
  const send = async (id: string, handle: string, more: Partial<Parameters<typeof doc>[0]> = {}, createdAtMs = sentAtMs) => {
    const answer = await sink('email/0')(notification(doc(more), { id, handle, createdAtMs }));
    return answer.sent ? (answer.handle ?? '') : answer.error;
  };
  const first = await send('one', '');
  const repeated = await send('two', first);
  await send('two', repeated);
  await send('three', repeated, { status: 'resolved', alerts: [docAlert({ alertname: 'Down' }, { status: 'resolved' })] });
  await send('four', repeated, {}, sentAtMs + 86_400_000);
  const root = server.received[0]?.mail.inReplyTo;
  const seen = server.received.map(({ mail }) => [mail.messageId, mail.inReplyTo, mail.references]);
  const below = ['<one@example.org>', `${root} <one@example.org>`];
  expect(seen.slice(0, 4)).toEqual([
    ['<one@example.org>', root, root],
    ['<two@example.org>', ...below],
    ['<two@example.org>', ...below],
    ['<three@example.org>', ...below],
  ]);
  expect(seen[4]?.[1]).toBe(root?.replace('2026-11-22', '2026-11-23'));
  expect(repeated).toBe(first);
});

test.each([
  ['does not know', true, {}],
  ['knows', false, { ENVID: notification().id, RET: 'HDRS' }],
])('a server that %s of delivery reports is told which message a bounce would be about: hidden %s', async (_, hideDSN, told) => {
  const asked: unknown[] = [];
  await using server = await startFakeMailServer({
    hideDSN,
    onMailFrom: ({ args }, _session, done) => {
      asked.push(args);
      done();
    },
  });
  const { sink } = await openReceiver('email_configs: [{to: ann@example.org}]', global(server.host));
  expect(await sink('email/0')(notification())).toMatchObject({ sent: true });
  const { ENVID, RET } = asked[0] as Record<string, string>;
  expect(JSON.parse(JSON.stringify({ ENVID, RET }))).toEqual(told);
});

test('headers are templates, and nothing that is rendered begins a header of its own', async () => {
  await using server = await startFakeMailServer();
  const { sink } = await openReceiver(
    `email_configs: [{to: ann@example.org, text: hi, html: "", headers: {subject: "S {{ .CommonLabels.evil }}", Reply-To: ops@example.org, ` +
      `X-Team: "{{ .CommonLabels.evil }}", Importance: high}}]`,
    global(server.host),
  );
  const evil = 'a\r\nBcc: eve@example.org\r\nX-Evil: 1\r\n\r\nbody\u0000\u2028é';
  expect(await sink('email/0')(notification(doc({ commonLabels: { evil } })))).toMatchObject({ sent: true });
  const [received] = server.received;
  expect(received?.to).toEqual(['ann@example.org']);
  expect(received?.source).not.toMatch(/^(?:Bcc|X-Evil)/im);
  expect(received?.mail).toMatchObject({
    subject: 'S a Bcc: eve@example.org X-Evil: 1 body é',
    replyTo: [{ address: 'ops@example.org' }],
    text: 'hi\n',
  });
  expect(received?.mail.html).toBeUndefined();
  expect(headerOf(received?.mail.headers, 'importance')).toBe('high');
});

test('an address that a label makes must be one', async () => {
  await using server = await startFakeMailServer();
  const { sink } = await openReceiver('email_configs: [{to: "{{ .CommonLabels.owner }}@example.org"}]', global(server.host));
  expect(await sink('email/0')(notification(doc({ commonLabels: { owner: 'ann' } })))).toMatchObject({ sent: true });
  expect(await sink('email/0')(notification(doc({ commonLabels: { owner: 'x y> SIZE=1\r\nDATA' } })))).toEqual({
    sent: false,
    permanent: true,
    error: 'to must be addresses like "ann@example.org, ben@example.org" (got "x y> SIZE=1 DATA@example.org")',
  });
  expect(server.received.map(({ to }) => to)).toEqual([['ann@example.org']]);
});

test.each([
  ['smtp_auth_password: pw', 'ann by PLAIN', ['PLAIN', 'LOGIN']],
  ['smtp_auth_password: pw', 'ann by LOGIN', ['LOGIN']],
  ['smtp_auth_password: pw', 'ann by CRAM-MD5', ['CRAM-MD5']],
  ['smtp_auth_secret: pw', 'ann by CRAM-MD5', ['PLAIN', 'CRAM-MD5']],
  ['smtp_auth_password: pw, smtp_auth_identity: ann', 'ann by PLAIN', ['PLAIN', 'LOGIN']],
])('with %s it is %s who logs in, where the server offers %j', async (auth, expected, authMethods) => {
  await using server = await startFakeMailServer({ authMethods, allowInsecureAuth: true }, { ann: 'pw' });
  const { sink } = await openReceiver(
    'email_configs: [{to: a@example.org}]',
    global(server.host, `smtp_require_tls: false, smtp_auth_username: ann, ${auth}`),
  );
  expect(await sink('email/0')(notification())).toMatchObject({ sent: true });
  expect(server.received[0]?.user).toBe(expected);
});

test('a wrong password is final, and not told; the file of the right one is read anew', async () => {
  await using dir = await tempDir('sinks');
  await using server = await startFakeMailServer({ allowInsecureAuth: true }, { ann: 'pw' });
  const file = join(dir.path, 'password');
  await writeFile(file, 's3cret\n');
  const { sink } = await openReceiver(
    'email_configs: [{to: a@example.org}]',
    global(server.host, `smtp_require_tls: false, smtp_auth_username: ann, smtp_auth_password_file: "${file}"`),
  );
  expect(await sink('email/0')(notification())).toEqual({
    sent: false,
    permanent: true,
    error: 'the mail server answered 535 Authentication credentials invalid',
  });
  await writeFile(file, 'pw\n');
  expect(await sink('email/0')(notification())).toMatchObject({ sent: true });
});

test('mail goes by STARTTLS unless the file says no, and never without where it says yes', async () => {
  await using server = await startFakeMailServer();
  const insecure = 'smtp_tls_config: {insecure_skip_verify: true}';
  const { sink } = await openReceiver('email_configs: [{to: a@example.org}]', global(server.host, insecure));
  expect(await sink('email/0')(notification())).toMatchObject({ sent: true });
  expect(server.received[0]?.secure).toBe(true);
  const strict = await openReceiver('email_configs: [{to: a@example.org}]', global(server.host, 'smtp_require_tls: true'));
  expect(await strict.sink('email/0')(notification())).toMatchObject({ sent: false, permanent: false });
  await using plain = await startFakeMailServer({ hideSTARTTLS: true, disabledCommands: ['AUTH', 'STARTTLS'] });
  const without = await openReceiver('email_configs: [{to: a@example.org}]', global(plain.host, insecure));
  expect(await without.sink('email/0')(notification())).toMatchObject({ sent: false, permanent: expect.any(Boolean) as boolean });
  expect([server.received.length, plain.received.length]).toEqual([1, 0]);
});

test('a server that speaks TLS from the start is spoken to so', async () => {
  await using server = await startFakeMailServer({ secure: true });
  const tls = 'smtp_force_implicit_tls: true, smtp_tls_config: {insecure_skip_verify: true}';
  const { sink } = await openReceiver('email_configs: [{to: a@example.org}]', global(server.host, tls));
  expect(await sink('email/0')(notification())).toMatchObject({ sent: true });
  expect(server.received[0]?.secure).toBe(true);
});

test.each([
  ['connect', 421, false],
  ['connect', 554, true],
  ['from', 451, false],
  ['from', 550, true],
  ['to', 450, false],
  ['to', 550, true],
  ['data', 452, false],
  ['data', 554, true],
] as const)('a mail server that answers %s with %i is final: %s', async (at, code, permanent) => {
  await using server = await startFakeMailServer();
  server.refuse(at, code, 'not now');
  const { sink } = await openReceiver('email_configs: [{to: "a@example.org, b@example.org"}]', global(server.host));
  expect(await sink('email/0')(notification())).toEqual({
    sent: false,
    permanent,
    error: expect.stringMatching(`^the mail server answered ${code}.* not now$`) as unknown,
  });
  server.refuse(at, undefined);
  expect(await sink('email/0')(notification())).toMatchObject({ sent: true });
});

test('who was refused while others were taken is named in the receipt', async () => {
  await using server = await startFakeMailServer();
  server.refuse('to', 550, 'unknown', /^gone@/);
  const { sink } = await openReceiver('email_configs: [{to: "a@example.org, gone@example.org"}]', global(server.host));
  expect(await sink('email/0')(notification())).toEqual({
    sent: true,
    receipt: '250 2.0.0 Ok: queued as Q1; refused: gone@example.org',
  });
});

test('a mail server that is not there is tried again', async () => {
  const server = await startFakeMailServer();
  await server[Symbol.asyncDispose]();
  const { sink } = await openReceiver('email_configs: [{to: a@example.org}]', global(server.host));
  expect(await sink('email/0')(notification())).toMatchObject({ sent: false, permanent: false });
});

test('values of labels are no markup in the page', async () => {
  await using server = await startFakeMailServer();
  const { sink } = await openReceiver('email_configs: [{to: a@example.org}]', global(server.host));
  const evil = docAlert({ alertname: '<img src=x onerror=alert(1)>' }, { generatorURL: 'javascript:alert(1)' });
  await sink('email/0')(notification(doc({ alerts: [evil] })));
  expect(server.received[0]?.mail.html).not.toMatch(/<img|href="javascript:/);
});

test('a group that is too large for one mail is told of as far as it fits, and how many are left out', async () => {
  await using server = await startFakeMailServer();
  const { sink } = await openReceiver('email_configs: [{to: a@example.org}]', global(server.host));
  const alerts = Array.from({ length: 20_000 }, (_, index) =>
    docAlert({ alertname: 'Down', instance: `host-${index}` }, { annotations: { summary: 'x'.repeat(1000) } }),
  );
  expect(await sink('email/0')(notification(doc({ alerts })))).toMatchObject({ sent: true });
  const { text = '', html = '' } = server.received[0]?.mail ?? {};
  for (const body of [text, html]) {
    const [, left] = /(\d+) of 20000 alerts are left out here, as the message would be too long\./.exec(body) ?? [];
    expect(Number(left)).toBe(20_000 - (body.match(/host-/g) ?? []).length);
    expect(body.length).toBeLessThan(500_000);
  }
  expect(html).toMatch(/<p>\d+ of 20000 alerts .*<\/p>\s*<\/body>/);
});

test('templates that fail do not keep the alert from being mailed', async () => {
  await using server = await startFakeMailServer();
  const { sink } = await openReceiver(
    'email_configs: [{to: a@example.org, headers: {Subject: "{{ (index .Alerts 5).Status }}"}, html: "<p>{{ (index .Alerts 5).Status }}</p>"}]',
    global(server.host),
  );
  expect(await sink('email/0')(notification())).toMatchObject({ sent: true });
  const { subject, text, html } = server.received[0]?.mail ?? {};
  expect(subject).toBe('[FIRING:1] Down (api)');
  expect(html).toContain('Look at these alerts');
  expect(text).toMatch(/the template of headers\.Subject failed: .*index out of range.*\nthe template of html failed: /s);
});
