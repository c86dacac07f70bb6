import { accept, fromRecord } from '@tmws/events';
import type { HistoryEntry } from '../ports.ts';
import { alertEvents } from './alert-events.ts';

const entry = (kind: HistoryEntry['kind'], doc: HistoryEntry['doc']): HistoryEntry => ({
  namespace: 'team-a',
  fingerprint: '941c12a956dd0017',
  atMs: Date.UTC(2026, 2, 1),
  kind,
  doc,
});
const accepted = (...entries: HistoryEntry[]) =>
  alertEvents(entries, () => ({ alertname: 'Down' })).map((record, i) =>
    accept(fromRecord({ ...record, partition: 0, offset: BigInt(i), timestampMs: 0 })),
  );

test('an alert that fires is raised, with its labels, on a record that any consumer of the topic accepts', () => {
  const [event] = accepted(entry('fired', { annotations: { summary: 's' }, startsAtMs: 5_000, generatorUrl: '' }));
  expect(event).toMatchObject({
    topic: 'tmws.alert',
    event: { type: 'tmws.alert.raised', subject: '941c12a956dd0017', namespace: 'team-a' },
    payload: { value: { labels: { alertname: 'Down' }, annotations: { summary: 's' }, startsAt: { seconds: 5n } } },
  });
});

test('a delivery says which message it was, to whom, and its receipt', () => {
  const doc = { notification: 'n-1', receiver: 'ops', integration: 'webhook/0', reason: 'first', attempts: 2, receipt: '200' };
  const [event] = accepted(entry('notified', doc));
  expect(event).toMatchObject({ event: { type: 'tmws.alert.delivered' }, payload: { value: { delivery: doc } } });
});

test('what only people of the fleet look at is no event, and two entries of one instant are two events', () => {
  expect(accepted(entry('changed', {}), entry('commented', { comment: 'x' }))).toEqual([]);
  const ids = accepted(entry('resolved', { endsAtMs: 1 }), entry('fired', { startsAtMs: 2 })).map(({ event }) => event.id);
  expect(new Set(ids).size).toBe(2);
});
