import { doc, docAlert, notification, sentAtMs } from '../../../test/sent-notification.ts';
import { ocsfEvent } from './ocsf.ts';
import { siemAlerts } from './siem-alert.ts';

const of = (labels: Record<string, string>, more = {}, reason = 'first') =>
  ocsfEvent(siemAlerts(notification(doc(), { reason }), doc({ alerts: [docAlert(labels, more)] }))[0]!);

const resolved = { status: 'resolved', endsAt: '2026-11-22T11:59:30Z' };

test.each([
  ['first', {}, 1, 'Create', 1],
  ['new firing', {}, 1, 'Create', 1],
  ['repeat', {}, 2, 'Update', 1],
  ['all resolved', resolved, 3, 'Close', 4],
])('an alert told for the reason %s is a detection finding, activity %j', (reason, more, activity, name, status) => {
  const event = of({ alertname: 'Down', severity: 'critical', user: 'ann', source_ip: '203.0.113.7' }, more, reason);
  expect(event).toMatchObject({
    ...{ class_uid: 2004, category_uid: 2, activity_id: activity, activity_name: name, type_uid: 200_400 + activity },
    ...{ time: sentAtMs, severity_id: 5, severity: 'Critical', status_id: status },
    metadata: {
      version: '1.3.0',
      product: { name: 'alerting', vendor_name: 'TMWS' },
      uid: `${notification().id}-0123456789abcdef`,
    },
    finding_info: { uid: `0123456789abcdef-${sentAtMs - 60_000}`, title: 'Down' },
    evidences: [{ actor: { user: { name: 'ann' } }, src_endpoint: { ip: '203.0.113.7' } }],
    observables: [
      { name: 'evidences[].actor.user.name', type_id: 4, value: 'ann' },
      { name: 'evidences[].src_endpoint.ip', type_id: 2, value: '203.0.113.7' },
    ],
  });
});

test('failed sign-ins are Authentication that failed, and a finding that closes once they are over', () => {
  const labels = { alertname: 'FailedSignIns', tmws_source: 'auth', severity: 'warning', source_ip: '203.0.113.7' };
  expect(of(labels)).toMatchObject({
    ...{ class_uid: 3002, category_uid: 3, activity_id: 1, type_uid: 300_201, status_id: 2, status: 'Failure', severity_id: 3 },
    ...{ user: { name: 'unknown' }, src_endpoint: { ip: '203.0.113.7' } },
    observables: [{ name: 'src_endpoint.ip', value: '203.0.113.7' }],
  });
  expect(of(labels, resolved)).toMatchObject({ class_uid: 2004, type_uid: 200_403, duration: 30_000 });
});

test.each([
  ['info', 1, 'Informational'],
  ['low', 2, 'Low'],
  ['medium', 3, 'Medium'],
  ['high', 4, 'High'],
  ['emergency', 6, 'Fatal'],
  ['', 0, 'Unknown'],
  ['page', 99, 'page'],
])('the severity %j is %i in OCSF', (severity, id, name) => {
  expect(of({ alertname: 'X', severity })).toMatchObject({ severity_id: id, severity: name });
});
