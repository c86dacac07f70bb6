import fc from 'fast-check';
import { countOffender, type Offender } from './offenders.ts';
import { mostNamed, rateLimitViolated, type RateLimitViolatedState } from './rate-limit-violated.ts';
import type { MadeAlert, SecuritySeen, TrafficSeen } from './rule.ts';
import { securityEvent } from './security-event.ts';

const minute = 60_000;
const at = Date.UTC(2026, 2, 1, 12);

const observed = (more: Partial<SecuritySeen> = {}): SecuritySeen => ({
  about: 'security',
  namespace: 'team-a',
  source: '/scanner',
  id: 'e-1',
  type: 'tmws.security.observed',
  atMs: at,
  principal: 'ann',
  sourceIp: '203.0.113.7',
  method: '',
  resource: '/etc/passwd',
  reason: 'prompt injection',
  severity: 'critical',
  attributes: '{"rule":"ATR-1"}',
  ...more,
});

describe('SecurityEvent', () => {
  const rule = securityEvent({ firesForMs: 60 * minute });
  const see = (event: SecuritySeen, state?: Readonly<Record<string, never>>) =>
    rule.keysOf(event).flatMap((key) => [...rule.see(state, key, event, at + 5).alerts]);

  test('what is critical is an alert of its own, in its namespace', () => {
    expect(see(observed({ severity: 'CRITICAL' }))).toEqual([
      {
        namespace: 'team-a',
        posted: {
          labels: {
            alertname: 'SecurityEvent',
            tmws_source: 'security',
            severity: 'critical',
            event_type: 'tmws.security.observed',
            event_id: 'e-1',
            event_source: '/scanner',
            user: 'ann',
            source_ip: '203.0.113.7',
          },
          annotations: {
            summary: 'prompt injection: ann from 203.0.113.7',
            description: '/etc/passwd',
            attributes: '{"rule":"ATR-1"}',
          },
          startsAt: '2026-03-01T12:00:00.000Z',
          endsAt: '2026-03-01T13:00:00.005Z',
        },
      },
    ]);
  });

  test('what is less than critical is none, and an event that comes again is none', () => {
    expect(['warning', 'info', '', 'criticalish'].flatMap((severity) => see(observed({ severity })))).toEqual([]);
    expect(see(observed(), {})).toEqual([]);
  });
});

const violation = (key: string, more: Partial<TrafficSeen> = {}): TrafficSeen => ({
  about: 'traffic',
  namespace: 'team-a',
  source: '/tmws/rate-limit',
  id: 'v-1',
  type: 'tmws.traffic.violated',
  atMs: at,
  rule: 'checkout',
  key,
  limit: 100,
  hits: 137,
  windowMs: minute,
  action: 'denied',
  caller: 'ann',
  method: '',
  reason: '',
  violations: 37,
  ...more,
});

describe('RateLimitViolated', () => {
  const rule = rateLimitViolated({ quietMs: 5 * minute });
  const seeing = () => {
    let state: RateLimitViolatedState | undefined;
    return (event: TrafficSeen, nowMs = event.atMs): readonly MadeAlert[] =>
      rule.keysOf(event).flatMap((key) => {
        const seen = rule.see(state, key, event, nowMs);
        state = JSON.parse(JSON.stringify(seen.state)) as RateLimitViolatedState;
        return [...seen.alerts];
      });
  };

  test('a limit and a key have one alert, which says how much and ends when it is quiet', () => {
    const see = seeing();
    expect(see(violation('user=ann'))).toEqual([
      {
        namespace: 'team-a',
        posted: {
          labels: {
            alertname: 'RateLimitViolated',
            tmws_source: 'traffic',
            severity: 'warning',
            rule: 'checkout',
            key: 'user=ann',
          },
          annotations: {
            summary: 'checkout was exceeded 37 times by user=ann: 137 calls in 1m, 100 are allowed',
            description: 'The last: denied, caller ann',
          },
          startsAt: '2026-03-01T12:00:00.000Z',
          endsAt: '2026-03-01T12:05:00.000Z',
        },
      },
    ]);
    const [on] = see(violation('user=ann', { atMs: at + 4 * minute, violations: 1 }));
    expect(on?.posted).toMatchObject({ startsAt: '2026-03-01T12:00:00.000Z', endsAt: '2026-03-01T12:09:00.000Z' });
    expect(on?.posted.annotations?.summary).toMatch('exceeded 38 times');
  });

  test('of a thousand keys ten have alerts of their own, the rest is counted in one that names the worst', () => {
    const see = seeing();
    const made = Array.from({ length: 1_000 }, (_, i) => see(violation(`k${i}`, { violations: i === 500 ? 10_000 : 1 }))).flat();
    const labels = new Set(made.map(({ posted }) => JSON.stringify(posted.labels)));
    expect(labels.size).toBe(mostNamed + 1);
    const [last] = see(violation('k500', { atMs: at + minute }));
    expect(last?.posted.labels).toMatchObject({ keys: 'others' });
    expect(last?.posted.annotations?.description).toMatch(/^Most by k500 \(\d+\), /);
    expect(last?.posted.annotations?.summary).toMatch(`checkout was exceeded ${989 + 10_000 + 37} times by other keys`);
  });

  test('an event sent again long after its alert ended begins nothing', () => {
    const see = seeing();
    see(violation('user=ann'));
    expect(see(violation('user=ann'), at + 60 * minute)).toEqual([]);
    expect(see(violation('user=ann', { atMs: at + 59 * minute }), at + 60 * minute)).toHaveLength(1);
  });

  test('an event that happened before is no event of another namespace or limit', () => {
    expect(rule.keysOf(violation('', { namespace: 'a', rule: 'b c' }))).not.toEqual(
      rule.keysOf(violation('', { namespace: 'a b', rule: 'c' })),
    );
  });
});

test('O1 O2 no offender is counted too low, and the counts add up', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 1, max: 9 })), { maxLength: 200 }),
      (all) => {
        let known: Offender[] = [];
        const truth = new Map<string, number>();
        for (const [who, by] of all) {
          known = countOffender(known, `k${who}`, by, 5);
          truth.set(`k${who}`, (truth.get(`k${who}`) ?? 0) + by);
        }
        for (const { key, count } of known) expect(count).toBeGreaterThanOrEqual(truth.get(key) ?? 0);
        expect(known.reduce((sum, { count }) => sum + count, 0)).toBe([...truth.values()].reduce((sum, one) => sum + one, 0));
        const total = all.reduce((sum, [, by]) => sum + by, 0);
        for (const [key, true_] of truth) if (true_ > total / 5) expect(known.map((one) => one.key)).toContain(key);
      },
    ),
  );
});
