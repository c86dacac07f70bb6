import { failedSignIns, type FailedSignInsState } from './failed-sign-ins.ts';
import type { MadeAlert, SecuritySeen } from './rule.ts';

const minute = 60_000;
const at = Date.UTC(2026, 2, 1, 12);
const rule = failedSignIns({ raiseAt: 5, windowMs: 5 * minute });

const refused = (i: number, more: Partial<SecuritySeen> = {}): SecuritySeen => ({
  about: 'security',
  namespace: 'team-a',
  source: '/tmws/gateway/audit',
  id: `audit/${i}`,
  type: 'tmws.auth.failed',
  atMs: at + i * 1_000,
  principal: 'ann',
  sourceIp: '203.0.113.7',
  method: 'GET /api/v1/executions',
  resource: '',
  reason: 'the key was revoked',
  severity: '',
  attributes: '',
  ...more,
});

function seeing() {
  const states = new Map<string, FailedSignInsState>();
  return (event: SecuritySeen, nowMs = event.atMs): MadeAlert[] =>
    rule.keysOf(event).flatMap((key) => {
      const { state, alerts } = rule.see(states.get(key), key, event, nowMs);
      states.set(key, JSON.parse(JSON.stringify(state)) as FailedSignInsState);
      return alerts;
    });
}

test('the fifth failed sign-in of a user from one address makes an alert of each, in words', () => {
  const see = seeing();
  expect([0, 1, 2, 3].flatMap((i) => see(refused(i)))).toEqual([]);
  const made = see(refused(4));
  expect(made.map(({ posted }) => posted.labels)).toEqual([
    { alertname: 'FailedSignIns', tmws_source: 'auth', severity: 'warning', user: 'ann' },
    { alertname: 'FailedSignIns', tmws_source: 'auth', severity: 'warning', source_ip: '203.0.113.7' },
  ]);
  expect(made.map(({ posted }) => posted.annotations?.summary)).toEqual([
    '5 failed sign-ins as ann from 203.0.113.7 within 5m',
    '5 failed sign-ins from 203.0.113.7 as ann within 5m',
  ]);
  expect(made[0]?.posted.annotations?.description).toBe(
    'The last: 2026-03-01T12:00:04.000Z 203.0.113.7: the key was revoked at GET /api/v1/executions; ' +
      '2026-03-01T12:00:03.000Z 203.0.113.7: the key was revoked at GET /api/v1/executions; ' +
      '2026-03-01T12:00:02.000Z 203.0.113.7: the key was revoked at GET /api/v1/executions',
  );
  expect(made[0]?.posted).toMatchObject({ startsAt: '2026-03-01T12:00:04.000Z', endsAt: '2026-03-01T12:05:04.000Z' });
});

test('one user from three addresses counts together, and what comes after is counted on', () => {
  const see = seeing();
  let last: MadeAlert | undefined;
  for (let i = 0; i < 12; i++) [last] = see(refused(i, { sourceIp: `203.0.113.${i % 3}`, atMs: at + i * 20_000 }));
  expect(last?.posted.annotations?.summary).toBe('12 failed sign-ins as ann from 3 addresses within 5m');
});

test('whoever asks about another namespace each time is counted all the same, and the alert is in default', () => {
  const see = seeing();
  const made = [0, 1, 2, 3, 4].flatMap((i) => see(refused(i, { namespace: `n${i}`, principal: '' })));
  expect(made).toMatchObject([{ namespace: 'default', posted: { labels: { source_ip: '203.0.113.7' } } }]);
});

test('four in five minutes are nothing, nor is the fifth a moment too late', () => {
  const see = seeing();
  expect([0, 60, 120, 180, 300].flatMap((second) => see(refused(second)))).toEqual([]);
});

test('an attack that goes on keeps the alert firing until half of the limit is left in the window', () => {
  const see = seeing();
  for (let i = 0; i < 5; i++) see(refused(i));
  const later = see(refused(200));
  expect(later[0]?.posted.endsAt).toBe('2026-03-01T12:05:04.000Z');
  const [on] = [240, 280].flatMap((i) => see(refused(i))).slice(-2);
  expect(on?.posted.endsAt).toBe(new Date(at + 200_000 + 5 * minute).toISOString());
});

test('what is heard an hour late is told, for a window from then', () => {
  const see = seeing();
  const now = at + 60 * minute;
  const [made] = [0, 1, 2, 3, 4].flatMap((i) => see(refused(i), now + i));
  expect(made?.posted).toMatchObject({
    startsAt: new Date(now + 4).toISOString(),
    endsAt: new Date(now + 4 + 5 * minute).toISOString(),
  });
});

test('what was sent again changes nothing, also long after', () => {
  const see = seeing();
  for (let i = 0; i < 5; i++) see(refused(i));
  expect([0, 1, 2, 3, 4].flatMap((i) => see(refused(i), at + 60 * minute))).toEqual([]);
});

test.each([
  [0, 4, undefined],
  [1, 4, '5 failed sign-ins from 203.0.113.7 as ann within 5m'],
  [3, 1204, '1207 failed sign-ins from 203.0.113.7 as ann within 5m'],
  [0, 1204, '1204 failed sign-ins from 203.0.113.7 as ann within 5m'],
])('F3 after %d that came one by one, %d that were counted count as so many', (before, times, summary) => {
  const see = seeing();
  for (let i = 0; i < before; i++) see(refused(i));
  const counted = refused(10, { times });
  expect(see(counted).at(-1)?.posted.annotations?.summary).toBe(summary);
  expect(see(counted)).toEqual([]);
});
