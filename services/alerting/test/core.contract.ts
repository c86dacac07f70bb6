// What alerting does with alerts between its door and its sinks, on every database.
import { randomUUID } from 'node:crypto';
import { eventually } from '@tmws/testkit';
import { emptySchema, namespace, openReplica, type Sent, type TestDatabase } from './open-core.ts';

const config = `
route:
  receiver: ops
  group_by: [service]
  group_wait: 30s
  group_interval: 5m
  repeat_interval: 4h
receivers: [{name: ops, webhook_configs: [{url: "http://127.0.0.1:1/"}]}]
inhibit_rules:
  - source_matchers: [severity="critical"]
    target_matchers: [severity="warning"]
    equal: [service]
`;
const at = Date.UTC(2026, 2, 1, 12);
const second = 1_000;
const minute = 60 * second;

const names = ({ doc }: Sent): string[] => doc.alerts.map(({ status, labels }) => `${labels.alertname ?? ''} ${status}`);

export function coreContract(open: () => Promise<TestDatabase>): void {
  let opened: TestDatabase;
  let database: Pick<TestDatabase, 'db' | 'schema'>;
  let nowMs: number;
  let sent: Sent[];
  const clock = () => nowMs;
  let replicas: ReturnType<typeof openReplica>[];
  const replica = (name = 'one', answer?: Parameters<typeof openReplica>[1]['answer']) => {
    const opened = openReplica(database, { name, config, clock, sent, ...(answer !== undefined && { answer }) });
    replicas.push(opened);
    return opened;
  };
  const alert = (alertname: string, more: Record<string, string> = {}) => ({ labels: { alertname, service: 'db', ...more } });
  /** What was sent so far, once all of it is written down. */
  const told = (...expected: string[][]) =>
    eventually(async () => {
      expect(sent.map(names)).toEqual(expected);
      expect(await database.db.query(`SELECT 1 AS one FROM ${database.schema}.notifications WHERE status = 'sending'`)).toEqual(
        [],
      );
    });
  /** Everything that is due has been looked at. */
  const quiet = async (one: ReturnType<typeof replica>) =>
    eventually(async () => expect((await one.ledger.nextDueMs()) ?? Infinity).toBeGreaterThan(nowMs));

  beforeAll(async () => {
    opened = await open();
  });
  afterAll(() => opened[Symbol.asyncDispose]());
  beforeEach(async () => {
    nowMs = at;
    sent = [];
    replicas = [];
    database = { db: opened.db, schema: await emptySchema(opened) };
  });
  afterEach(async () => {
    for (const one of replicas) await one.close();
  });

  test('alerts of a group are told together once the group has waited', async () => {
    const one = replica();
    await one.post(alert('Down'), alert('Slow'));
    await quiet(one);
    expect(sent).toEqual([]);
    nowMs += 30 * second;
    await told(['Down firing', 'Slow firing']);
    expect(sent[0]?.doc).toMatchObject({
      receiver: 'ops',
      status: 'firing',
      groupLabels: { service: 'db' },
      groupKey: '{}:{service="db"}',
    });
  });

  test('a group that does not wait is told with the commit of its first alert, and what comes later waits', async () => {
    const hasty = config.replace('group_wait: 30s', 'group_wait: 0s');
    const one = openReplica(database, { name: 'hasty', config: hasty, clock, sent });
    replicas.push(one);
    await one.post(alert('Down'));
    await told(['Down firing']);
    await one.post(alert('Slow'), alert('Full', { service: 'web' }));
    await told(['Down firing'], ['Full firing']);
    await quiet(one);
    expect(sent).toHaveLength(2);
  });

  test('groups that are new and due are answered with what the dispatcher needs, others are not', async () => {
    const one = replica();
    await one.post(alert('Down'));
    const labels = { service: 'db' };
    const place = (groupKey: string, flushAtMs: number) => ({ namespace, routeId: 'r', groupKey, labels, flushAtMs });
    const store = (...places: ReturnType<typeof place>[]) =>
      one.store.storeAfter(1n, nowMs, { alerts: [], entries: [], records: [], places });
    const stored = await store(place('due', nowMs), place('later', nowMs + 1));
    expect(stored?.fresh).toEqual([
      expect.objectContaining({ namespace, routeId: 'r', groupKey: 'due', labels, dueMs: nowMs, notified: new Map() }),
    ]);
    expect((await store(place('due', nowMs), place('later', nowMs)))?.fresh).toEqual([]);
  });

  test('an alert that was accepted is told by the next process, whatever became of the first', async () => {
    const one = replica('one');
    await one.post(alert('Down'));
    await one.close();
    nowMs += 30 * second;
    replica('two');
    await told(['Down firing']);
  });

  test('two replicas send one message, and each knows what the other was told', async () => {
    const [one, two] = [replica('one'), replica('two')];
    await Promise.all([one.post(alert('Down')), two.post(alert('Slow'))]);
    nowMs += 30 * second;
    await told(['Down firing', 'Slow firing']);
    nowMs += minute;
    await Promise.all([one.post(alert('Slow')), two.post(alert('Down'))]);
    nowMs += 4 * minute;
    await Promise.all([quiet(one), quiet(two)]);
    expect(sent).toHaveLength(1);
  });

  test('who was told that an alert fires is told that it is resolved, and the group is forgotten', async () => {
    const one = replica();
    await one.post(alert('Down'));
    nowMs += 30 * second;
    await told(['Down firing']);
    await one.post({ ...alert('Down'), endsAt: new Date(nowMs).toISOString() });
    nowMs += 5 * minute;
    await told(['Down firing'], ['Down resolved']);
    nowMs += 5 * minute;
    await eventually(async () => expect(await one.ledger.nextDueMs()).toBeUndefined());
    expect(sent).toHaveLength(2);
  });

  test('an alert that nobody sends again ends by itself, and history says so once', async () => {
    const one = replica();
    await one.post(alert('Down'));
    nowMs += 30 * second;
    await told(['Down firing']);
    nowMs += 4.5 * minute;
    expect([await one.sweep(), await one.sweep()]).toEqual([1, 0]);
    nowMs += minute;
    await told(['Down firing'], ['Down resolved']);
    const rows = await database.db.query(`SELECT kind FROM ${database.schema}.history ORDER BY no`);
    expect(rows.map(({ kind }) => kind)).toEqual(['fired', 'notified', 'resolved', 'notified']);
  });

  test('while a critical alert fires the warnings of its service are not told', async () => {
    const one = replica();
    await one.post(alert('Slow', { severity: 'warning' }), alert('Down', { severity: 'critical' }));
    nowMs += 30 * second;
    await told(['Down firing']);
  });

  test('what cannot be sent is tried again later and later, as the same message', async () => {
    const refused: string[] = [];
    const one = replica('one', ({ notification }) => {
      refused.push(notification.id);
      return refused.length < 4 ? { sent: false, permanent: false, error: '500' } : { sent: true, receipt: 'ok' };
    });
    await one.post(alert('Down'));
    for (let attempts = 1; attempts <= 4; attempts++) {
      nowMs += 30 * second;
      await eventually(async () =>
        expect(
          await database.db.query(`SELECT attempts FROM ${database.schema}.notifications WHERE status <> 'sending'`),
        ).toEqual([{ attempts }]),
      );
    }
    expect(refused).toHaveLength(4);
    expect(new Set(refused).size).toBe(1);
    const [row] = await database.db.query(`SELECT status, attempts FROM ${database.schema}.notifications`);
    expect(row).toEqual({ status: 'sent', attempts: 4 });
  });

  test('a message that may have been taken is sent again as the same one, though its group is looked at meanwhile', async () => {
    const tried: string[] = [];
    const one = replica('one', ({ notification }) => {
      tried.push(notification.id);
      const retryAfterMs = 6 * minute;
      return tried.length < 2
        ? { sent: false, permanent: false, error: 'no answer within 9500 ms', retryAfterMs }
        : { sent: true, receipt: 'ok' };
    });
    await one.post(alert('Down'));
    nowMs += 30 * second;
    await eventually(async () =>
      expect(await database.db.query(`SELECT status FROM ${database.schema}.notifications`)).toEqual([{ status: 'pending' }]),
    );
    nowMs += 5 * minute;
    await one.post(alert('Down'));
    await quiet(one);
    expect(tried).toHaveLength(1);
    nowMs += minute;
    await eventually(() => expect(tried).toHaveLength(2));
    expect(new Set(tried).size).toBe(1);
  });

  test('what a sink refuses for good is dead, and is told anew with what comes next', async () => {
    let refuse = true;
    const one = replica('one', () =>
      refuse ? { sent: false, permanent: true, error: '400: no such channel' } : { sent: true, receipt: 'ok' },
    );
    await one.post(alert('Down'));
    nowMs += 30 * second;
    await eventually(async () =>
      expect(await database.db.query(`SELECT status, error FROM ${database.schema}.notifications`)).toEqual([
        { status: 'dead', error: '400: no such channel' },
      ]),
    );
    refuse = false;
    await one.post(alert('Down'), alert('Slow'));
    nowMs += 5 * minute - second;
    await one.post(alert('Down'), alert('Slow'));
    nowMs += second;
    await told(['Down firing'], ['Down firing', 'Slow firing']);
  });

  test('a notification whose sender vanished is taken by another once its lease is over, and the late answer does not count', async () => {
    const lost = Promise.withResolvers<{ sent: true; receipt: string }>();
    let calls = 0;
    const one = replica('one', () => (++calls === 1 ? lost.promise : { sent: true, receipt: 'ok' }));
    await one.post(alert('Down'));
    nowMs += 30 * second;
    await eventually(async () =>
      expect(await database.db.query(`SELECT owner FROM ${database.schema}.notifications WHERE status = 'sending'`)).toEqual([
        { owner: 'one' },
      ]),
    );
    await database.db.query(`UPDATE ${database.schema}.notifications SET lease_until = now() - interval '1 second'`);
    replica('two');
    await eventually(async () =>
      expect(await database.db.query(`SELECT status, epoch, receipt FROM ${database.schema}.notifications`)).toEqual([
        { status: 'sent', epoch: 2, receipt: 'ok' },
      ]),
    );
    lost.resolve({ sent: true, receipt: 'late' });
    await one.close();
    expect(await database.db.query(`SELECT receipt FROM ${database.schema}.notifications`)).toEqual([{ receipt: 'ok' }]);
  });

  test('a thousand alerts in requests of one are all stored, in far fewer commits', async () => {
    const one = replica();
    await Promise.all(Array.from({ length: 1_000 }, (_, i) => one.post(alert('Down', { instance: `i${i}` }))));
    const [row] = await database.db.query(
      `SELECT count(*) AS n, count(DISTINCT updated_ms) AS times FROM ${database.schema}.alerts`,
    );
    expect(row).toMatchObject({ n: 1000n });
    expect([...one.board.alerts(namespace)]).toHaveLength(1_000);
  });

  test('a silence is forgotten once it is over for as long as it is kept', async () => {
    const one = replica();
    const silence = {
      id: randomUUID(),
      namespace,
      startsAtMs: at,
      endsAtMs: at + minute,
      updatedAtMs: at,
      createdBy: 'ann',
      comment: '',
    };
    const matchers = [{ name: 'alertname', value: 'Down', isRegex: false, isEqual: true }];
    one.board.apply([], [await one.store.write(at, (writing) => writing.putSilence({ ...silence, matchers }))]);
    const known = async () => [(await one.store.changedSilences(0n)).length, [...one.board.silences(namespace)].length];
    await one.sweep();
    expect(await known()).toEqual([1, 1]);
    expect(one.board.silencesFor(namespace, { alertname: 'Down' })).toHaveLength(1);
    nowMs += 62 * minute;
    await one.sweep();
    expect(await known()).toEqual([0, 0]);
    expect(one.board.silencesFor(namespace, { alertname: 'Down' })).toEqual([]);
  });

  test('alerts that another replica stored meanwhile are merged with, not overwritten', async () => {
    const [one, two] = [replica('one'), replica('two')];
    for (let round = 1; round <= 5; round++) {
      nowMs += second;
      await Promise.all([
        one.post(alert('Down', { instance: `a${round}` })),
        two.post(alert('Down', { instance: `b${round}` }), alert('Slow')),
      ]);
    }
    await one.post(alert('Slow'));
    const [row] = await database.db.query(
      `SELECT count(*) AS n, count(DISTINCT revision) AS revisions, min(starts_ms) FILTER (WHERE labels LIKE '%Slow%') AS slow FROM ${database.schema}.alerts`,
    );
    expect(row).toEqual({ n: 11n, revisions: 11n, slow: BigInt(at + second) });
    expect(await database.db.query(`SELECT kind, count(*) AS n FROM ${database.schema}.history GROUP BY kind`)).toEqual([
      { kind: 'fired', n: 11n },
    ]);
  });
}
