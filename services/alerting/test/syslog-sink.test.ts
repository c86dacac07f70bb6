import { selfSignedCertificate, tempDir } from '@tmws/testkit';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startFakeSyslog } from './fake-syslog.ts';
import { openMoreReceiver } from './open-more-receiver.ts';
import { readCef } from './read-cef.ts';
import { doc, docAlert, notification, sentAtMs } from './sent-notification.ts';

const { id } = notification();
const signIns = docAlert(
  { alertname: 'FailedSignIns', tmws_source: 'auth', severity: 'critical', user: 'ann', source_ip: '203.0.113.7' },
  { annotations: { summary: '5 failed sign-ins\nas ann = all | \\ "]' } },
);

test('syslog gets a message for each alert as CEF, and it is sent once the receiver has read all and closed', async () => {
  await using syslog = await startFakeSyslog();
  using receiver = await openMoreReceiver(
    `syslog_configs: [{address: "tcp://127.0.0.1:${syslog.port}", hostname: tmws-1, app_name: alerts}]`,
  );
  const alerts = [signIns, docAlert({ alertname: 'Down' }, { fingerprint: 'fedcba9876543210', status: 'resolved' })];
  const of = notification(doc({ alerts }), { createdAtMs: sentAtMs + 45, namespace: 'team "a"]\\' });
  expect(await receiver.sink('syslog/0')(of)).toEqual({
    sent: true,
    receipt: expect.stringMatching(/^2 messages, \d+ bytes, read to the end and closed by the receiver$/) as unknown,
  });
  expect(syslog.received).toMatchObject([
    {
      ...{ facility: 13, severity: 2, timestamp: '2026-11-22T12:00:00.045Z', hostname: 'tmws-1', appName: 'alerts', procId: '-' },
      msgId: 'ALERT-FIRING',
      data: {
        'tmws@32473': {
          id: `${id}-0123456789abcdef`,
          notification: id,
          fingerprint: '0123456789abcdef',
          namespace: 'team "a"]\\',
          status: 'firing',
        },
      },
    },
    { severity: 5, msgId: 'ALERT-RESOLVED' },
  ]);
  expect(readCef(syslog.received[0]?.message ?? '')).toMatchObject({
    header: ['0', 'TMWS', 'alerting', '1', 'FailedSignIns', 'FailedSignIns', '8'],
    extension: {
      msg: '5 failed sign-ins\nas ann = all | \\ "]',
      suser: 'ann',
      src: '203.0.113.7',
      act: 'firing',
      outcome: 'failure',
    },
  });
});

test('over TLS it goes only to whom its certificate says it is, as OCSF where the file says so', async () => {
  await using dir = await tempDir('syslog');
  const certificate = selfSignedCertificate();
  const ca = join(dir.path, 'ca.pem');
  await writeFile(ca, certificate.cert);
  await using syslog = await startFakeSyslog(certificate);
  const address = `address: "tls://localhost:${syslog.port}", format: ocsf, facility: 4`;
  using trusting = await openMoreReceiver(`syslog_configs: [{${address}, tls_config: {ca_file: "${ca}"}}]`);
  expect(await trusting.sink('syslog/0')(notification(doc({ alerts: [signIns] })))).toMatchObject({ sent: true });
  expect(syslog.received).toMatchObject([{ facility: 4, severity: 2 }]);
  expect(JSON.parse(syslog.received[0]?.message ?? '')).toMatchObject({
    class_uid: 3002,
    type_uid: 300201,
    user: { name: 'ann' },
  });
  using strict = await openMoreReceiver(`syslog_configs: [{${address}}]`);
  expect(await strict.sink('syslog/0')(notification())).toMatchObject({
    ...{ sent: false, permanent: false },
    error: 'its certificate is signed by itself: set tls_config.ca_file (DEPTH_ZERO_SELF_SIGNED_CERT)',
  });
  using other = await openMoreReceiver(
    `syslog_configs: [{${address}, tls_config: {ca_file: "${ca}", server_name: siem.example.org}}]`,
  );
  expect(await other.sink('syslog/0')(notification())).toMatchObject({
    error: 'its certificate is for another name (ERR_TLS_CERT_ALTNAME_INVALID)',
  });
});

test.each([
  ['reset', 'the connection was closed before an answer (ECONNRESET)'],
  ['shut', 'the receiver closed the connection before all was sent'],
  ['unread', 'the connection was closed before an answer (ECONNRESET)'],
  ['open', 'the receiver has not read all within 100 ms'],
] as const)('what a receiver did not read (%s) is sent again, with the id it had', async (trouble, error) => {
  await using syslog = await startFakeSyslog();
  syslog.next(trouble);
  const opened = (timeout: string) =>
    openMoreReceiver(`syslog_configs: [{address: "tcp://127.0.0.1:${syslog.port}", timeout: ${timeout}}]`);
  using hasty = await opened(trouble === 'open' ? '100ms' : '9s');
  using receiver = await opened('9s');
  const answer = await hasty.sink('syslog/0')(notification());
  expect(answer).toMatchObject({ sent: false, permanent: false });
  // Which of the two is seen first is the kernel's to say.
  const closed = 'the receiver closed the connection before all was sent';
  expect([error, ...(trouble === 'open' ? [] : [closed])]).toContain(answer.sent ? '' : answer.error);
  expect(await receiver.sink('syslog/0')(notification())).toMatchObject({ sent: true });
  expect(syslog.received.at(-1)).toMatchObject({ data: { 'tmws@32473': { id: `${id}-0123456789abcdef` } } });
});

test('a receiver that reads slowly gets all of a large group, and long messages are cut to what receivers take', async () => {
  await using syslog = await startFakeSyslog();
  syslog.next('slow');
  using receiver = await openMoreReceiver(`syslog_configs: [{address: "tcp://127.0.0.1:${syslog.port}", format: ocsf}]`);
  const long = 'ü'.repeat(20_000);
  const alerts = Array.from({ length: 100 }, (_, n) => docAlert({ alertname: 'Down', n: String(n) }, { annotations: { long } }));
  expect(await receiver.sink('syslog/0')(notification(doc({ alerts })))).toMatchObject({ sent: true });
  expect(syslog.received).toHaveLength(100);
  for (const { message } of syslog.received) {
    expect(Buffer.byteLength(message)).toBeLessThan(8000);
    expect(JSON.parse(message)).toMatchObject({ class_uid: 2004, finding_info: { title: 'Down' } });
  }
});

test('a receiver that nobody serves is tried again', async () => {
  const syslog = await startFakeSyslog();
  await syslog[Symbol.asyncDispose]();
  using receiver = await openMoreReceiver(`syslog_configs: [{address: "tcp://127.0.0.1:${syslog.port}"}]`);
  expect(await receiver.sink('syslog/0')(notification())).toMatchObject({
    ...{ sent: false, permanent: false, error: 'the connection was refused (ECONNREFUSED)' },
  });
});

test.each([
  ['address: "tcp://siem:99999"', 'the port must be from 1 to 65535 (got 99999)'],
  ['address: "tcp://siem", facility: 24', 'facility must be from 0 to 23 (got 24)'],
  ['address: "tcp://siem", tls_config: {insecure_skip_verify: true}', 'tls_config is for an address that begins with tls://'],
  ['address: "udp://siem"', 'must be an address like "tls://siem.example.org:6514"'],
  ['format: cef', 'needs address'],
])('a file with %s is refused', async (config, error) => {
  await expect(openMoreReceiver(`syslog_configs: [{${config}}]`)).rejects.toThrow(error);
});
