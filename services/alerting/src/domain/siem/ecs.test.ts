import { doc, docAlert, notification, sentAtMs } from '../../../test/sent-notification.ts';
import { ecsDocument } from './ecs.ts';
import { siemAlerts } from './siem-alert.ts';

const of = (labels: Record<string, string>, more = {}, by = notification()) =>
  ecsDocument(siemAlerts(by, doc({ alerts: [docAlert(labels, more)] }))[0]!);

test('failed sign-ins of a user are a document of ECS with who, from where and since when', () => {
  const labels = {
    alertname: 'FailedSignIns',
    tmws_source: 'auth',
    severity: 'warning',
    user: 'ann',
    source_ip: '203.0.113.7',
    job: 'api',
  };
  expect(of(labels, { annotations: { summary: '5 failed sign-ins', trace_id: '4bf92f35' } })).toEqual({
    '@timestamp': '2026-11-22T12:00:00.000Z',
    ecs: { version: '8.17.0' },
    message: '5 failed sign-ins',
    event: {
      ...{
        kind: 'alert',
        category: ['authentication'],
        type: ['start'],
        action: 'alert-fired',
        outcome: 'failure',
        severity: 47,
      },
      ...{ id: `${notification().id}-0123456789abcdef`, module: 'tmws', provider: 'alerting', dataset: 'tmws.alert' },
      ...{
        created: '2026-11-22T12:00:00.000Z',
        start: '2026-11-22T11:59:00.000Z',
        url: 'http://prom.example/graph?g0.expr=up&g0.tab=1',
      },
    },
    rule: { id: 'FailedSignIns', name: 'FailedSignIns', ruleset: 'auth' },
    source: { ip: '203.0.113.7', address: '203.0.113.7' },
    user: { name: 'ann' },
    related: { ip: ['203.0.113.7'], user: ['ann'] },
    service: { name: 'api' },
    trace: { id: '4bf92f35' },
    labels,
    tmws: {
      alert: {
        ...{ id: `${notification().id}-0123456789abcdef`, notification: notification().id, fingerprint: '0123456789abcdef' },
        ...{ status: 'firing', name: 'FailedSignIns', severity: 'warning', namespace: 'default', receiver: 'team' },
        group: '{}:{alertname="Down"}',
      },
      annotations: { summary: '5 failed sign-ins', trace_id: '4bf92f35' },
    },
  });
});

test.each([
  [{ tmws_source: 'traffic' }, 'api', 'denied', 'failure'],
  [{ tmws_source: 'security', event_type: 'tmws.tool.refused' }, 'intrusion_detection', 'info', 'unknown'],
  [{ rule_id: 'ATR-1' }, 'intrusion_detection', 'info', 'unknown'],
  [{ event_type: 'tmws.auth.failed' }, 'authentication', 'start', 'failure'],
  [{}, 'host', 'info', 'unknown'],
])('an alert with %j is of a category and a type that ECS knows', (labels, category, type, outcome) => {
  expect(of({ alertname: 'X', ...labels })).toMatchObject({ event: { category: [category], type: [type], outcome } });
});

test('what is resolved has its end and how long it fired, and failed nothing', () => {
  const more = { status: 'resolved', endsAt: '2026-11-22T11:59:30.500Z' };
  expect(of({ alertname: 'X', tmws_source: 'auth' }, more)).toMatchObject({
    event: {
      action: 'alert-resolved',
      type: ['info'],
      outcome: 'unknown',
      end: '2026-11-22T11:59:30.500Z',
      duration: 30_500_000_000,
    },
  });
});

test.each(['203.0.113.7', '::', '::1', '2001:db8::7', '::ffff:203.0.113.7', '1:2:3:4:5:6:7:8', 'fe80::'])(
  '%s is an address',
  (ip) => expect(of({ alertname: 'X', source_ip: ip })).toMatchObject({ source: { ip }, related: { ip: [ip] } }),
);

test.each([
  '203.0.113',
  '203.0.113.256',
  '01.2.3.4',
  '1:2:3:4:5:6:7',
  '1::2::3',
  'fe80::1%eth0',
  'proxy-1',
  '1:2:3:4:5:6:7:8:9',
  'g::',
])('%s is no address, and a mapping of addresses does not get it', (name) =>
  expect(of({ alertname: 'X', source_ip: name }).source).toEqual({ address: name }),
);

test('a replay has the ids of what it replays, any other message its own', () => {
  const again = { ...notification(), id: '1b7f9a54-6f0e-4b8f-9d7c-1f2e3d4c5b6a' };
  const idOf = (by: typeof again & { replayOf?: string }): unknown => (of({ alertname: 'X' }, {}, by).event as { id: string }).id;
  expect(idOf({ ...again, replayOf: notification().id })).toBe(idOf(notification()));
  expect(idOf(again)).not.toBe(idOf(notification()));
});

test('times that are none are those of the message', () => {
  const told = of({ alertname: 'X' }, { startsAt: 'yesterday' }, notification(doc(), { createdAtMs: sentAtMs + 7 }));
  expect(told).toMatchObject({ event: { start: '2026-11-22T12:00:00.007Z' } });
});
