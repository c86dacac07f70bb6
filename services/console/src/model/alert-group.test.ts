import type { AlertGroupJson } from '@tmws/contracts/alerting';
import {
  headline,
  needsSomebody,
  nextEscalation,
  ownersOf,
  readGroup,
  sparkBars,
  sparkWords,
  waitingCount,
} from './alert-group.ts';

const ack = { by: 'ann', at: '2026-01-01T00:00:00Z' };
const group = (json: AlertGroupJson) => readGroup({ alertCount: json.alerts?.length ?? 0, ...json });

test('a group needs somebody as long as an alert of it is told of and nobody looks after it', () => {
  const one = group({ alerts: [{ state: 'active' }, { state: 'active', acknowledgement: ack }, { state: 'suppressed' }] });
  expect(waitingCount(one)).toBe(1);
  const calm = group({ alerts: [{ state: 'active', acknowledgement: ack }, { state: 'suppressed' }, { state: 'damped' }] });
  expect(needsSomebody(calm)).toBe(false);
  expect(needsSomebody({ ...one, gone: true })).toBe(false);
});

test('of a group too large to come whole the counts say how many wait, never less than none', () => {
  expect(waitingCount(group({ alertCount: 140, suppressedCount: 20, acknowledgedCount: 20, alerts: [{}] }))).toBe(100);
  expect(waitingCount(group({ alertCount: 140, suppressedCount: 140, acknowledgedCount: 20, alerts: [{}] }))).toBe(0);
});

test('the headline counts the groups that need somebody, and says where there may be more', () => {
  const [needed, calm] = [group({ alerts: [{}] }), group({ alerts: [{ acknowledgement: ack }] })];
  expect(headline([], false)).toBe('Nothing needs you');
  expect(headline([needed, calm], false)).toBe('1 group needs you');
  expect(headline([needed, needed], true)).toBe('2 groups or more need you');
  // What needs somebody comes first: beyond one that does not there is none.
  expect(headline([needed, needed, calm], true)).toBe('2 groups need you');
});

test('owners are those assigned, else those who acknowledged', () => {
  expect(ownersOf(group({ alerts: [{}] }))).toBeUndefined();
  expect(ownersOf(group({ alerts: [{ assignee: 'ben', acknowledgement: ack }, {}] }))).toBe('ben');
  expect(ownersOf(group({ alerts: [{ assignee: 'ben' }, { acknowledgement: ack }, { assignee: 'cy' }] }))).toBe(
    'ben and 2 others',
  );
});

test('the next escalation is the soonest of alerts nobody acknowledged', () => {
  const escalation = (nextReceiver: string, nextAt: string) => ({ step: 0, steps: 2, nextReceiver, nextAt });
  const late = { escalation: escalation('lead', '2026-01-01T02:00:00Z') };
  const soon = { escalation: escalation('boss', '2026-01-01T01:00:00Z') };
  expect(nextEscalation(group({ alerts: [late, soon, { ...soon, acknowledgement: ack }] }))?.next).toBe('boss');
  expect(nextEscalation(group({ alerts: [{ ...soon, acknowledgement: ack }] }))).toBeUndefined();
});

test('a sparkline shows every part in which something fired, and says it in a sentence', () => {
  expect(sparkBars([0, 1, 100], 18)).toEqual([
    { x: 0, height: 0 },
    { x: 1, height: 1 },
    { x: 2, height: 18 },
  ]);
  expect(sparkWords([0, 1, 100])).toBe('101 began firing in the last hour');
  expect(sparkWords([0, 0])).toBe('None began firing in the last hour');
});
