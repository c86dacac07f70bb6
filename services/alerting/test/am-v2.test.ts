// The Alertmanager door over the embedded database: what Prometheus, amtool, karma and Grafana rely on. Bodies and codes are those of
// Alertmanager 0.28.1.
import { call, type Answer, idOfSilence, ownNamespace } from './call-door.ts';
import { startAlerting } from './start-alerting.ts';

const startMs = Date.parse('2026-03-01T12:00:00Z');
const state = { nowMs: startMs, config: '' };
const clock = (): number => state.nowMs;
const at = (ms: number): string => new Date(state.nowMs + ms).toISOString();
const firstConfig = `
route:
  receiver: default
  group_by: [alertname]
  routes:
    - { receiver: db, matchers: ['team="db"'], continue: true }
    - { receiver: web, matchers: ['team=~"web|db"'] }
    - { receiver: night, matchers: ['team="night"'], mute_time_intervals: [always] }
time_intervals: [{ name: always, time_intervals: [{ times: [{ start_time: '00:00', end_time: '24:00' }] }] }]
inhibit_rules: [{ source_matchers: ['severity="critical"'], target_matchers: ['severity="warning"'], equal: [job] }]
receivers: [{ name: default }, { name: db }, { name: web }, { name: night }]
`;
state.config = firstConfig;

let alerting: Awaited<ReturnType<typeof startAlerting>>;
beforeAll(async () => {
  alerting = await startAlerting({ clock, config: () => state.config });
}, 60_000);
afterAll(() => alerting.stop());

const get = (path: string, headers: Record<string, string> = {}): Promise<Answer> =>
  call(alerting.url, 'GET', path, undefined, headers);
const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
  call(alerting.url, 'POST', path, body, headers);
const namesOf = ({ json }: Answer): string[] =>
  (json as { labels: Record<string, string> }[]).map(({ labels }) => labels.alertname ?? '').sort();
const silence = (more: object = {}): object => ({
  matchers: [{ name: 'alertname', value: 'Down', isRegex: false }],
  startsAt: at(0),
  endsAt: at(3_600_000),
  createdBy: 'ann',
  comment: 'deploy',
  ...more,
});

test('an alert that was taken is answered with an empty body, and is there at once', async () => {
  const ns = ownNamespace();
  const answer = await post('/api/v2/alerts', [{ labels: { alertname: 'Down' }, generatorURL: 'http://p/graph' }], ns);
  expect([answer.status, answer.text, answer.headers['content-type']]).toEqual([200, '', undefined]);
  const list = await get('/api/v2/alerts', ns);
  expect(list.headers['content-type']).toBe('application/json');
  expect(list.text.endsWith(']\n')).toBe(true);
  expect(list.json).toEqual([
    {
      labels: { alertname: 'Down' },
      annotations: {},
      startsAt: '2026-03-01T12:00:00.000Z',
      endsAt: '2026-03-01T12:05:00.000Z',
      updatedAt: '2026-03-01T12:00:00.000Z',
      fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
      generatorURL: 'http://p/graph',
      receivers: [{ name: 'default' }],
      status: { state: 'active', silencedBy: [], inhibitedBy: [], mutedBy: [] },
    },
  ]);
});

test('valid alerts beside invalid ones are taken, and every reason is said', async () => {
  const ns = ownNamespace();
  const answer = await post(
    '/api/v2/alerts',
    [{ labels: { a: '' } }, { labels: { alertname: 'Good' } }, { labels: { '': 'x' } }],
    ns,
  );
  expect(answer.status).toBe(400);
  expect(answer.headers['content-type']).toBe('application/json');
  expect(answer.json).toMatch(/^alert 0: at least one label pair required.*; alert 2: label name "" is not valid/);
  expect(namesOf(await get('/api/v2/alerts', ns))).toEqual(['Good']);
});

test.each([
  ['no body', '', 422, { code: 602, message: 'alerts in body is required' }],
  ['an object', {}, 400, { code: 400, message: expect.stringContaining('must be an array') as string }],
  ['broken JSON', '[{', 400, { code: 400, message: expect.stringContaining('parsing alerts body') as string }],
  ['nothing but null', [null], 400, { code: 400, message: expect.stringContaining('0 must be an object') as string }],
  ['no labels', [{}], 422, { code: 602, message: '0.labels in body is required' }],
  ['a number as a label', [{ labels: { a: 1 } }], 400, { code: 400, message: expect.stringContaining('0.labels.a') as string }],
  [
    'no address as generator',
    [{ labels: { a: 'b' }, generatorURL: 'not one' }],
    422,
    { code: 601, message: '0.generatorURL in body must be of type uri: "not one"' },
  ],
])('%s in place of alerts is refused as Alertmanager does', async (_, body, status, json) => {
  const answer = await post('/api/v2/alerts', body, ownNamespace());
  expect([answer.status, answer.json]).toEqual([status, json]);
});

test('a time that nothing can hold makes its alert invalid, and no other', async () => {
  const ns = ownNamespace();
  const posted = [
    { labels: { alertname: 'Ancient' }, startsAt: '0000-06-01T00:00:00Z' },
    { labels: { alertname: 'Good' } },
    { labels: { alertname: 'Late' }, endsAt: '9999-12-31T23:59:59-01:00' },
  ];
  const answer = await post('/api/v2/alerts', posted, ns);
  expect([answer.status, answer.json]).toEqual([400, expect.stringMatching(/^alert 0: startsAt.*; alert 2: endsAt/)]);
  expect(namesOf(await get('/api/v2/alerts', ns))).toEqual(['Good']);
});

test('year 1 means that a time is not given', async () => {
  const ns = ownNamespace();
  const year1 = '0001-01-01T00:00:00.000Z';
  await post('/api/v2/alerts', [{ labels: { alertname: 'Down' }, startsAt: year1, endsAt: year1 }], ns);
  expect((await get('/api/v2/alerts', ns)).json).toMatchObject([{ startsAt: at(0), endsAt: at(300_000) }]);
});

test('an alert ends when its end has passed, whoever says so', async () => {
  const ns = ownNamespace();
  await post(
    '/api/v2/alerts',
    [
      { labels: { alertname: 'Ends' }, endsAt: at(60_000) },
      { labels: { alertname: 'Stays' }, endsAt: at(600_000) },
    ],
    ns,
  );
  state.nowMs += 61_000;
  expect(namesOf(await get('/api/v2/alerts', ns))).toEqual(['Stays']);
  await post('/api/v2/alerts', [{ labels: { alertname: 'Stays' }, endsAt: at(-1) }], ns);
  expect(namesOf(await get('/api/v2/alerts', ns))).toEqual([]);
});

test('a clock that jumps back and forth loses no alert and resolves none for good', async () => {
  const ns = ownNamespace();
  await post('/api/v2/alerts', [{ labels: { alertname: 'Down' }, endsAt: at(600_000) }], ns);
  state.nowMs -= 3_600_000;
  expect(namesOf(await get('/api/v2/alerts', ns))).toEqual(['Down']);
  expect((await post('/api/v2/alerts', [{ labels: { alertname: 'Down' } }], ns)).status).toBe(200);
  state.nowMs += 3_600_000;
  await post('/api/v2/alerts', [{ labels: { alertname: 'Down' }, endsAt: at(600_000) }], ns);
  expect(namesOf(await get('/api/v2/alerts', ns))).toEqual(['Down']);
});

describe('what one asks for', () => {
  const ns = ownNamespace();
  const team = (alertname: string, more: object): object => ({ labels: { alertname, ...more }, endsAt: at(86_400_000) });
  beforeAll(async () => {
    await post(
      '/api/v2/alerts',
      [
        team('DbDown', { team: 'db', job: 'pg', severity: 'critical' }),
        team('DbSlow', { team: 'db', job: 'pg', severity: 'warning' }),
        team('WebDown', { team: 'web' }),
        team('Backup', { team: 'night' }),
        team('Other', {}),
        team('Quiet', {}),
      ],
      ns,
    );
    await post(
      '/api/v2/silences',
      silence({ endsAt: at(80_000_000), matchers: [{ name: 'alertname', value: 'Qui.*', isRegex: true }] }),
      ns,
    );
  });

  test.each([
    ['', ['Backup', 'DbDown', 'DbSlow', 'Other', 'Quiet', 'WebDown']],
    ['filter=team%3Ddb', ['DbDown', 'DbSlow']],
    ['filter=team%3Ddb&filter=severity!%3Dwarning', ['DbDown']],
    ['filter=team%3D~%22d%22', []],
    ['filter=team%3D""', ['Other', 'Quiet']],
    ['receiver=d', []],
    ['receiver=d.*', ['DbDown', 'DbSlow', 'Other', 'Quiet']],
    ['receiver=db%7Cnight', ['Backup', 'DbDown', 'DbSlow']],
    ['active=false', ['DbSlow', 'Quiet']],
    ['inhibited=false', ['Backup', 'DbDown', 'Other', 'Quiet', 'WebDown']],
    ['silenced=false', ['Backup', 'DbDown', 'DbSlow', 'Other', 'WebDown']],
    ['unprocessed=false', ['Backup', 'DbDown', 'DbSlow', 'Other', 'Quiet', 'WebDown']],
    ['silenced=false&inhibited=false&unprocessed=false&active=true', ['Backup', 'DbDown', 'Other', 'WebDown']],
    ['active=maybe', ['DbSlow', 'Quiet']],
    ['active=', ['Backup', 'DbDown', 'DbSlow', 'Other', 'Quiet', 'WebDown']],
    ['receiver_matchers=owner%3D%22a%22', []],
  ])('of alerts by %j one gets these', async (query, names) => {
    expect(namesOf(await get(`/api/v2/alerts?${query}`, ns))).toEqual(names);
  });

  test('alerts stand by fingerprint, and name all their receivers in the order of the tree', async () => {
    const list = (await get('/api/v2/alerts', ns)).json as {
      fingerprint: string;
      labels: Record<string, string>;
      receivers: object[];
    }[];
    const fingerprints = list.map(({ fingerprint }) => fingerprint);
    expect(fingerprints).toEqual(fingerprints.toSorted());
    expect(list.find(({ labels }) => labels.alertname === 'DbDown')?.receivers).toEqual([{ name: 'db' }, { name: 'web' }]);
  });

  test('groups stand by labels and receiver, without muted ones if one asks so', async () => {
    const shown = async (query: string): Promise<unknown[]> =>
      (
        (await get(`/api/v2/alerts/groups?${query}`, ns)).json as { labels: { alertname: string }; receiver: { name: string } }[]
      ).map(({ labels, receiver }) => `${labels.alertname} ${receiver.name}`);
    expect(await shown('')).toEqual([
      'Backup night',
      'DbDown db',
      'DbDown web',
      'DbSlow db',
      'DbSlow web',
      'Other default',
      'Quiet default',
      'WebDown web',
    ]);
    expect(await shown('muted=false&silenced=false&inhibited=false')).toEqual([
      'DbDown db',
      'DbDown web',
      'Other default',
      'WebDown web',
    ]);
    expect((await get('/api/v2/alerts/groups?receiver=night', ns)).json).toMatchObject([
      { alerts: [{ status: { state: 'suppressed', mutedBy: ['always'] } }] },
    ]);
  });

  test.each([
    ['alerts?filter=garbage', 'bad matcher "garbage"'],
    ['alerts?filter=', 'bad matcher ""'],
    ['alerts?filter=a%3D~%22(%22', 'missing closing )'],
    ['alerts?receiver=(', 'failed to parse receiver param: error parsing regexp: missing closing )'],
    ['alerts/groups?filter=%7B%7D', 'bad matcher'],
    ['silences?filter=bad', 'bad matcher "bad"'],
    [`alerts?filter=a%3D~%22${encodeURIComponent('(x{1000}){1000}')}%22`, 'repeat'],
    [`alerts?filter=a%3D~%22${'x'.repeat(5000)}%22`, 'at most 4096 characters'],
  ])('a question for %s is refused with a reason', async (path, reason) => {
    const answer = await get(`/api/v2/${path}`, ns);
    expect([answer.status, answer.headers['content-type']]).toEqual([400, 'application/json']);
    expect(answer.json).toContain(reason);
  });
});

test('no other namespace sees an alert or a silence, or can end it', async () => {
  const [mine, other] = [ownNamespace(), ownNamespace()];
  await post('/api/v2/alerts', [{ labels: { alertname: 'Mine' } }], mine);
  const id = idOfSilence(await post('/api/v2/silences', silence(), mine));
  expect((await get('/api/v2/alerts', other)).json).toEqual([]);
  expect((await get('/api/v2/alerts/groups', other)).json).toEqual([]);
  expect((await get('/api/v2/silences', other)).json).toEqual([]);
  expect((await get(`/api/v2/silence/${id}`, other)).status).toBe(404);
  expect((await call(alerting.url, 'DELETE', `/api/v2/silence/${id}`, undefined, other)).status).toBe(404);
  expect((await post('/api/v2/silences', silence({ id }), other)).status).toBe(404);
  expect((await get(`/api/v2/silence/${id}`, mine)).json).toMatchObject({ status: { state: 'active' } });
});

test.each([
  ['PUT', '/api/v2/alerts', 405, 'GET,POST'],
  ['HEAD', '/api/v2/status', 405, 'GET'],
  ['OPTIONS', '/api/v2/alerts', 405, 'GET,POST'],
  ['GET', '/api/v2/nope', 404, undefined],
  ['GET', '/api/v1/alerts', 410, undefined],
  ['GET', '/-/reload', 405, 'OPTIONS, POST'],
  ['GET', '/-/healthy', 200, undefined],
  ['GET', '/-/ready', 200, undefined],
  ['GET', '/api/v2/silence/foo', 422, undefined],
])('%s %s is %d', async (method, path, status, allow) => {
  const answer = await call(alerting.url, method, path);
  expect([answer.status, answer.headers.allow]).toEqual([status, allow]);
  expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
});

test('only JSON is taken and given', async () => {
  expect((await post('/api/v2/alerts', '[]', { 'content-type': 'text/plain' })).json).toEqual({
    code: 415,
    message: 'unsupported media type "text/plain", only [application/json] are allowed',
  });
  expect((await get('/api/v2/receivers', { accept: 'text/html' })).status).toBe(406);
  expect((await post('/api/v2/alerts', '[]', { 'content-type': 'application/json; charset=utf-8' })).status).toBe(200);
});

test('a body above 4 MiB is refused with the limit', async () => {
  const answer = await post('/api/v2/alerts', [{ labels: { alertname: 'x', y: 'z'.repeat(4 * 1024 * 1024) } }], ownNamespace());
  expect([answer.status, answer.json]).toEqual([
    413,
    { code: 413, message: 'the body must be at most 4194304 bytes; send it in parts' },
  ]);
});

test('labels that are too many, or texts that are too long, are refused by name; the store is not filled by one client', async () => {
  const ns = ownNamespace();
  const many = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`l${i}`, 'x']));
  const answer = await post(
    '/api/v2/alerts',
    [{ labels: many }, { labels: { alertname: 'a'.repeat(9000) } }, { labels: { alertname: 'ok' } }],
    ns,
  );
  expect(answer.status).toBe(400);
  expect(answer.json).toMatch(/alert 0: an alert has at most 128 labels.*alert 1: label "alertname" has 9000 characters/);
  expect(namesOf(await get('/api/v2/alerts', ns))).toEqual(['ok']);
});

test('texts that a database cannot hold are kept whole or refused, and harm nobody beside them', async () => {
  const ns = ownNamespace();
  const odd = { alertname: 'odd', nul: 'a\0b', ['__proto__x']: 'p', constructor: 'c' };
  expect((await post('/api/v2/alerts', [{ labels: odd, annotations: { n: '\0' } }], ns)).status).toBe(200);
  expect((await get('/api/v2/alerts', ns)).json).toMatchObject([{ labels: odd, annotations: { n: '\0' } }]);
  expect((await post('/api/v2/alerts', [{ labels: { alertname: 'x' }, generatorURL: 'http://a/\0' }], ns)).status).toBe(422);
  expect((await post('/api/v2/alerts', '[{"labels":{"alertname":"\\ud800"}}]', ns)).status).toBe(400);
  const id = idOfSilence(await post('/api/v2/silences', silence({ comment: 'a\0b\ud800' }), ns));
  expect((await get(`/api/v2/silence/${id}`, ns)).json).toMatchObject({ comment: 'a\ufffdb\ufffd' });
});

test('the status has the whole configuration, and every field a client looks for', async () => {
  const { json } = await get('/api/v2/status');
  expect(json).toMatchObject({
    cluster: { status: 'disabled', peers: [] },
    versionInfo: { version: '0.28.1', revision: 'tmws', branch: 'tmws', buildUser: 'tmws', buildDate: '', goVersion: '' },
    config: { original: expect.stringContaining('inhibit_rules') as string },
  });
  expect((await get('/api/v2/receivers')).json).toEqual([
    { name: 'default' },
    { name: 'db' },
    { name: 'web' },
    { name: 'night' },
  ]);
});

test('a bad file is refused with its line and the old one stays; a good one moves what fires to its new groups', async () => {
  const ns = ownNamespace();
  await post('/api/v2/alerts', [{ labels: { alertname: 'Moved', team: 'db' }, endsAt: at(864_000_000) }], ns);
  try {
    state.config = firstConfig.replace('receiver: web,', 'receiver: nobody,');
    const refused = await post('/-/reload', '');
    expect([refused.status, refused.headers['content-type']]).toEqual([500, 'text/plain; charset=utf-8']);
    expect(refused.text).toMatch(/^failed to reload config: alertmanager.yml: line 7: .*there is no receiver "nobody"/);
    expect((await get('/api/v2/status')).text).toContain('receiver: web');
    expect((await get('/metrics')).text).toContain('alertmanager_config_last_reload_successful 0');

    state.config = firstConfig
      .replaceAll('receiver: db', 'receiver: late')
      .replaceAll('name: db', 'name: late')
      .replace('team="db"', 'alertname="Moved"');
    const taken = await post('/-/reload', '');
    expect([taken.status, taken.text]).toEqual([200, '']);
    expect((await get('/metrics')).text).toContain('alertmanager_config_last_reload_successful 1');
    expect((await get('/api/v2/alerts', ns)).json).toMatchObject([{ receivers: [{ name: 'late' }, { name: 'web' }] }]);
    const groups = await alerting.db.query<{ route_id: string }>(
      `SELECT route_id FROM ${alerting.schema}.groups WHERE namespace = $1 ORDER BY route_id`,
      [ns['x-tmws-namespace']],
    );
    expect(groups.map((group) => group.route_id)).toEqual(['{}/{alertname="Moved"}/0', '{}/{team=~"web|db"}/1']);
  } finally {
    state.config = firstConfig;
    await post('/-/reload', '');
  }
});
