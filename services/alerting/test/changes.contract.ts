// What people do to alerts that fire, on every database.
import { openAlertChanges } from '../src/usecases/change-alerts.ts';
import { emptySchema, namespace, openReplica, type TestDatabase } from './open-core.ts';

const config = `
route: { receiver: ops, group_by: [service], group_wait: 30s, group_interval: 5m, repeat_interval: 4h }
receivers: [{name: ops, webhook_configs: [{url: "http://127.0.0.1:1/"}]}]
`;

export function changesContract(open: () => Promise<TestDatabase>): void {
  let opened: TestDatabase;
  let database: Pick<TestDatabase, 'db' | 'schema'>;
  let nowMs: number;
  let one: ReturnType<typeof openReplica>;
  let other: ReturnType<typeof openReplica>;
  const clock = () => nowMs;
  const changesOn = ({ store, board }: typeof one) =>
    openAlertChanges({ store, board, clock, eventsOf: () => [], stored: () => undefined });
  const history = async () =>
    (await database.db.query<{ kind: string; doc: string }>(`SELECT kind, doc FROM ${database.schema}.history ORDER BY no`)).map(
      ({ kind, doc }) => [kind, JSON.parse(doc) as unknown],
    );
  const fired = async (alertname: string): Promise<string> => {
    await one.post({ labels: { alertname } });
    const found = [...one.board.alerts(namespace)].find(({ labels }) => labels.alertname === alertname);
    return found?.fingerprint ?? '';
  };

  beforeAll(async () => {
    opened = await open();
  });
  afterAll(() => opened[Symbol.asyncDispose]());
  beforeEach(async () => {
    nowMs = Date.UTC(2026, 2, 1, 12);
    database = { db: opened.db, schema: await emptySchema(opened) };
    [one, other] = ['one', 'two'].map((name) => openReplica(database, { name, config, clock, sent: [] })) as [
      typeof one,
      typeof one,
    ];
  });
  afterEach(() => Promise.all([one.close(), other.close()]));

  test('who acknowledges an alert at one replica is seen at the other, and saying it twice changes nothing', async () => {
    const down = await fired('Down');
    const given = { comment: 'on it', assign: true };
    const first = await changesOn(one).acknowledge(namespace, 'ann', [down, down], given);
    expect(first).toMatchObject({
      alerts: [{ acknowledged: { by: 'ann', atMs: nowMs, comment: 'on it' }, assignee: 'ann' }],
      unknown: [],
    });
    nowMs += 1_000;
    const again = await changesOn(other).acknowledge(namespace, 'ann', [down], given);
    expect(again.alerts).toEqual(first.alerts);
    expect((await history()).slice(1)).toEqual([
      ['acknowledged', { by: 'ann', text: 'on it' }],
      ['assigned', { by: 'ann', text: '', assignee: 'ann' }],
    ]);
  });

  test('another person takes an acknowledgement over, the assignee stays', async () => {
    const down = await fired('Down');
    await changesOn(one).acknowledge(namespace, 'ann', [down], { comment: '', assign: true });
    const { alerts } = await changesOn(other).acknowledge(namespace, 'ben', [down], { comment: '', assign: true });
    expect(alerts).toMatchObject([{ acknowledged: { by: 'ben' }, assignee: 'ann' }]);
  });

  test('an acknowledgement that is taken back is gone, and one that never was is not taken back', async () => {
    const [down, slow] = [await fired('Down'), await fired('Slow')];
    await changesOn(one).acknowledge(namespace, 'ann', [down], { comment: '', assign: false });
    const { alerts } = await changesOn(one).unacknowledge(namespace, 'ben', [down, slow], { comment: 'not mine' });
    expect(alerts.map(({ acknowledged }) => acknowledged)).toEqual([undefined, undefined]);
    expect((await history()).slice(3)).toEqual([['unacknowledged', { by: 'ben', text: 'not mine' }]]);
  });

  test('assigning and commenting are in the history with who did it; names of no alert that fires are given back', async () => {
    const down = await fired('Down');
    const slow = await fired('Slow');
    await one.post({ labels: { alertname: 'Slow' }, endsAt: new Date(nowMs).toISOString() });
    const assigned = await changesOn(one).assign(namespace, 'ann', [slow, down, 'ffff'], { assignee: 'cleo', comment: 'yours' });
    expect(assigned).toMatchObject({ alerts: [{ fingerprint: down, assignee: 'cleo' }], unknown: [slow, 'ffff'] });
    await changesOn(one).comment(namespace, 'cleo', [down], { text: 'looking' });
    expect((await changesOn(one).comment('another', 'cleo', [down], { text: 'x' })).unknown).toEqual([down]);
    expect((await history()).slice(3)).toEqual([
      ['assigned', { by: 'ann', text: 'yours', assignee: 'cleo' }],
      ['commented', { by: 'cleo', text: 'looking' }],
    ]);
  });

  test('acknowledgement and assignee end with the occurrence', async () => {
    const down = await fired('Down');
    await changesOn(one).acknowledge(namespace, 'ann', [down], { comment: '', assign: true });
    await one.post({ labels: { alertname: 'Down' } });
    expect(one.board.alert(namespace, down)).toMatchObject({ acknowledged: { by: 'ann' }, assignee: 'ann' });
    nowMs += 1_000;
    await one.post({ labels: { alertname: 'Down' }, endsAt: new Date(nowMs).toISOString() });
    nowMs += 1_000;
    await fired('Down');
    expect(one.board.alert(namespace, down)).toMatchObject({ acknowledged: undefined, assignee: '' });
  });
}
