// Alerts made of events and of silence, from the log to what is told, on every database.
import { openLogger, openMetrics } from '@tmws/telemetry';
import { eventually } from '@tmws/testkit';
import { parseMatchers } from '../src/domain/matcher-text.ts';
import type { WatchRule } from '../src/domain/policy.ts';
import { quickConfig } from '../src/domain/quick-config.ts';
import { failedSignIns } from '../src/domain/rules/failed-sign-ins.ts';
import { rateLimitViolated } from '../src/domain/rules/rate-limit-violated.ts';
import { securityEvent } from '../src/domain/rules/security-event.ts';
import { observedEvents } from '../src/inbound/events.ts';
import { type AnyRule, type Observed, observeEvents } from '../src/usecases/observe-events.ts';
import { watchSilence } from '../src/usecases/watch-silence.ts';
import { eventOf, openPartition } from './log-partition.ts';
import { emptySchema, openReplica, type Sent, type TestDatabase } from './open-core.ts';

const at = Date.UTC(2026, 2, 1, 12);
const second = 1_000;
const minute = 60 * second;
const config = quickConfig({
  slackWebhookUrl: 'http://127.0.0.1:1/slack',
  smtpUrl: 'smtp://127.0.0.1:1',
  emailTo: 'ops@example.org',
  siemUrl: 'http://127.0.0.1:1/siem',
});
const logger = openLogger('test', 'silent');
const rules = [
  failedSignIns({ raiseAt: 5, windowMs: 5 * minute }),
  securityEvent({ firesForMs: 60 * minute }),
  rateLimitViolated({ quietMs: 5 * minute }),
] as AnyRule[];

export function rulesContract(open: () => Promise<TestDatabase>): void {
  let opened: TestDatabase;
  let database: Pick<TestDatabase, 'db' | 'schema'>;
  let nowMs: number;
  let sent: Sent[];
  let partitions: number;
  let replicas: { close(): Promise<void> }[];
  const told = (): string[] =>
    sent.map(({ doc }) => `${doc.receiver}: ${doc.alerts.map(({ labels }) => labels.alertname).join(' ')}`);
  const rows = (text: string) => database.db.query(text.replaceAll('@', `${database.schema}.`));

  const replica = (name = 'one', mostKeys = 1_000) => {
    const core = openReplica(database, { name, config, clock: () => nowMs, sent });
    replicas.push(core);
    const seen: Observed[] = [];
    const observe = observeEvents({
      derive: core.derive,
      rules,
      tooOldMs: 24 * 60 * minute,
      mostKeys,
      observed: (what) => void seen.push(what),
    });
    const door = observedEvents({ observe, stored: () => undefined, clock: () => nowMs, logger, metrics: openMetrics() });
    return { ...core, handle: (...batches: Parameters<typeof door.handle>[0]) => door.handle(batches), seen };
  };
  const security = () => openPartition('tmws.security', partitions++);
  const refused = (id: number, principal = 'ann', sourceIp = '203.0.113.7') =>
    eventOf('tmws.auth.failed', `audit/${id}`, nowMs, { principal, sourceIp, reason: 'the key was revoked' });

  beforeAll(async () => {
    opened = await open();
  });
  afterAll(() => opened[Symbol.asyncDispose]());
  beforeEach(async () => {
    nowMs = at;
    sent = [];
    partitions = 0;
    replicas = [];
    database = { db: opened.db, schema: await emptySchema(opened) };
  });
  afterEach(async () => {
    for (const one of replicas) await one.close();
  });

  test('five failed sign-ins as one user from one address are told in one mail', async () => {
    const one = replica();
    const log = security();
    for (let i = 0; i < 5; i++) {
      await one.handle(log.events(refused(i)));
      nowMs += 100;
    }
    expect(sent).toEqual([]);
    nowMs += second;
    await eventually(() => expect(told()).toEqual(['mail: FailedSignIns FailedSignIns']));
    expect(one.seen.at(-1)?.alerts).toEqual(new Map([['FailedSignIns', 2]]));
    nowMs += 5 * minute;
    expect(await one.sweep()).toBe(2);
    expect(await rows("SELECT kind FROM @history WHERE kind <> 'notified' ORDER BY no")).toEqual(
      ['fired', 'fired', 'resolved', 'resolved'].map((kind) => ({ kind })),
    );
  });

  test('replicas that read other partitions count together, and tell once', async () => {
    const [one, two] = [replica('one'), replica('two')];
    await Promise.all([
      one.handle(security().events(refused(1, 'ann'), refused(2, 'ben'), refused(3, 'cay'))),
      two.handle(security().events(refused(4, 'dan'), refused(5, 'eve'))),
    ]);
    nowMs += 1.1 * second;
    await eventually(() => expect(told()).toEqual(['mail: FailedSignIns']));
    expect(sent[0]?.doc.alerts[0]?.annotations.summary).toBe('5 failed sign-ins from 203.0.113.7 as 5 users within 5m');
  });

  test('records that are handed over again are refused whole, and count once', async () => {
    const one = replica();
    const log = security();
    const batch = log.events(refused(1), refused(2), refused(3));
    await one.handle(batch);
    await expect(one.handle(batch)).rejects.toMatchObject({ kind: 'stale' });
    await one.handle(log.events(refused(1), refused(2), refused(3)));
    expect(await rows('SELECT fingerprint FROM @alerts')).toEqual([]);
    expect(await rows('SELECT next_offset AS next FROM @offsets')).toEqual([{ next: 6n }]);
    await one.handle(log.events(refused(4), refused(5)));
    expect(await rows('SELECT fingerprint FROM @alerts')).toHaveLength(2);
  });

  test('what cannot be read goes to the DLQ, and what lies behind it is seen', async () => {
    const one = replica();
    const log = security();
    await one.handle(log.record('rubbish'), openPartition('tmws.traffic', 0).events(refused(9)));
    await one.handle(log.events(...[1, 2, 3, 4, 5].map((i) => refused(i))));
    const dead = await rows('SELECT topic FROM @outbox ORDER BY topic');
    expect(dead).toEqual([{ topic: 'tmws.security.dlq' }, { topic: 'tmws.traffic.dlq' }]);
    expect(await rows('SELECT fingerprint FROM @alerts')).toHaveLength(2);
  });

  test('a critical event goes out at once, by itself, and once however often it comes', async () => {
    const one = replica();
    const log = security();
    const observed = (id: string) =>
      eventOf('tmws.security.observed', id, nowMs, { principal: 'ann', severity: 'critical' }, 'team-a');
    const first = observed('a');
    await one.handle(log.events(first, observed('b'), first));
    await eventually(() => expect(told()).toEqual(['siem: SecurityEvent', 'siem: SecurityEvent']));
    expect(one.seen.flatMap(({ said }) => said)).toMatchObject(
      Array<object>(2).fill({ rule: 'SecurityEvent', namespace: 'team-a' }),
    );
    expect(sent.map(({ notification }) => notification.namespace)).toEqual(['team-a', 'team-a']);
    nowMs += 120 * minute;
    await one.sweep();
    await one.handle(log.events(first));
    expect(await rows("SELECT kind FROM @history WHERE kind = 'fired'")).toHaveLength(2);
  });

  test('violations of a limit are one message to Slack, which ends when it is quiet', async () => {
    const one = replica();
    const log = openPartition('tmws.traffic', 0);
    const violated = (id: string) =>
      eventOf('tmws.traffic.violated', id, nowMs, { rule: 'checkout', key: 'user=ann', window: '60s' });
    await one.handle(log.events(violated('a'), violated('b')));
    nowMs += 5 * second;
    await eventually(() => expect(told()).toEqual(['slack: RateLimitViolated']));
    expect(sent[0]?.doc.alerts[0]?.annotations.summary).toBe('checkout was exceeded 2 times by user=ann');
    nowMs += 5 * minute;
    expect(await one.sweep()).toBe(1);
  });

  test('more users than may be remembered push out those least lately seen, and it is counted', async () => {
    const one = replica('one', 100);
    const log = security();
    const many = Array.from({ length: 300 }, (_, i) =>
      eventOf('tmws.auth.failed', `m${i}`, nowMs - 300 + i, { principal: `u${i}` }),
    );
    await one.handle(log.events(...many));
    expect(one.seen.at(-1)?.dropped).toEqual(new Map([['FailedSignIns', 200]]));
    expect(await rows("SELECT key FROM @rule_states WHERE key = 'user u299' OR key = 'user u0'")).toEqual([{ key: 'user u299' }]);
  });

  test('what happened before anybody could be told of it raises nothing', async () => {
    const one = replica();
    const old = [1, 2, 3, 4, 5].map((i) => ({ ...refused(i), timeNs: BigInt(nowMs - 25 * 60 * minute) * 1_000_000n }));
    await one.handle(security().events(...old));
    expect(one.seen.at(-1)).toMatchObject({ tooOld: 5, alerts: new Map() });
  });

  describe('a dead-man switch', () => {
    const watch: WatchRule = {
      name: 'prometheus',
      matchers: parseMatchers('alertname="Watchdog"', 'utf8'),
      withinMs: 5 * minute,
      labels: { team: 'ops' },
    };
    const watchdog = { labels: { alertname: 'Watchdog', job: 'prometheus' } };
    let steadyMs: number;
    let watches: WatchRule[];
    const looking = (name = 'one') => {
      const core = replica(name);
      const look = watchSilence({
        derive: core.derive,
        board: core.board,
        clock: () => nowMs,
        steadyMs: () => steadyMs,
        watches: () => watches,
      });
      return {
        ...core,
        async look() {
          await core.board.refresh(core.store);
          await look();
        },
      };
    };
    const pass = (ms: number): void => {
      nowMs += ms;
      steadyMs += ms;
    };
    const history = () =>
      rows(
        "SELECT kind FROM @history WHERE kind <> 'notified' AND fingerprint IN (SELECT fingerprint FROM @alerts WHERE labels LIKE '%DeadMansSwitch%') ORDER BY no",
      );
    beforeEach(() => {
      steadyMs = 0;
      watches = [watch];
    });

    test('is raised once by however many look, and ends when the alert comes again', async () => {
      const [one, two] = [looking('one'), looking('two')];
      await one.post(watchdog);
      await Promise.all([one.look(), two.look()]);
      pass(4.9 * minute);
      await Promise.all([one.look(), two.look()]);
      expect(await history()).toEqual([]);
      pass(0.1 * minute);
      await Promise.all([one.look(), two.look()]);
      await Promise.all([one.look(), two.look()]);
      expect(await history()).toEqual([{ kind: 'fired' }]);
      const [alert] = await rows("SELECT labels, annotations FROM @alerts WHERE labels LIKE '%DeadMansSwitch%'");
      expect(JSON.parse(alert?.labels as string)).toEqual({
        alertname: 'DeadMansSwitch',
        tmws_source: 'watch',
        severity: 'critical',
        watch: 'prometheus',
        team: 'ops',
      });
      expect(JSON.parse(alert?.annotations as string)).toMatchObject({ summary: 'no alert of prometheus has come for 5m' });
      pass(minute);
      await two.post(watchdog);
      await Promise.all([one.look(), two.look()]);
      expect((await history()).filter(({ kind }) => kind === 'fired')).toHaveLength(1);
      const [ended] = await rows("SELECT told FROM @alerts WHERE labels LIKE '%DeadMansSwitch%'");
      expect(ended).toEqual({ told: 'resolved' });
    });

    test('a process that starts waits a moment for whom it could not hear, and goes on with what fires', async () => {
      const one = looking('one');
      await one.look();
      await one.close();
      pass(60 * minute);
      const two = looking('two');
      await two.look();
      expect(await history()).toEqual([]);
      pass(2 * minute);
      await two.look();
      expect(await history()).toEqual([{ kind: 'fired' }]);
      pass(minute);
      const three = looking('three');
      await three.look();
      pass(13 * 60 * minute);
      await three.look();
      await three.sweep();
      expect(await history()).toEqual([{ kind: 'fired' }]);
    });

    test('a clock that jumps ahead makes nobody silent, one that steps back nobody alive', async () => {
      const one = looking();
      await one.post(watchdog);
      await one.look();
      pass(3 * minute);
      await one.look();
      nowMs += 24 * 60 * minute;
      await one.look();
      expect(await history()).toEqual([]);
      nowMs -= 48 * 60 * minute;
      await one.look();
      pass(5 * minute);
      await one.look();
      expect(await history()).toEqual([{ kind: 'fired' }]);
      await one.post(watchdog);
      await one.look();
      expect((await history()).map(({ kind }) => kind)).toEqual(['fired', 'resolved']);
    });

    test('a watch that is no more ends its alert', async () => {
      const one = looking();
      await one.look();
      pass(6 * minute);
      await one.look();
      watches = [];
      await one.look();
      expect(await rows('SELECT told FROM @alerts')).toEqual([{ told: 'resolved' }]);
    });
  });
}
