// Silences by the Alertmanager door. Bodies and codes are those of Alertmanager 0.28.1.
import { call, type Answer, idOfSilence, ownNamespace } from './call-door.ts';
import { startAlerting } from './start-alerting.ts';

const startMs = Date.parse('2026-03-01T12:00:00Z');
const state = { nowMs: startMs };
const clock = (): number => state.nowMs;
const at = (ms: number): string => new Date(state.nowMs + ms).toISOString();
let alerting: Awaited<ReturnType<typeof startAlerting>>;
beforeAll(async () => {
  alerting = await startAlerting({ clock });
}, 60_000);
afterAll(() => alerting.stop());

const get = (path: string, headers: Record<string, string> = {}): Promise<Answer> =>
  call(alerting.url, 'GET', path, undefined, headers);
const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
  call(alerting.url, 'POST', path, body, headers);
const silence = (more: object = {}): object => ({
  matchers: [{ name: 'alertname', value: 'Down', isRegex: false }],
  startsAt: at(0),
  endsAt: at(3_600_000),
  createdBy: 'ann',
  comment: 'deploy',
  ...more,
});

test('a silence mutes from its start to its end, and is shown until five days later', async () => {
  const ns = ownNamespace();
  await post('/api/v2/alerts', [{ labels: { alertname: 'Down' }, endsAt: at(864_000_000) }], ns);
  const id = idOfSilence(await post('/api/v2/silences', silence({ startsAt: at(60_000), endsAt: at(120_000) }), ns));
  const states: unknown[] = [];
  for (const stepMs of [0, 60_000, 60_000]) {
    state.nowMs += stepMs;
    const [alert] = (await get('/api/v2/alerts', ns)).json as { status: { state: string; silencedBy: string[] } }[];
    const [shown] = (await get('/api/v2/silences', ns)).json as { status: { state: string } }[];
    states.push([shown?.status.state, alert?.status.state, alert?.status.silencedBy]);
  }
  expect(states).toEqual([
    ['pending', 'active', []],
    ['active', 'suppressed', [id]],
    ['expired', 'active', []],
  ]);
  state.nowMs += 5 * 86_400_000;
  expect((await get(`/api/v2/silence/${id}`, ns)).status).toBe(404);
});

test('a silence is changed under its id, or replaced where that would change the past', async () => {
  const ns = ownNamespace();
  const id = idOfSilence(await post('/api/v2/silences', silence(), ns));
  expect(idOfSilence(await post('/api/v2/silences', silence({ id, endsAt: at(7_200_000), comment: 'longer' }), ns))).toBe(id);
  const other = idOfSilence(
    await post('/api/v2/silences', silence({ id, matchers: [{ name: 'job', value: 'x', isRegex: false, isEqual: false }] }), ns),
  );
  expect(other).not.toBe(id);
  expect((await get(`/api/v2/silence/${id}`, ns)).json).toMatchObject({ status: { state: 'expired' }, comment: 'longer' });
  expect((await get(`/api/v2/silence/${other}`, ns)).json).toMatchObject({ matchers: [{ name: 'job', isEqual: false }] });
  const gone = await call(alerting.url, 'DELETE', `/api/v2/silence/${other}`, undefined, ns);
  expect([gone.status, gone.text]).toEqual([200, '']);
  expect((await call(alerting.url, 'DELETE', `/api/v2/silence/${other}`, undefined, ns)).status).toBe(200);
});

test.each([
  [{ id: '00000000-0000-0000-0000-000000000001' }, 404, 'silence not found'],
  [{ endsAt: at(-1), startsAt: at(-9) }, 400, "Failed to create silence: end time can't be in the past"],
  [{ startsAt: '2099-01-01T00:00:00Z' }, 400, 'Failed to create silence: start time must be before end time'],
  [{ endsAt: '0001-01-01T00:00:00.000Z' }, 400, 'Failed to create silence: start time must be before end time'],
  [{ matchers: [] }, 422, { code: 612, message: 'matchers in body should have at least 1 items' }],
  [
    { matchers: [{ name: 'a', value: '.*', isRegex: true }] },
    400,
    expect.stringContaining('invalid silence: at least one matcher must not match the empty'),
  ],
  [{ matchers: [{ name: 'a', value: 'x' }] }, 422, { code: 602, message: 'matchers.0.isRegex in body is required' }],
  [{ comment: null }, 422, { code: 602, message: 'comment in body is required' }],
])('a silence with %j is refused', async (more, status, json) => {
  const answer = await post('/api/v2/silences', silence(more), ownNamespace());
  expect([answer.status, answer.json]).toEqual([status, json]);
});

test('a preview says how many alerts a silence would mute, now and in the last day', async () => {
  const ns = ownNamespace();
  await post(
    '/api/v2/alerts',
    [
      { labels: { alertname: 'Down', i: '1' }, endsAt: at(60_000) },
      { labels: { alertname: 'Down', i: '2' }, endsAt: at(86_400_000) },
      { labels: { alertname: 'Up' } },
    ],
    ns,
  );
  state.nowMs += 120_000;
  const matchers = [{ name: 'alertname', value: 'Down', isRegex: false, isEqual: true }];
  expect(await alerting.silences.preview(ns['x-tmws-namespace'] ?? '', matchers)).toEqual({ now: 1, lastDay: 2 });
  state.nowMs += 86_000_000;
  expect(await alerting.silences.preview(ns['x-tmws-namespace'] ?? '', matchers)).toEqual({ now: 1, lastDay: 2 });
  state.nowMs += 86_400_000;
  expect(await alerting.silences.preview(ns['x-tmws-namespace'] ?? '', matchers)).toEqual({ now: 0, lastDay: 0 });
});
