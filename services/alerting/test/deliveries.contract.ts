// What the ledger does with messages that may not be sent yet, that are put together, and that are given up, on every database.
import { randomUUID } from 'node:crypto';
import { eventually } from '@tmws/testkit';
import type { SinkAnswer } from '../src/ports.ts';
import { deliveryTime, type ToldPerson } from '../src/usecases/delivery-time.ts';
import { replayNotifications } from '../src/usecases/replay-notifications.ts';
import { untoldAlerts } from '../src/usecases/untold-alerts.ts';
import { watchDeliveries } from '../src/usecases/watch-deliveries.ts';
import { openPostgresAlertReads } from '../src/outbound/postgres-alert-reads.ts';
import { emptySchema, namespace, openReplica, type Sent, type TestDatabase } from './open-core.ts';

const config = `
route: {receiver: ops, group_by: [alertname], group_wait: 0s, group_interval: 1m, repeat_interval: 4h}
receivers: [{name: ops, webhook_configs: [{url: "http://127.0.0.1:1/"}]}]
`;
const at = Date.UTC(2026, 2, 1, 12);
const second = 1_000;
const minute = 60 * second;
const alert = (alertname: string, severity = 'warning') => ({ labels: { alertname, severity, team: 'db' } });
const many = (count: number, prefix = 'A') => Array.from({ length: count }, (_, i) => alert(`${prefix}${i}`));
const down: SinkAnswer = { sent: false, permanent: false, error: 'the connection was refused' };

export function deliveriesContract(open: () => Promise<TestDatabase>): void {
  let opened: TestDatabase;
  let database: Pick<TestDatabase, 'db' | 'schema'>;
  let nowMs: number;
  let sent: Sent[];
  let answer: (one: Sent) => SinkAnswer;
  const clock = () => nowMs;
  let replicas: ReturnType<typeof openReplica>[];
  const replica = (more: Partial<Parameters<typeof openReplica>[1]> = {}) => {
    const one = openReplica(database, { name: 'one', config, clock, sent, answer: (each) => answer(each), ...more });
    replicas.push(one);
    return one;
  };
  const rows = (columns = 'status, attempts') =>
    database.db.query(`SELECT ${columns} FROM ${database.schema}.notifications ORDER BY created_ms, id`);
  const counted = async () => {
    const found = await database.db.query<{ status: string; attempts: number; n: number }>(
      `SELECT status, attempts, count(*)::int AS n FROM ${database.schema}.notifications GROUP BY 1, 2 ORDER BY 1, 2`,
    );
    return found.map(({ status, attempts, n }) => `${n} ${status} ${attempts}`);
  };
  const settled = (...expected: string[]) => eventually(async () => expect(await counted()).toEqual(expected));
  const names = () => sent.map(({ doc }) => doc.alerts.map(({ labels }) => labels.alertname).join(' '));
  const replay = (one: ReturnType<typeof replica>) =>
    replayNotifications({ ledger: one.ledger, clock, eventsOf: () => [], stored: () => one.wake() });
  const everything = { ids: [], receiver: '', sinceMs: undefined, all: true, by: 'ann' };

  beforeAll(async () => {
    opened = await open();
  });
  afterAll(() => opened[Symbol.asyncDispose]());
  beforeEach(async () => {
    [nowMs, sent, replicas] = [at, [], []];
    answer = () => ({ sent: true, receipt: 'ok' });
    database = { db: opened.db, schema: await emptySchema(opened) };
  });
  afterEach(async () => {
    for (const one of replicas) await one.close();
  });

  test('a receiver that fails five times in a row is left alone: what is due waits without an attempt, and all of it arrives', async () => {
    answer = () => down;
    const one = replica();
    await one.post(...many(5));
    await settled('5 pending 1');
    expect(one.gates.state({ receiver: 'ops', integration: 'webhook/0' }, nowMs).circuit).toBe('open');
    await one.post(...many(3, 'B'));
    await settled('3 pending 0', '5 pending 1');
    expect(sent).toHaveLength(5);
    answer = () => ({ sent: true, receipt: 'ok' });
    nowMs += 10 * second;
    await eventually(() => expect(one.gates.state({ receiver: 'ops', integration: 'webhook/0' }, nowMs).circuit).toBe('closed'));
    nowMs += 2 * second;
    await settled('3 sent 1', '5 sent 2');
  });

  test('a message over the limit waits for its token, those in a hurry have the next one', async () => {
    const one = replica({ limit: { perSecond: 1, burst: 1 } });
    await one.post(alert('A'));
    await settled('1 sent 1');
    await one.post(alert('B'), alert('C'));
    await settled('2 pending 0', '1 sent 1');
    await one.post(alert('Worst', 'critical'));
    await settled('3 pending 0', '1 sent 1');
    nowMs += second;
    await settled('2 pending 0', '2 sent 1');
    for (let i = 0; i < 4; i++) {
      nowMs += second;
      await eventually(async () => expect((await one.ledger.nextDueMs()) ?? Infinity).toBeGreaterThan(nowMs));
    }
    await settled('4 sent 1');
    expect(names().slice(0, 2)).toEqual(['A', 'Worst']);
  });

  test('what waits too long goes as one message, never what is critical; its groups count as told with it', async () => {
    const one = replica({ limit: { perSecond: 0.1, burst: 1 } });
    await one.post(alert('First'));
    await settled('1 sent 1');
    await one.post(...many(14), alert('Worst', 'critical'));
    await settled('15 pending 0', '1 sent 1');
    expect(await one.digestOverflow()).toBe(14);
    for (let i = 0; i < 3; i++) {
      nowMs += 10 * second;
      await eventually(async () => expect((await one.ledger.nextDueMs()) ?? Infinity).toBeGreaterThan(nowMs));
    }
    await settled('14 digested 0', '3 sent 1');
    expect(names().slice(0, 2)).toEqual(['First', 'Worst']);
    expect(sent[2]).toMatchObject({
      notification: { reason: 'digest' },
      doc: { groupLabels: { digest: '14 groups' }, commonLabels: { severity: 'warning', team: 'db' }, status: 'firing' },
    });
    expect(sent[2]?.doc.alerts).toHaveLength(14);
    const told = await database.db.query(
      `SELECT count(*)::int AS n FROM ${database.schema}.history WHERE kind = 'notified' AND doc LIKE '%"reason":"digest"%'`,
    );
    expect(told).toEqual([{ n: 14 }]);
    nowMs += 2 * minute;
    await eventually(async () => expect((await one.ledger.nextDueMs()) ?? Infinity).toBeGreaterThan(nowMs));
    expect(sent).toHaveLength(3);
  });

  test('a receiver that keeps records gets no digest', async () => {
    const one = replica({ limit: { perSecond: 0.1, burst: 1 }, takesDigests: false });
    await one.post(...many(15));
    await settled('14 pending 0', '1 sent 1');
    expect(await one.digestOverflow()).toBe(0);
  });

  test('ten that wait are no overflow', async () => {
    const one = replica({ limit: { perSecond: 0.01, burst: 1 } });
    await one.post(...many(11));
    await settled('10 pending 0', '1 sent 1');
    expect(await one.digestOverflow()).toBe(0);
  });

  test('a kill while a digest is made leaves its messages, and one before it is sent leaves the digest to the next process', async () => {
    const one = replica({ limit: { perSecond: 0.1, burst: 1 } });
    await one.post(...many(15));
    await settled('14 pending 0', '1 sent 1');
    const to = { receiver: 'ops', integration: 'webhook/0' };
    const dies = one.ledger.digest(to, nowMs, (waiting) =>
      waiting.slice(0, 1).map((first) => ({ ...first, id: 'no id', groupKey: '', of: waiting.map(({ id }) => id) })),
    );
    await expect(dies).rejects.toThrow(/uuid/);
    expect(await counted()).toEqual(['14 pending 0', '1 sent 1']);
    await one.close();
    expect(await one.digestOverflow()).toBe(14);
    expect(await counted()).toEqual(['14 digested 0', '1 pending 0', '1 sent 1']);
    replica({ name: 'two' });
    await settled('14 digested 0', '2 sent 1');
    expect(sent[1]?.doc.alerts).toHaveLength(14);
  });

  test('what went in a digest that dies are dead letters, and go again as that digest', async () => {
    const one = replica({ limit: { perSecond: 0.1, burst: 1 } });
    await one.post(...many(15));
    await settled('14 pending 0', '1 sent 1');
    answer = () => ({ sent: false, permanent: true, error: '400' });
    await one.digestOverflow();
    nowMs += 10 * second;
    await settled('14 dead 0', '1 dead 1', '1 sent 1');
    answer = () => ({ sent: true, receipt: 'ok' });
    expect(await replay(one)(namespace, everything)).toEqual({ replayed: 15, unknown: [], more: false });
    nowMs += 10 * second;
    await settled('14 replayed 0', '1 replayed 1', '2 sent 1');
    expect(sent[2]?.doc).toEqual(sent[1]?.doc);
    nowMs += 2 * minute;
    await eventually(async () => expect((await one.ledger.nextDueMs()) ?? Infinity).toBeGreaterThan(nowMs));
    expect(sent).toHaveLength(3);
  });

  test('a dead letter is sent again once, as it was, and its group knows of it', async () => {
    answer = () => ({ sent: false, permanent: true, error: '400' });
    const one = replica();
    await one.post(alert('A'));
    await settled('1 dead 1');
    answer = () => ({ sent: true, receipt: 'ok' });
    const [dead] = await rows('id, doc');
    const id = String(dead?.id);
    const both = await Promise.all([
      replay(one)(namespace, { ...everything, ids: [id], all: false }),
      replay(one)(namespace, { ...everything, ids: [id], all: false }),
    ]);
    expect(both.map(({ replayed }) => replayed).toSorted()).toEqual([0, 1]);
    expect(both.flatMap(({ unknown }) => unknown)).toEqual([id]);
    await settled('1 replayed 1', '1 sent 1');
    expect(sent[1]).toMatchObject({ notification: { reason: 'replay', replayOf: id } });
    expect(JSON.stringify(sent[1]?.doc)).toBe(dead?.doc);
    const kinds = await database.db.query(`SELECT kind FROM ${database.schema}.history ORDER BY no`);
    expect(kinds.map(({ kind }) => kind)).toEqual(['fired', 'undeliverable', 'replayed', 'notified']);
    nowMs += 2 * minute;
    await eventually(async () => expect((await one.ledger.nextDueMs()) ?? Infinity).toBeGreaterThan(nowMs));
    expect(sent).toHaveLength(2);
    expect(await replay(one)('other', everything)).toEqual({ replayed: 0, unknown: [], more: false });
  });

  test('what a receiver refuses for good is told again when it changes, or later and later, and is one dead letter', async () => {
    answer = () => ({ sent: false, permanent: true, error: '400' });
    const one = replica();
    const forAnHour = (name: string) => ({
      ...alert(name),
      labels: { alertname: 'A', name },
      endsAt: new Date(at + 60 * minute).toISOString(),
    });
    const minutes = async (count: number) => {
      for (let i = 0; i < count; i++) {
        nowMs += minute;
        one.wake();
        await eventually(async () => expect((await one.ledger.nextDueMs()) ?? Infinity).toBeGreaterThan(nowMs));
      }
    };
    await one.post(forAnHour('a'));
    await settled('1 dead 1');
    await minutes(7);
    expect(sent.map(({ notification }) => (notification.createdAtMs - at) / minute)).toEqual([0, 2, 6]);
    await settled('1 dead 1', '2 superseded 1');
    await one.post(forAnHour('b'));
    await minutes(1);
    await settled('2 dead 1', '2 superseded 1');
    expect(sent[3]?.doc.alerts).toHaveLength(2);
    const two = replica({ name: 'two' });
    await one.close();
    answer = () => ({ sent: true, receipt: 'ok' });
    nowMs += minute;
    two.wake();
    await settled('2 dead 1', '1 sent 1', '2 superseded 1');
  });

  test('once the same was told after all it is no dead letter any more', async () => {
    answer = () => ({ sent: false, permanent: true, error: '404' });
    const one = replica();
    await one.post(alert('A'));
    await settled('1 dead 1');
    answer = () => ({ sent: true, receipt: 'ok' });
    nowMs += 2 * minute;
    one.wake();
    await settled('1 sent 1', '1 superseded 1');
  });

  test('which dead letters are to be sent again must be said', async () => {
    const ask = replay(replica());
    await expect(ask(namespace, { ...everything, all: false })).rejects.toThrow(
      'ids must name the dead letters, or all must be true',
    );
    await expect(ask(namespace, { ...everything, ids: [randomUUID()] })).rejects.toThrow('leave all, receiver and since away');
    const unknown = ['none', randomUUID()];
    expect(await ask(namespace, { ...everything, ids: unknown, all: false })).toEqual({ replayed: 0, unknown, more: false });
  });

  test('an occurrence counts once from its event to its first message, however often it is sent again', async () => {
    const took: ToldPerson[] = [];
    const two: ReturnType<typeof replica> = replica({
      told: (...of) =>
        deliveryTime({
          board: two.board,
          claimFirst: two.ledger.claimFirst,
          observe: (one) => took.push(one),
          failed: (error) => expect(error).toBeUndefined(),
        })(...of),
    });
    const started = (ms: number) => ({ startsAt: new Date(nowMs - ms).toISOString() });
    await two.post(
      { ...alert('A', 'critical'), ...started(6 * minute) },
      { ...alert('Old', 'odd'), ...started(3 * 60 * minute) },
    );
    await settled('2 sent 1');
    expect(took.toSorted((a, b) => b.tookMs - a.tookMs)).toEqual([
      { severity: 'critical', kind: 'webhook', tookMs: 6 * minute },
      { severity: 'other', kind: 'webhook', tookMs: 0 },
    ]);
    nowMs += 4 * minute;
    await two.post(alert('A', 'critical'), alert('Old', 'odd'));
    nowMs += 4 * 60 * minute;
    await two.post(alert('A', 'critical'), alert('Old', 'odd'));
    await eventually(() => expect(sent.length).toBeGreaterThan(2));
    expect(took).toHaveLength(2);
  });

  test('occurrences that several routes tell are first told once, whoever asks', async () => {
    const { claimFirst } = replica().ledger;
    const some = ['a', 'b', 'c'].map((fingerprint) => ({ namespace, fingerprint, firedMs: at }));
    const claimed = (await Promise.all([claimFirst(some), claimFirst(some.toReversed())])).flat();
    expect(claimed.map(({ fingerprint }) => fingerprint).toSorted()).toEqual(['a', 'b', 'c']);
    expect(await claimFirst([{ namespace, fingerprint: 'a', firedMs: at + 1 }])).toHaveLength(1);
  });

  describe('an alert on telling itself', () => {
    const watcher = (one: ReturnType<typeof replica>) =>
      watchDeliveries({
        ...{ derive: one.derive, board: one.board, ledger: one.ledger, gates: one.gates, clock },
        untold: untoldAlerts({
          ...{ board: one.board, reads: openPostgresAlertReads(database.db, database.schema) },
          ...{ urgent: () => [], intervals: () => new Map(), integrationsOf: () => [{ name: 'webhook/0', sendResolved: true }] },
        }),
      });
    const own = async () => {
      const found = await database.db.query<{ labels: string; told: string }>(
        `SELECT labels, told FROM ${database.schema}.alerts WHERE labels LIKE '%"alerting"%' ORDER BY labels`,
      );
      return found.map(({ labels, told }) => `${(JSON.parse(labels) as { alertname: string }).alertname} ${told}`);
    };

    test('fires once when a critical alert is not told in five minutes, by however many look, and ends once it is told', async () => {
      answer = ({ doc }) =>
        doc.alerts.some(({ labels }) => labels.alertname === 'Worst') ? down : { sent: true, receipt: 'ok' };
      const [one, two] = [replica(), replica({ name: 'two' })];
      const looks = [watcher(one), watcher(two)];
      const look = () => Promise.all(looks.map((each) => each()));
      const worst = { ...alert('Worst', 'critical'), endsAt: new Date(at + 60 * minute).toISOString() };
      await one.post(worst, { ...alert('Bad'), endsAt: worst.endsAt });
      await look();
      nowMs += 4 * minute;
      await look();
      expect(await own()).toEqual([]);
      nowMs += minute + second;
      await two.board.refresh(two.store);
      await look();
      await eventually(() => expect(names()).toContain('DeliveryLate'));
      expect(await own()).toEqual(['DeliveryLate firing']);
      nowMs += minute;
      await look();
      answer = () => ({ sent: true, receipt: 'ok' });
      await eventually(async () => {
        nowMs += second;
        expect(await counted()).toEqual([expect.stringMatching(/sent 1/), expect.stringMatching(/1 sent/)]);
      });
      await look();
      nowMs += 2 * minute;
      await one.sweep();
      expect(await own()).toEqual(['DeliveryLate resolved']);
      const fired = await database.db.query(
        `SELECT count(*)::int AS n FROM ${database.schema}.history WHERE kind = 'fired' AND doc LIKE '%DeliveryLate%'`,
      );
      expect(fired).toEqual([{ n: 1 }]);
    });

    test('fires while there are dead letters, but for those about itself, and ends when they are sent again', async () => {
      answer = () => ({ sent: false, permanent: true, error: '400' });
      const one = replica();
      const look = watcher(one);
      await one.post(alert('A'));
      await settled('1 dead 1');
      const [first] = await rows('id');
      await look();
      await settled('2 dead 1');
      expect(await own()).toEqual(['DeliveryFailing firing']);
      await one.ledger.replay({ namespace, ids: [String(first?.id)], limit: 1 }, 'ann', nowMs, () => []);
      answer = () => ({ sent: true, receipt: 'ok' });
      nowMs += 2 * minute;
      await one.sweep();
      await look();
      expect(await own()).toEqual(['DeliveryFailing resolved']);
    });
  });
}
