// Alerts and silences at the REST door, beside an alerting with canned answers on a real socket.
import { AlertService, type Handlers, SilenceService } from '@tmws/contracts';
import { Problem } from '@tmws/problems';
import { openAlerting } from './open-alerting.ts';
import { aborted } from './fake-timeline.ts';
import { overheard } from './overheard.ts';

const fingerprint = '7f1c6f3a9d2b4e80';
const alert = { fingerprint, labels: { alertname: 'Down' }, status: 'firing', state: 'active' };
const changed = () => Promise.resolve({ items: [alert], unknown: [] });

type AlertHandlers = Handlers<(typeof AlertService)['method']>;

const answers: AlertHandlers = {
  listAlerts: ({ filters }) => {
    if (filters.includes('job'))
      throw new Problem('invalid', 'bad matcher "job"', { field: 'filter', position: { start: 0, end: 3 } });
    return Promise.resolve({ items: [alert], total: 1 });
  },
  listAlertGroups: () => Promise.resolve({ items: [{ id: 'g', alertCount: 1, alerts: [alert] }], total: 1, revision: 7n }),
  getAlert: () => Promise.resolve({ alert }),
  listAlertHistory: () => Promise.resolve({ items: [{ fingerprint, kind: 'fired', details: { receiver: 'x' } }] }),
  explainAlert: () => Promise.resolve({ summary: 'Nobody.' }),
  acknowledgeAlerts: changed,
  unacknowledgeAlerts: changed,
  assignAlerts: changed,
  commentAlerts: changed,
  judgeAlerts: changed,
  async *watchAlerts(_request, { signal }) {
    yield { revision: 8n, counts: { firing: 2 } };
    await aborted(signal);
  },
};

async function openAlerts() {
  return openAlerting((server, heard) => {
    server.add(AlertService, overheard(answers, heard));
    const silence = ({ id }: { id: string }) => Promise.resolve({ id: id === '' ? 'new' : id, state: 'active', mutedCount: 2 });
    server.add(
      SilenceService,
      overheard(
        {
          listSilences: () => Promise.resolve({ items: [{ id: 's' }], total: 1 }),
          getSilence: silence,
          putSilence: silence,
          expireSilence: silence,
          suggestSilence: () => Promise.resolve({ now: 2, lastDay: 3, lastWeek: 5 }),
        },
        heard,
      ),
    );
  });
}

test('filters go on as they were written, and a bad one comes back with its place', async () => {
  await using door = await openAlerts();
  const { gateway, heard } = door;
  const query =
    'filter=severity%3D%22critical%22&filter=job%3D~%22a,b%22&state=active,damped&acknowledged=false&limit=5&at=2026-03-01T12:00:00Z';
  expect(await (await gateway.get(`/api/v1/alerts?${query}`)).json()).toMatchObject({
    items: [{ fingerprint }],
    nextCursor: '',
    total: 1,
  });
  expect(heard[0]?.request).toMatchObject({
    filters: ['severity="critical"', 'job=~"a,b"'],
    states: ['active', 'damped'],
    acknowledged: false,
    limit: 5,
    at: { seconds: 1772366400n },
  });
  expect(await gateway.problem(await gateway.get('/api/v1/alerts?filter=job'))).toMatchObject({
    status: 400,
    field: 'filter',
    position: { start: 0, end: 3 },
  });
});

test.each(['groups?state=active', 'history?kind=fired', fingerprint, `${fingerprint}/history`, `${fingerprint}/explain`])(
  'GET alerts/%s is answered',
  async (path) => {
    await using door = await openAlerts();
    expect((await door.gateway.get(`/api/v1/alerts/${path}`)).status).toBe(200);
    expect(await door.gateway.problem(await door.gateway.get(`/api/v1/alerts/nothing/history`))).toMatchObject({
      status: 400,
      field: 'fingerprint',
    });
  },
);

test('what people do is done once for each key; the same key for something else is refused', async () => {
  await using door = await openAlerts();
  const { gateway, heard } = door;
  const comment = (text: string) =>
    gateway.post('/api/v1/alerts/comment', { fingerprints: [fingerprint], text }, { 'idempotency-key': 'k1' });
  expect(await (await comment('hello')).json()).toMatchObject({ items: [{ fingerprint }], unknown: [] });
  expect((await comment('hello')).status).toBe(200);
  expect(heard.map(({ method }) => method)).toEqual(['commentAlerts']);
  expect(await gateway.problem(await comment('other'))).toMatchObject({ status: 409, field: 'idempotency-key' });
});

test.each([
  ['alerts/acknowledge', { fingerprints: [] }, 'fingerprints'],
  ['alerts/acknowledge', { fingerprints: ['x'] }, 'fingerprints.0'],
  ['alerts/assign', { fingerprints: [fingerprint] }, 'assignee'],
  ['alerts/comment', { fingerprints: [fingerprint], text: '' }, 'text'],
  ['alerts/judge', { fingerprints: [fingerprint], verdict: 'right' }, 'verdict'],
  ['alerts/judge', { fingerprints: [], verdict: '' }, 'fingerprints'],
  ['alerts/explain', { labels: { a: 1 } }, 'labels.a'],
  ['silences', { matchers: [], endsAt: '2026-03-01T13:00:00Z', comment: 'x' }, 'matchers'],
  ['silences', { matchers: [{ name: 'a', value: 'b' }], endsAt: 'soon', comment: 'x' }, 'endsAt'],
  ['silences/preview', { matchers: [{ name: 'a', value: 'b', operator: '~' }] }, 'matchers.0.operator'],
])('POST %s of %j names the field', async (path, body, field) => {
  await using door = await openAlerts();
  expect(await door.gateway.problem(await door.gateway.post(`/api/v1/${path}`, body))).toMatchObject({ status: 400, field });
  expect(door.heard).toEqual([]);
});

test('a verdict goes on as it was given; an empty one takes it back', async () => {
  await using door = await openAlerts();
  const judge = (verdict: string) => door.gateway.post('/api/v1/alerts/judge', { fingerprints: [fingerprint], verdict });
  expect(await (await judge('false_positive')).json()).toMatchObject({ items: [{ fingerprint }], unknown: [] });
  expect((await judge('')).status).toBe(200);
  expect(door.heard.map(({ method, request }) => [method, (request as { verdict: string }).verdict])).toEqual([
    ['judgeAlerts', 'false_positive'],
    ['judgeAlerts', ''],
  ]);
});

test('a silence is made, changed, previewed and ended', async () => {
  await using door = await openAlerts();
  const { gateway, heard } = door;
  const body = { matchers: [{ name: 'job', value: 'api' }], endsAt: '2026-03-01T13:00:00Z', comment: 'deploy' };
  const made = await gateway.post('/api/v1/silences', body);
  expect([made.status, await made.json()]).toEqual([201, expect.objectContaining({ id: 'new', mutedCount: 2 })]);
  expect(heard[0]?.request).toMatchObject({
    matchers: [{ name: 'job', value: 'api', operator: '=' }],
    endsAt: { seconds: 1772370000n },
  });
  const id = '0b6f6c0e-6a0c-4f0e-9b0a-3c1f5f5f0a11';
  const headers = { 'content-type': 'application/json' };
  const put = await gateway.get(`/api/v1/silences/${id}`, { method: 'PUT', body: JSON.stringify(body), headers });
  expect(await put.json()).toMatchObject({ id });
  expect(await (await gateway.post('/api/v1/silences/preview', { matchers: body.matchers })).json()).toMatchObject({
    now: 2,
    lastWeek: 5,
  });
  expect((await gateway.get(`/api/v1/silences/${id}`, { method: 'DELETE' })).status).toBe(200);
  expect(heard.map(({ method }) => method)).toEqual(['putSilence', 'putSilence', 'suggestSilence', 'expireSilence']);
});

test('the stream tells changes with revisions to go on from', async () => {
  await using door = await openAlerts();
  const response = await door.gateway.get('/api/v1/alerts/stream?since=7');
  const reader = response.body?.getReader();
  let text = '';
  while (!text.includes('firing')) text += new TextDecoder().decode((await reader?.read())?.value as Uint8Array);
  expect(text).toContain('id: 8');
  expect(text).toContain('event: change');
  expect(text).toContain('"firing":2');
  await reader?.cancel();
  expect(door.heard[0]?.request).toMatchObject({ sinceRevision: 7n });
});
