// The Alertmanager door under what is large, broken or hostile, over the embedded database.
import { mutated } from '@tmws/testkit';
import fc from 'fast-check';
import { call, ownNamespace } from './call-door.ts';
import { simpleConfig, startAlerting } from './start-alerting.ts';

let alerting: Awaited<ReturnType<typeof startAlerting>>;
beforeAll(async () => {
  alerting = await startAlerting();
}, 60_000);
afterAll(() => alerting.stop());

const inAnHour = new Date(Date.now() + 3_600_000).toISOString();

const alerts = [
  {
    labels: { alertname: 'Down', job: 'api', instance: 'a:9100' },
    annotations: { summary: 'it is down' },
    startsAt: new Date().toISOString(),
    endsAt: inAnHour,
    generatorURL: 'http://prometheus/graph?g0.expr=up',
  },
  { labels: { alertname: 'Slow', job: 'web' } },
];
const silence = {
  matchers: [{ name: 'alertname', value: 'Down.*', isRegex: true, isEqual: true }],
  startsAt: new Date().toISOString(),
  endsAt: inAnHour,
  createdBy: 'ann',
  comment: 'deploy',
};

test.each([
  ['alerts', alerts, 30],
  ['silences', silence, 10],
])(
  'whatever comes in place of %s is taken or refused; nothing breaks',
  async (path, valid, runs) => {
    const headers = ownNamespace();
    await fc.assert(
      fc.asyncProperty(fc.array(mutated(valid), { minLength: 100, maxLength: 100 }), async (bodies) => {
        const answers = await Promise.all(bodies.map((body) => call(alerting.url, 'POST', `/api/v2/${path}`, body, headers)));
        for (const { status, json } of answers) {
          expect([200, 400, 404, 422]).toContain(status);
          if (status !== 200)
            expect(typeof json === 'string' || typeof (json as { message?: unknown }).message === 'string').toBe(true);
        }
      }),
      { numRuns: runs, endOnFailure: true },
    );
    const list = await call(alerting.url, 'GET', `/api/v2/${path}`, undefined, headers);
    expect(list.status).toBe(200);
    expect((list.json as unknown[]).length).toBeGreaterThan(0);
  },
  180_000,
);

test('6,000 alerts are streamed in parts, and others are answered meanwhile', async () => {
  const headers = ownNamespace();
  for (let from = 0; from < 6_000; from += 2000) {
    const some = Array.from({ length: 2000 }, (_, i) => ({
      labels: {
        alertname: `Down${i % 50}`,
        instance: `host-${from + i}:9100`,
        job: 'node',
        severity: i % 3 === 0 ? 'page' : 'warn',
      },
      annotations: { summary: `host-${from + i} is down` },
      endsAt: inAnHour,
    }));
    expect((await call(alerting.url, 'POST', '/api/v2/alerts', some, headers)).status).toBe(200);
  }
  const done: string[] = [];
  const asking = call(alerting.url, 'GET', '/api/v2/alerts', undefined, headers).finally(() => done.push('alerts'));
  await call(alerting.url, 'GET', '/-/healthy').finally(() => done.push('healthy'));
  const list = await asking;
  expect(done).toEqual(['healthy', 'alerts']);
  expect((list.json as unknown[]).length).toBe(6_000);
  expect(list.headers['transfer-encoding']).toBe('chunked');
  const groups = await call(alerting.url, 'GET', '/api/v2/alerts/groups', undefined, headers);
  expect((groups.json as unknown[]).length).toBe(50);

  // A pattern that takes long for each value is run between others' requests, and a client that left is forgotten.
  const bomb = encodeURIComponent(`instance=~"${'(h|ho|hos|host)*'.repeat(100)}x"`);
  const leaving = new AbortController();
  const asked = fetch(`${alerting.url}/api/v2/alerts?filter=${bomb}`, { headers, signal: leaving.signal }).catch(() => undefined);
  const healthy = await call(alerting.url, 'GET', '/-/healthy');
  expect(healthy.status).toBe(200);
  leaving.abort();
  await asked;
}, 120_000);

test('when the store fails in the middle, the answer is 500, nothing is half, and the next try is taken', async () => {
  const headers = ownNamespace();
  const { db, schema } = alerting;
  const one = [{ labels: { alertname: 'Kept' }, endsAt: inAnHour }];
  await db.query(`ALTER TABLE ${schema}.groups RENAME TO groups_away`);
  const refused = await call(alerting.url, 'POST', '/api/v2/alerts', one, headers);
  await db.query(`ALTER TABLE ${schema}.groups_away RENAME TO groups`);
  expect([refused.status, refused.headers['content-type']]).toEqual([500, 'application/json']);
  expect(typeof refused.json).toBe('string');
  const counted = async (table: string): Promise<unknown> =>
    (
      await db.query(`SELECT count(*)::int AS rows FROM ${schema}.${table} WHERE namespace = $1`, [headers['x-tmws-namespace']])
    )[0]?.rows;
  expect([await counted('alerts'), await counted('history')]).toEqual([0, 0]);
  expect((await call(alerting.url, 'GET', '/api/v2/alerts', undefined, headers)).json).toEqual([]);
  expect((await call(alerting.url, 'POST', '/api/v2/alerts', one, headers)).status).toBe(200);
  // Of history, what was told of it may be there by now.
  expect([await counted('alerts'), await counted('groups')]).toEqual([1, 1]);
});

test('without a database alerts and silences are answered with 500, and what is known is still shown', async () => {
  const lonely = await startAlerting();
  await call(lonely.url, 'POST', '/api/v2/alerts', alerts);
  await lonely.db.close();
  const answers = await Promise.all([
    call(lonely.url, 'POST', '/api/v2/alerts', alerts),
    call(lonely.url, 'POST', '/api/v2/silences', silence),
    call(lonely.url, 'DELETE', '/api/v2/silence/00000000-0000-0000-0000-000000000001'),
  ]);
  expect(answers.map(({ status, json }) => [status, typeof json])).toEqual([
    [500, 'string'],
    [500, 'string'],
    [500, 'string'],
  ]);
  expect(((await call(lonely.url, 'GET', '/api/v2/alerts')).json as unknown[]).length).toBe(2);
  expect((await call(lonely.url, 'GET', '/-/healthy')).status).toBe(200);
  await lonely.stop();
}, 60_000);

test('a file that is read while the store is away is not taken, and what fires keeps its groups', async () => {
  const state = { config: simpleConfig };
  const one = await startAlerting({ config: () => state.config });
  await call(one.url, 'POST', '/api/v2/alerts', [{ labels: { alertname: 'Fires', team: 'db' }, endsAt: inAnHour }]);
  const groups = async (): Promise<unknown[]> =>
    (await one.db.query<{ route_id: string }>(`SELECT route_id FROM ${one.schema}.groups`)).map((group) => group.route_id);
  state.config = `
route: { receiver: default, routes: [{ receiver: db, matchers: ['team="db"'] }] }
receivers: [{ name: default }, { name: db }]
`;
  await one.db.query(`ALTER TABLE ${one.schema}.groups RENAME TO groups_away`);
  const refused = await call(one.url, 'POST', '/-/reload');
  await one.db.query(`ALTER TABLE ${one.schema}.groups_away RENAME TO groups`);
  expect([refused.status, refused.text]).toEqual([500, expect.stringContaining('failed to reload config')]);
  expect(await groups()).toEqual(['{}']);
  expect((await call(one.url, 'GET', '/api/v2/alerts')).json).toMatchObject([{ receivers: [{ name: 'default' }] }]);
  expect((await call(one.url, 'POST', '/-/reload')).status).toBe(200);
  expect(await groups()).toContain('{}/{team="db"}/0');
  expect((await call(one.url, 'GET', '/api/v2/alerts')).json).toMatchObject([{ receivers: [{ name: 'db' }] }]);
  await one.stop();
}, 60_000);
