import { Problem } from '@tmws/problems';
import type { NotificationDoc, Sink, TakenNotification } from '../ports.ts';
import { testReceiver, type TestRequest } from './test-receiver.ts';

const nowMs = Date.UTC(2026, 10, 22, 12);

/** Receivers of a file: `team` with these sinks, `quiet` with none. Pauses that nobody ends are over when `late` is called. */
function opened(sinks: Record<string, Sink>) {
  const seen: TakenNotification[] = [];
  const over = Promise.withResolvers<undefined>();
  const time = { nowMs };
  const ids = ['one', 'two', 'three'];
  const test = testReceiver({
    receivers: () => ['quiet', 'team'],
    integrationsOf: (receiver) => (receiver === 'team' ? Object.keys(sinks).map((name) => ({ name, sendResolved: true })) : []),
    sinkOf: (_, integration) => (notification) => {
      seen.push(notification);
      time.nowMs += 10;
      return sinks[integration]!(notification);
    },
    externalUrl: () => 'http://tmws.example',
    names: 'utf8',
    clock: () => time.nowMs,
    newId: () => ids.shift() ?? 'next',
    pause: (ms) => (ms > 1_000 ? over.promise : Promise.resolve()),
  });
  const ask = (more: Partial<TestRequest> = {}) =>
    test({ receiver: 'team', integration: '', labels: {}, namespace: 'default', by: 'ann', ...more });
  return { ask, seen, time, late: () => over.resolve(undefined) };
}

const sent =
  (receipt: string): Sink =>
  () =>
    Promise.resolve({ sent: true, receipt });
const refused: Sink = () => Promise.resolve({ sent: false, permanent: true, error: 'the webhook answered 404 Not Found' });

test('each integration of a receiver is told at once that this is a test, and says what it made of it', async () => {
  const { ask, seen } = opened({ 'webhook/0': refused, 'slack/0': sent('200 ok') });
  expect(await ask({ labels: { team: 'db' } })).toMatchObject([
    { name: 'webhook/0', sent: false, receipt: '', error: 'the webhook answered 404 Not Found' },
    { name: 'slack/0', sent: true, receipt: '200 ok', error: '' },
  ]);
  const [{ doc, ...message } = { doc: '' }] = seen;
  expect(message).toMatchObject({
    id: 'one',
    receiver: 'team',
    integration: 'webhook/0',
    reason: 'test',
    handle: '',
    progress: '',
  });
  expect(JSON.parse(doc)).toMatchObject({
    receiver: 'team',
    status: 'firing',
    groupLabels: { alertname: 'TestAlert' },
    commonLabels: { alertname: 'TestAlert', severity: 'info', team: 'db' },
    externalURL: 'http://tmws.example',
    alerts: [{ status: 'firing', startsAt: '2026-11-22T12:00:00.000Z', endsAt: '0001-01-01T00:00:00Z' }],
  } satisfies Partial<Record<keyof NotificationDoc, unknown>>);
  expect(doc).toContain('This is a test of receiver team: nothing is wrong.');
  expect(doc).toContain('ann asked TMWS to send it.');
});

test('one integration can be tested alone, with an alert of another name', async () => {
  const { ask, seen } = opened({ 'webhook/0': sent('200'), 'webhook/1': sent('201') });
  expect(await ask({ integration: 'webhook/1', labels: { alertname: 'Down', severity: '' } })).toMatchObject([
    { name: 'webhook/1', receipt: '201' },
  ]);
  expect(seen.map(({ doc }) => (JSON.parse(doc) as NotificationDoc).commonLabels)).toEqual([{ alertname: 'Down' }]);
});

test('one that takes the message and works on it is asked again, with what it gave', async () => {
  const { ask, seen } = opened({
    'splunk_hec/0': ({ progress, attempts }) =>
      Promise.resolve(
        attempts < 3
          ? { sent: false, permanent: false, error: 'not acknowledged yet', waiting: true, progress: `${progress}+` }
          : { sent: true, receipt: `ack ${progress}` },
      ),
  });
  expect(await ask()).toMatchObject([{ sent: true, receipt: 'ack ++' }]);
  expect(new Set(seen.map(({ id }) => id))).toEqual(new Set(['one']));
});

test('one that does not answer does not keep the others waiting for ever', async () => {
  const { ask, late } = opened({ 'webhook/0': () => new Promise(() => undefined), 'webhook/1': sent('200') });
  const answer = ask();
  late();
  expect(await answer).toMatchObject([
    { name: 'webhook/0', sent: false, error: 'no answer within 8.5 seconds; the message may still arrive' },
    { name: 'webhook/1', sent: true },
  ]);
});

test('of one that took it and does not say that it has it, what it said last is told', async () => {
  let asked = 0;
  const given = opened({
    'splunk_hec/0': () => {
      if (++asked === 3) given.late();
      return Promise.resolve({ sent: false, permanent: false, error: `not acknowledged, ${Math.min(asked, 2)}`, waiting: true });
    },
  });
  expect(await given.ask()).toMatchObject([{ sent: false, error: 'not acknowledged, 2' }]);
});

test('more than six tests of a receiver in a minute are too many, and it is said when there is room again', async () => {
  const { ask, seen, time } = opened({ 'webhook/0': sent('200') });
  for (let times = 0; times < 6; times++) await ask();
  const refusal: unknown = await ask().catch((error: unknown) => error);
  expect(refusal).toMatchObject({ kind: 'limited', retryAfterMs: 60_000 - 60 });
  expect(seen).toHaveLength(6);
  time.nowMs += 60_000;
  expect(await ask()).toMatchObject([{ sent: true }]);
});

test.each<[Partial<TestRequest>, string, string]>([
  [{ receiver: 'nobody' }, 'not_found', 'there is no receiver "nobody"; there are quiet, team'],
  [{ integration: 'slack/0' }, 'not_found', 'receiver "team" has no integration "slack/0"; there are webhook/0'],
  [{ receiver: 'quiet' }, 'precondition', 'receiver "quiet" tells nobody: it has no integration to test'],
  [{ labels: { '': 'x' } }, 'invalid', 'label name "" is not valid; allowed is any non-empty UTF-8 text'],
])('%j is refused, and nothing is sent', async (asked, kind, message) => {
  const { ask, seen } = opened({ 'webhook/0': sent('200') });
  const refusal: unknown = await ask(asked).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(Problem);
  expect(refusal).toMatchObject({ kind, message });
  expect(seen).toEqual([]);
});
