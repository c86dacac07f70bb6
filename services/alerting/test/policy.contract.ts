// What a policy adds, between the door and the sinks, on every database.
import { eventually } from '@tmws/testkit';
import { parseMatchers } from '../src/domain/matcher-text.ts';
import { openAlertChanges } from '../src/usecases/change-alerts.ts';
import { openSilences } from '../src/usecases/silences.ts';
import { emptySchema, namespace, openReplica, type Sent, type TestDatabase } from './open-core.ts';

const config = `
route: { receiver: ops, group_by: [service], group_wait: 30s, group_interval: 1m, repeat_interval: 4h }
receivers: [{name: ops}, {name: on-call}, {name: lead}]
`;
const policy = `
escalations:
  - matchers: [alertname="Down"]
    steps: [{after: 10m, receiver: on-call}, {after: 20m, receiver: lead}]
damping:
  - matchers: [alertname="Link"]
    flapping: {window: 10m, raise_at: 4, clear_at: 1}
  - matchers: [alertname=~"Slow|Down"]
    fire_after: 2m
    clear_after: 5m
`;
const at = Date.UTC(2026, 2, 1, 12);
const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

export function policyContract(open: () => Promise<TestDatabase>): void {
  let opened: TestDatabase;
  let database: Pick<TestDatabase, 'db' | 'schema'>;
  let nowMs: number;
  let sent: Sent[];
  let replicas: ReturnType<typeof openReplica>[];
  const clock = () => nowMs;
  const replica = (name = 'one', more: Partial<Parameters<typeof openReplica>[1]> = {}) => {
    const one = openReplica(database, { name, config, policy, clock, sent, ...more });
    replicas.push(one);
    return one;
  };
  const labels = (alertname: string) => ({ alertname, service: alertname });
  const fires = (alertname: string, lastsMs = 12 * hour) => ({
    labels: labels(alertname),
    startsAt: new Date(nowMs).toISOString(),
    endsAt: new Date(nowMs + lastsMs).toISOString(),
  });
  const ends = (alertname: string) => ({ labels: labels(alertname), endsAt: new Date(nowMs).toISOString() });
  const said = () =>
    sent.map(({ notification: { receiver, reason }, doc }) => [
      receiver,
      reason,
      ...doc.alerts.map(({ status, labels: { alertname = '' } }) => `${alertname} ${status}`),
    ]);
  /** Lets everything that is due by now be done, by each replica. */
  const settle = async () => {
    for (const one of replicas) {
      await one.sweep();
      await one.handleDue();
    }
    await eventually(async () => {
      for (const one of replicas) expect((await one.ledger.nextDueMs()) ?? Infinity).toBeGreaterThan(nowMs);
      expect(
        await database.db.query(`SELECT 1 AS one FROM ${database.schema}.notifications WHERE status IN ('sending', 'pending')`),
      ).toEqual([]);
    });
  };
  /** Goes on in steps, as time does. */
  const pass = async (ms: number, stepMs = 2 * minute) => {
    for (const end = nowMs + ms; nowMs < end;) {
      nowMs = Math.min(end, nowMs + stepMs);
      await settle();
    }
  };
  const kinds = async (): Promise<unknown[]> =>
    (await database.db.query<{ kind: string }>(`SELECT kind FROM ${database.schema}.history ORDER BY no`)).map(
      ({ kind }) => kind,
    );
  const down = ({ board }: ReturnType<typeof openReplica>) => [...board.alerts(namespace)][0];
  const changes = ({ store, board }: ReturnType<typeof openReplica>) =>
    openAlertChanges({ store, board, clock, eventsOf: () => [], stored: () => undefined });

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

  const first = ['ops', 'first', 'Down firing'];
  const onCall = ['on-call', 'escalation', 'Down firing'];
  const lead = ['lead', 'escalation', 'Down firing'];

  test('an alert that nobody acknowledges is told to the next people, then to the next, each once, and that it is resolved', async () => {
    const one = replica('one');
    replica('two');
    await one.post(fires('Down'));
    await pass(11 * minute);
    expect(said()).toEqual([first]);
    await pass(2 * minute);
    expect(said()).toEqual([first, onCall]);
    expect(sent[1]?.doc.alerts[0]?.annotations).toEqual({ tmws_escalation: 'nobody acknowledged it by step 1 of 2' });
    await pass(40 * minute, 10 * minute);
    expect(said()).toEqual([first, onCall, lead]);
    await one.post(ends('Down'));
    await pass(10 * minute);
    expect(said().slice(3).sort()).toEqual([
      ['lead', 'all resolved', 'Down resolved'],
      ['on-call', 'all resolved', 'Down resolved'],
      ['ops', 'all resolved', 'Down resolved'],
    ]);
    expect((await kinds()).filter((kind) => kind !== 'notified')).toEqual(['fired', 'escalated', 'escalated', 'resolved']);
    expect(await one.ledger.nextDueMs()).toBeUndefined();
  });

  test('who acknowledges stops the escalation, and who takes it back begins it anew', async () => {
    const one = replica();
    await one.post(fires('Down'));
    await pass(5 * minute, 5 * minute);
    const { fingerprint = '' } = down(one) ?? {};
    await changes(one).acknowledge(namespace, 'ann', [fingerprint], { comment: '', assign: false });
    await pass(hour, 10 * minute);
    expect(said()).toEqual([first]);
    await changes(one).unacknowledge(namespace, 'ann', [fingerprint], { comment: '' });
    await pass(9 * minute, 3 * minute);
    expect(said()).toEqual([first]);
    await pass(minute);
    expect(said()).toEqual([first, onCall]);
  });

  test('a step that falls due while a silence mutes the alert is taken its whole time later', async () => {
    const one = replica();
    const silences = openSilences({
      ...{ store: one.store, board: one.board, clock, names: 'utf8', keepExpiredMs: hour, stored: () => undefined },
      newId: () => '3f9c8a52-6c1e-4d5f-9d3c-0f6a1b2c3d4e',
    });
    await one.post(fires('Down'));
    await pass(5 * minute);
    await silences.put(namespace, {
      id: undefined,
      matchers: [{ name: 'alertname', value: 'Down', isRegex: false, isEqual: true }],
      startsAtMs: nowMs,
      endsAtMs: nowMs + 9 * minute,
      createdBy: 'ann',
      comment: 'planned',
    });
    await pass(17 * minute);
    expect(said()).toEqual([first]);
    await pass(minute);
    expect(said()).toEqual([first, onCall]);
  });

  test('a step is told by the next process when the first is gone before it is sent', async () => {
    const one = replica('one');
    await one.post(fires('Down'));
    await pass(2 * minute);
    await one.close();
    nowMs += 10 * minute;
    expect(await one.handleDue()).toBe(1);
    expect(said()).toEqual([first]);
    replicas = [];
    replica('two');
    await settle();
    expect(said()).toEqual([first, onCall]);
  });

  test('an alert stored by a clock that was ahead is told at once by whoever starts with the right one', async () => {
    const ahead = replica('ahead', { clock: () => nowMs + hour });
    await ahead.post({ labels: labels('Gone'), startsAt: new Date(nowMs + hour).toISOString() });
    await ahead.close();
    replicas = [];
    const right = replica('right');
    await right.handleDue();
    await settle();
    expect(said()).toEqual([['ops', 'first', 'Gone firing']]);
  });

  test('an alert is held until it has fired long enough; one that ended before is never told', async () => {
    const one = replica();
    await one.post(fires('Slow'));
    await pass(minute, 30 * second);
    await one.post(ends('Slow'));
    await pass(3 * minute);
    expect([said(), await kinds()]).toEqual([[], ['fired', 'resolved']]);
    await one.post(fires('Slow'));
    await pass(119 * second, 119 * second);
    expect(said()).toEqual([]);
    await pass(second);
    expect(said()).toEqual([['ops', 'first', 'Slow firing']]);
  });

  test('an urgent alert is not held', async () => {
    const one = replica('one', { urgent: parseMatchers('service="Slow"', 'utf8') });
    await one.post(fires('Slow'));
    await settle();
    expect(said()).toEqual([['ops', 'first', 'Slow firing']]);
  });

  test('what fires again soon after its end is the same occurrence, still acknowledged; resolved is told when it lasts', async () => {
    const one = replica();
    await one.post(fires('Slow'));
    await pass(3 * minute);
    const startsAtMs = down(one)?.startsAtMs;
    await changes(one).acknowledge(namespace, 'ann', [down(one)?.fingerprint ?? ''], { comment: '', assign: false });
    await one.post(ends('Slow'));
    await pass(4 * minute);
    await one.post(fires('Slow'));
    await pass(3 * minute);
    expect(down(one)).toMatchObject({ told: 'firing', startsAtMs, acknowledged: { by: 'ann' } });
    await one.post(ends('Slow'));
    await pass(4 * minute);
    expect(said()).toEqual([['ops', 'first', 'Slow firing']]);
    await pass(3 * minute);
    expect(said()).toEqual([
      ['ops', 'first', 'Slow firing'],
      ['ops', 'all resolved', 'Slow resolved'],
    ]);
    const told = await kinds();
    expect(told.slice(0, 3)).toEqual(['fired', 'notified', 'acknowledged']);
    // At one instant the message may be sent before the sweep writes down why.
    expect(told.slice(3).sort()).toEqual(['notified', 'resolved']);
  });

  test('an alert that flaps is told once as flapping, then nothing until it is calm, then what it is', async () => {
    const one = replica('one');
    const two = replica('two');
    for (let i = 0; i < 6; i++) {
      await (i % 2 === 0 ? one : two).post(fires('Link'));
      await pass(30 * second, 30 * second);
      await (i % 2 === 0 ? two : one).post(ends('Link'));
      await pass(30 * second, 30 * second);
    }
    expect(said()).toEqual([
      ['ops', 'first', 'Link firing'],
      ['ops', 'flapping', 'Link firing'],
    ]);
    expect(sent[1]?.doc.alerts[0]?.annotations).toEqual({
      tmws_flapping: 'It fires and resolves too often to be told each time; the next message about it comes when it is calm.',
    });
    await one.post(fires('Link'));
    await pass(12 * minute, 2 * minute);
    expect(said().slice(2)).toEqual([['ops', 'calm', 'Link firing']]);
    await one.post(ends('Link'));
    await pass(2 * minute);
    expect(said().slice(3)).toEqual([['ops', 'all resolved', 'Link resolved']]);
    expect((await kinds()).filter((kind) => kind === 'flapping' || kind === 'calm')).toEqual(['flapping', 'calm']);
  });

  test('an alert that fires too shortly for its group each time is told as flapping, and when it is calm as resolved', async () => {
    const one = replica();
    for (let i = 0; i < 3; i++) {
      await one.post(fires('Link', 20 * second));
      await pass(minute, 20 * second);
    }
    await pass(15 * minute, 3 * minute);
    expect(said()).toEqual([
      ['ops', 'flapping', 'Link firing'],
      ['ops', 'all resolved', 'Link resolved'],
    ]);
    expect(await one.ledger.nextDueMs()).toBeUndefined();
  });

  test.each([
    ['ahead', hour],
    ['back', -hour],
  ])('a clock that jumps an hour %s loses nothing and tells nothing twice', async (_, jumpMs) => {
    const one = replica('one');
    replica('two');
    await one.post(fires('Down', 48 * hour), fires('Link', 48 * hour));
    await pass(5 * minute);
    nowMs += jumpMs;
    await pass(12 * minute);
    expect(said().toSorted()).toEqual([onCall, first, ['ops', 'first', 'Link firing']].toSorted());
    await one.post(ends('Link'));
    await pass(10 * minute, 5 * minute);
    expect(said()).toContainEqual(['ops', 'all resolved', 'Link resolved']);
    await pass(15 * minute, 5 * minute);
    expect(said().toSorted()).toEqual(
      [lead, onCall, ['ops', 'all resolved', 'Link resolved'], first, ['ops', 'first', 'Link firing']].toSorted(),
    );
  });
}
