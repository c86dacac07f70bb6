import { manualClock } from '@tmws/testkit';
import type { SinkAnswer, TakenNotification } from '../src/ports.ts';
import { Secret } from '../src/domain/config/secret.ts';
import { templateSet } from '../src/domain/template/template-set.ts';
import { openSinkHttp } from '../src/outbound/sink-http.ts';
import { splunkHecSink } from '../src/outbound/splunk-hec-sink.ts';
import { type FakeSplunk, hecToken, startFakeSplunk } from './fake-splunk.ts';
import { openMoreReceiver } from './open-more-receiver.ts';
import { doc, docAlert, notification, sentAtMs } from './sent-notification.ts';

const { id } = notification();
const fingerprint = '0123456789abcdef';

/** A sink that asks for 40 ms, and what the ledger keeps of its answers. */
function delivering(splunk: FakeSplunk, of: TakenNotification = notification()) {
  const clock = manualClock(sentAtMs);
  const http = openSinkHttp(undefined);
  const config = { url: new Secret(splunk.url), token: new Secret(hecToken) };
  const pace = { firstPauseMs: 5, longestPauseMs: 20, holdMs: 40, doubtMs: 30_000 };
  const sink = splunkHecSink(config, { http, clock: clock.now, templates: templateSet([]) }, pace);
  let taken = { ...of, attempts: 0 };
  const attempt = async (): Promise<SinkAnswer> => {
    taken = { ...taken, attempts: taken.attempts + 1 };
    const answer = await sink(taken);
    if (!answer.sent && answer.progress !== undefined) taken = { ...taken, progress: answer.progress };
    return answer;
  };
  return {
    clock,
    attempt,
    /** An attempt that is killed before what came of it is written down. */
    killed: async (): Promise<void> => {
      const { progress } = taken;
      await attempt();
      taken = { ...taken, progress };
    },
    [Symbol.dispose]: () => http.close(),
  };
}

test('Splunk gets an event for each alert, with its time in seconds, and a message is sent once indexers have it', async () => {
  await using splunk = await startFakeSplunk();
  using receiver = await openMoreReceiver(
    `splunk_hec_configs: [{url: "${splunk.url}/services/collector", token: ${hecToken}, index: security, host: tmws-1, source: alerts}]`,
  );
  const alerts = [
    docAlert({ alertname: 'FailedSignIns', tmws_source: 'auth', severity: 'warning', user: 'ann', source_ip: '203.0.113.7' }),
    docAlert({ alertname: 'Down', severity: 'critical' }, { fingerprint: 'fedcba9876543210', status: 'resolved' }),
  ];
  const of = notification(doc({ alerts }), { createdAtMs: sentAtMs + 123 });
  expect(await receiver.sink('splunk_hec/0')(of)).toEqual({ sent: true, receipt: `ackId 0 channel ${id}` });
  expect(splunk.requests).toEqual(['post 200', 'ask {"acks":[0]}']);
  expect(splunk.indexed).toMatchObject([
    {
      ...{ time: (sentAtMs + 123) / 1000, host: 'tmws-1', source: 'alerts', sourcetype: 'tmws:alert:ecs', index: 'security' },
      event: { event: { kind: 'alert', category: ['authentication'], outcome: 'failure' }, source: { ip: '203.0.113.7' } },
      fields: { tmws_id: `${id}-${fingerprint}`, tmws_namespace: 'default', tmws_status: 'firing', tmws_severity: 'warning' },
    },
    { event: { event: { action: 'alert-resolved' } }, fields: { tmws_id: `${id}-fedcba9876543210` } },
  ]);
  expect(receiver.integrationsOf('team')).toMatchObject([{ sendResolved: true, guarantee: 'exactly_once' }]);
});

test.each([
  ['ocsf', { class_uid: 2004, type_uid: 200402 }],
  ['alertmanager', { status: 'firing', fingerprint, receiver: 'team', groupKey: '{}:{alertname="Down"}' }],
])('events are %s where the file says so', async (format, event) => {
  await using splunk = await startFakeSplunk();
  using receiver = await openMoreReceiver(`splunk_hec_configs: [{url: "${splunk.url}", token: ${hecToken}, format: ${format}}]`);
  expect(await receiver.sink('splunk_hec/0')(notification())).toMatchObject({ sent: true });
  expect(splunk.indexed).toMatchObject([{ sourcetype: `tmws:alert:${format}`, event }]);
});

test('a message that is not indexed yet waits, and the next attempt asks instead of posting', async () => {
  await using splunk = await startFakeSplunk({ acknowledging: false });
  using hec = delivering(splunk);
  expect(await hec.attempt()).toMatchObject({
    ...{ sent: false, permanent: false, waiting: true, retryAfterMs: 1000 },
    error: 'Splunk took it and has not acknowledged 1 of 1 requests yet (ackId 0)',
  });
  splunk.requests.length = 0;
  splunk.acknowledge();
  expect(await hec.attempt()).toEqual({ sent: true, receipt: `ackId 0 channel ${id}` });
  expect(splunk.requests).toEqual(['ask {"acks":[0]}']);
  expect(splunk.indexed).toHaveLength(1);
});

test('what no indexer acknowledges within ack_timeout is posted again, not before', async () => {
  await using splunk = await startFakeSplunk({ acknowledging: false });
  using hec = delivering(splunk);
  await hec.attempt();
  hec.clock.advance(119_999);
  await hec.attempt();
  expect(splunk.indexed).toHaveLength(1);
  hec.clock.advance(1);
  await hec.attempt();
  expect(splunk.indexed).toHaveLength(2);
  splunk.acknowledge();
  expect(await hec.attempt()).toMatchObject({ sent: true });
});

test('a Splunk that restarts, and counts its ackIds from 0 again, gets what it forgot once more', async () => {
  await using splunk = await startFakeSplunk({ acknowledging: false });
  using hec = delivering(splunk);
  await hec.attempt();
  splunk.restart();
  splunk.acknowledge();
  expect(await hec.attempt()).toMatchObject({ sent: false, waiting: true });
  hec.clock.advance(120_000);
  expect(await hec.attempt()).toEqual({ sent: true, receipt: `ackId 0 channel ${id}` });
});

test('a message whose answer was lost is indexed once', async () => {
  await using splunk = await startFakeSplunk();
  splunk.nextPost('lost');
  using hec = delivering(splunk);
  expect(await hec.attempt()).toMatchObject({
    sent: false,
    permanent: false,
    error: expect.stringContaining('ECONNRESET') as unknown,
  });
  expect(await hec.attempt()).toEqual({ sent: true, receipt: `ackId 0 channel ${id}` });
  expect([splunk.requests, splunk.doubles()]).toEqual([['post 200', 'ask {"acks":[0]}'], []]);
});

test('a message whose sender was killed after posting it is indexed once, also when indexers take their time', async () => {
  await using splunk = await startFakeSplunk({ acknowledging: false });
  using hec = delivering(splunk);
  await hec.killed();
  expect(await hec.attempt()).toMatchObject({
    ...{ sent: false, waiting: true },
    error: 'its answer was lost, and Splunk does not say yet whether it indexed it',
  });
  hec.clock.advance(29_000);
  splunk.acknowledge();
  expect(await hec.attempt()).toEqual({ sent: true, receipt: `ackId 0 channel ${id}` });
  expect([splunk.indexed.length, splunk.doubles()]).toEqual([1, []]);
});

test('a message whose request broke before Splunk read it is posted again after half a minute of asking', async () => {
  await using splunk = await startFakeSplunk();
  splunk.nextPost('cut');
  using hec = delivering(splunk);
  expect(await hec.attempt()).toMatchObject({ sent: false });
  expect(await hec.attempt()).toMatchObject({ sent: false, waiting: true });
  expect(splunk.indexed).toEqual([]);
  hec.clock.advance(30_000);
  expect(await hec.attempt()).toMatchObject({ sent: true });
  expect(splunk.indexed).toHaveLength(1);
});

test('a message that nobody was there to take is posted as soon as somebody is', async () => {
  const gone = await startFakeSplunk();
  await gone[Symbol.asyncDispose]();
  using nobody = delivering(gone);
  const answer = await nobody.attempt();
  expect(answer).toMatchObject({ sent: false, permanent: false, error: 'the connection was refused (ECONNREFUSED)' });
  await using splunk = await startFakeSplunk();
  using hec = delivering(splunk, notification(doc(), { progress: answer.sent ? '' : (answer.progress ?? '') }));
  await hec.attempt();
  expect(splunk.requests[0]).toBe('post 200');
});

test('a group of more than a megabyte goes in requests of less, and after a lost answer only what is missing is posted', async () => {
  await using splunk = await startFakeSplunk();
  const alerts = Array.from({ length: 40 }, (_, n) =>
    docAlert(
      { alertname: 'Big', n: String(n) },
      { fingerprint: String(n).padStart(16, '0'), annotations: { text: 'x'.repeat(60_000) } },
    ),
  );
  splunk.nextPost(undefined, 'lost');
  using hec = delivering(splunk, notification(doc({ alerts })));
  expect(await hec.attempt()).toMatchObject({ sent: false });
  expect(await hec.attempt()).toEqual({ sent: true, receipt: `ackId 0,1,2 channel ${id}` });
  expect([splunk.indexed.length, splunk.doubles()]).toEqual([40, []]);
  expect(splunk.requests.filter((each) => each === 'post 200')).toHaveLength(3);
});

test.each([
  [503, { text: 'Server is busy', code: 9 }, { 'retry-after': '7' }, { permanent: false, retryAfterMs: 7000 }],
  [500, { text: 'Internal server error', code: 8 }, {}, { permanent: false }],
  [429, { text: 'Too many', code: 26 }, { 'retry-after': '2' }, { permanent: false, retryAfterMs: 2000 }],
  [400, { text: 'Invalid data format', code: 6 }, {}, { permanent: true }],
  [400, { text: 'Incorrect index', code: 7 }, {}, { permanent: true }],
  [400, { text: 'Data channel is missing', code: 10 }, {}, { permanent: true }],
  [401, { text: 'Token is required', code: 2 }, {}, { permanent: true }],
  [403, { text: 'Invalid token', code: 4 }, {}, { permanent: true }],
])('a Splunk that answers %i with %j is asked again only if that may help', async (status, body, headers, expected) => {
  await using splunk = await startFakeSplunk();
  splunk.nextPost({ status, body: JSON.stringify(body), headers });
  using hec = delivering(splunk);
  const answer = await hec.attempt();
  expect(answer).toMatchObject({
    sent: false,
    ...expected,
    error: expect.stringContaining(`${body.text} (code ${body.code})`) as unknown,
  });
  expect(JSON.stringify(answer)).not.toContain(hecToken);
  if (expected.permanent) return;
  expect(await hec.attempt()).toEqual({ sent: true, receipt: `ackId 0 channel ${id}` });
  expect(splunk.requests[1]).toBe('post 200');
});

test('a Splunk that does not answer the question keeps what it took', async () => {
  await using splunk = await startFakeSplunk();
  splunk.nextAsk({ status: 503, headers: { 'retry-after': '3' } });
  using hec = delivering(splunk);
  expect(await hec.attempt()).toMatchObject({
    ...{ sent: false, permanent: false, retryAfterMs: 3000 },
    error: 'Splunk, asked for acknowledgement, answered 503 Service Unavailable',
  });
  expect(await hec.attempt()).toMatchObject({ sent: true });
  expect(splunk.indexed).toHaveLength(1);
});

test('a 200 of somebody else is no success, and nothing is posted before Splunk was asked', async () => {
  await using splunk = await startFakeSplunk();
  splunk.nextPost({ status: 200, body: '<html>It works!</html>' });
  using hec = delivering(splunk);
  expect(await hec.attempt()).toMatchObject({
    ...{ sent: false, permanent: false, error: 'Splunk answered what a collector does not answer' },
  });
  expect(await hec.attempt()).toMatchObject({ sent: false, waiting: true });
  expect(splunk.indexed).toEqual([]);
});

test('a Splunk that takes a message and answers too late has it once', async () => {
  await using splunk = await startFakeSplunk();
  splunk.nextPost('hang');
  using receiver = await openMoreReceiver(`splunk_hec_configs: [{url: "${splunk.url}", token: ${hecToken}, timeout: 200ms}]`);
  const send = receiver.sink('splunk_hec/0');
  const late = await send(notification());
  expect(late).toMatchObject({ sent: false, permanent: false, error: 'no answer within 200 ms' });
  const progress = late.sent ? '' : (late.progress ?? '');
  expect(await send({ ...notification(), attempts: 2, progress })).toMatchObject({ sent: true });
  expect(splunk.indexed).toHaveLength(1);
});

test('a wrong token is dead, and the message does not tell it', async () => {
  await using splunk = await startFakeSplunk();
  using receiver = await openMoreReceiver(`splunk_hec_configs: [{url: "${splunk.url}", token: wr0ng}]`);
  const answer = await receiver.sink('splunk_hec/0')(notification());
  expect(answer).toMatchObject({ permanent: true, error: 'Splunk answered 403 Forbidden: Invalid token (code 4)' });
  expect(JSON.stringify(answer)).not.toContain('wr0ng');
});

test.each(['ack: false', 'ack: true'])('without acknowledgement by Splunk, 200 is all there is (%s)', async (ack) => {
  await using splunk = await startFakeSplunk({ ackIds: false });
  using receiver = await openMoreReceiver(`splunk_hec_configs: [{url: "${splunk.url}", token: ${hecToken}, ${ack}}]`);
  expect(receiver.integrationsOf('team')).toMatchObject([{ guarantee: ack === 'ack: false' ? 'at_least_once' : 'exactly_once' }]);
  expect(await receiver.sink('splunk_hec/0')(notification())).toEqual({ sent: true, receipt: '200, without acknowledgement' });
  expect(receiver.integrationsOf('team')).toMatchObject([{ guarantee: 'at_least_once' }]);
});

test('an ack_timeout that indexers cannot keep is refused with the file', async () => {
  await expect(openMoreReceiver(`splunk_hec_configs: [{url: "http://splunk:8088", token: x, ack_timeout: 1s}]`)).rejects.toThrow(
    'ack_timeout must be at least 10s',
  );
});
