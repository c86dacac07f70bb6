// A notification as the ledger gives it to a sink.
import type { NotificationDoc, TakenNotification } from '../src/ports.ts';

export const sentAtMs = Date.UTC(2026, 10, 22, 12);

export const docAlert = (labels: Record<string, string>, more: Partial<NotificationDoc['alerts'][number]> = {}) => ({
  status: 'firing' as const,
  labels,
  annotations: { summary: 'It is <b>down</b>' },
  startsAt: '2026-11-22T11:59:00.000Z',
  endsAt: '0001-01-01T00:00:00Z',
  generatorURL: 'http://prom.example/graph?g0.expr=up&g0.tab=1',
  fingerprint: '0123456789abcdef',
  ...more,
});

export const doc = (more: Partial<NotificationDoc> = {}): NotificationDoc => ({
  receiver: 'team',
  status: 'firing',
  alerts: [docAlert({ alertname: 'Down', job: 'api', instance: 'a:1' })],
  groupLabels: { alertname: 'Down' },
  commonLabels: { alertname: 'Down', job: 'api' },
  commonAnnotations: { summary: 'It is <b>down</b>' },
  externalURL: 'http://tmws.example',
  groupKey: '{}:{alertname="Down"}',
  ...more,
});

export const notification = (of: NotificationDoc = doc(), more: Partial<TakenNotification> = {}): TakenNotification => ({
  id: '0b7f9a54-6f0e-4b8f-9d7c-1f2e3d4c5b6a',
  namespace: 'default',
  receiver: of.receiver,
  integration: 'webhook/0',
  reason: 'new',
  doc: JSON.stringify(of),
  firing: of.alerts.map(({ fingerprint }) => fingerprint),
  resolved: [],
  groupNo: 1n,
  groupKey: of.groupKey,
  createdAtMs: sentAtMs,
  attempts: 1,
  epoch: 1,
  handle: '',
  progress: '',
  ...more,
});
