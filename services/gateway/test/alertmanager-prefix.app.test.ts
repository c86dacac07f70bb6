import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type FakeAlertmanager, openFakeAlertmanager } from './fake-alertmanager.ts';
import { adminKey, type Guarded, openGuarded, serviceToken } from './open-guarded.ts';
import { openGateway } from './open-gateway.ts';

let alertmanager: FakeAlertmanager;
let gateway: Guarded;
const answersOk: FakeAlertmanager['answer'] = (request, response) => {
  request.resume();
  request.once('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end('[]\n'));
};

beforeAll(async () => {
  alertmanager = await openFakeAlertmanager();
  gateway = await openGuarded({ GATEWAY_ALERTMANAGER_ADDRESS: alertmanager.address });
});
beforeEach(() => {
  alertmanager.heard.length = 0;
  alertmanager.answer = answersOk;
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await alertmanager[Symbol.asyncDispose]();
});

const json = { 'content-type': 'application/json' };

test('who may write sends alerts through it; alerting hears who it is and which namespace, and no credential of theirs', async () => {
  const key = await gateway.key({ role: 'editor', namespaces: ['team-a'], name: 'prometheus' });
  const body = '[{"labels":{"alertname":"Down"}}]';
  const answer = await gateway.as(key, '/alertmanager/api/v2/alerts?x=1', { method: 'POST', body, headers: json });
  expect([answer.status, await answer.text()]).toEqual([200, '[]\n']);
  const [heard] = alertmanager.heard;
  expect(heard).toMatchObject({ method: 'POST', path: '/api/v2/alerts?x=1', body });
  expect(heard?.headers).toMatchObject({
    authorization: `Bearer ${serviceToken}`,
    'x-tmws-namespace': 'team-a',
    'x-tmws-principal': 'prometheus',
    'content-type': 'application/json',
  });
  expect(JSON.stringify(heard)).not.toContain(key);
});

test.each([
  ['GET', '/alertmanager/api/v2/alerts', 'viewer', 200],
  ['POST', '/alertmanager/api/v2/silences', 'viewer', 403],
  ['POST', '/alertmanager/api/v2/silences', 'editor', 403],
  ['POST', '/alertmanager/api/v2/silences', 'operator', 200],
  ['DELETE', '/alertmanager/api/v2/silence/x', 'operator', 200],
  ['DELETE', '/alertmanager/api/v2/silence/x', 'viewer', 403],
  ['POST', '/alertmanager/-/reload', 'editor', 403],
  ['POST', '/alertmanager/-/reload', 'operator', 200],
])('%s %s by a %s is %i', async (method, path, role, status) => {
  const key = await gateway.key({ role });
  expect((await gateway.as(key, path, { method })).status).toBe(status);
  expect(alertmanager.heard.length).toBe(status === 200 ? 1 : 0);
});

test('who brings no credential is refused in the form of Alertmanager, and hears how to bring one', async () => {
  const answer = await gateway.get('/alertmanager/api/v2/alerts');
  expect(answer.status).toBe(401);
  expect(answer.headers.get('www-authenticate')).toContain('Bearer');
  expect(await answer.json()).toEqual({ code: 401, message: expect.stringContaining('this needs a credential') as string });
  expect(await gateway.audit('&type=tmws.auth.failed')).toContainEqual(
    expect.objectContaining({ method: 'GET /alertmanager/api/v2/alerts' }),
  );
  const wrong = await gateway.as(adminKey, '/alertmanager/api/v2/alerts?namespace=Not%20One');
  expect([wrong.status, await wrong.json()]).toEqual([400, expect.objectContaining({ code: 400 })]);
});

test('a session of the console writes only with its CSRF value', async () => {
  const signIn = await gateway.post('/api/v1/session', { key: adminKey });
  const cookie = signIn.headers.get('set-cookie')?.split(';')[0] ?? '';
  const { csrf } = (await signIn.json()) as { csrf: string };
  const send = (headers: Record<string, string>) =>
    gateway.get('/alertmanager/api/v2/silences', { method: 'POST', body: '{}', headers: { ...json, cookie, ...headers } });
  expect((await gateway.get('/alertmanager/api/v2/alerts', { headers: { cookie } })).status).toBe(200);
  expect((await send({})).status).toBe(401);
  expect((await send({ 'x-tmws-csrf': csrf })).status).toBe(200);
});

test('health needs no credential; a reload and a silence are in the audit; what else Alertmanager has is not there', async () => {
  expect((await gateway.get('/alertmanager/-/healthy')).status).toBe(200);
  expect((await gateway.get('/alertmanager/-/ready')).status).toBe(200);
  await gateway.as(adminKey, '/alertmanager/-/reload', { method: 'POST' });
  expect((await gateway.audit('&type=tmws.admin.acted'))[0]).toMatchObject({ reason: 'reloadAlertmanager', principal: 'admin' });
  await gateway.as(adminKey, '/alertmanager/api/v2/silence/x', { method: 'DELETE' });
  expect((await gateway.audit('&type=tmws.admin.acted'))[0]).toMatchObject({ reason: 'expireSilence', principal: 'admin' });
  const other = await gateway.as(adminKey, '/alertmanager/metrics');
  expect([other.status, await other.text()]).toEqual([404, '404 page not found\n']);
});

test("alerting's refusals pass as they are", async () => {
  alertmanager.answer = (request, response) => {
    request.resume();
    response.writeHead(422, { 'content-type': 'application/json', 'x-own': '1' }).end('{"code":602,"message":"x is required"}');
  };
  const answer = await gateway.as(adminKey, '/alertmanager/api/v2/silences', { method: 'POST', body: '{}', headers: json });
  expect([answer.status, answer.headers.get('x-own'), await answer.text()]).toEqual([
    422,
    '1',
    '{"code":602,"message":"x is required"}',
  ]);
});

test('bodies pass piece by piece, in both directions', async () => {
  const first = Promise.withResolvers<undefined>();
  alertmanager.answer = (request, response) => {
    request.once('data', () => first.resolve(undefined));
    request.once('end', () => response.end('end'));
    response.writeHead(200).write('begin');
  };
  const rest = Promise.withResolvers<undefined>();
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      controller.enqueue(Buffer.from('one'));
      await rest.promise;
      controller.enqueue(Buffer.from('two'));
      controller.close();
    },
  });
  const init = { method: 'POST', body, duplex: 'half' } as RequestInit;
  const answer = await gateway.as(adminKey, '/alertmanager/api/v2/alerts', init);
  await first.promise;
  const reader = answer.body?.getReader();
  expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('begin');
  rest.resolve(undefined);
  expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('end');
  expect(alertmanager.heard[0]?.body).toBe('onetwo');
});

test('a client that leaves ends the request to alerting', async () => {
  const gone = Promise.withResolvers<undefined>();
  const leaving = new AbortController();
  alertmanager.answer = (_request, response) => {
    response.once('close', () => gone.resolve(undefined));
    leaving.abort();
  };
  const asked = gateway.as(adminKey, '/alertmanager/api/v2/alerts', { signal: leaving.signal }).catch(() => 'left');
  expect(await asked).toBe('left');
  await gone.promise;
});

test('alerting that is silent is 504, that breaks off 502, both as a JSON string', async () => {
  alertmanager.answer = () => undefined;
  await using hasty = await openGateway({ GATEWAY_ALERTMANAGER_ADDRESS: alertmanager.address, GATEWAY_CALL_TIMEOUT: '300ms' });
  const silent = await hasty.get('/alertmanager/api/v2/alerts');
  expect([silent.status, await silent.json()]).toEqual([504, 'alerting was silent for 0.3 s']);
  alertmanager.answer = (request) => void request.socket.destroy();
  const broken = await gateway.as(adminKey, '/alertmanager/api/v2/alerts');
  expect([broken.status, await broken.json()]).toEqual([502, expect.stringContaining('alerting broke off')]);
  alertmanager.answer = (request, response) => {
    response.writeHead(200, { 'content-length': 100 }).write('half');
    setImmediate(() => request.socket.destroy());
  };
  await expect(gateway.as(adminKey, '/alertmanager/api/v2/alerts').then((answer) => answer.text())).rejects.toThrow();
});

test('while sign-in is off everybody passes; where alerting is not, it is 503', async () => {
  const closed = createServer();
  await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
  const { port } = closed.address() as AddressInfo;
  await new Promise((resolve) => closed.close(resolve));
  await using open = await openGateway({ GATEWAY_ALERTMANAGER_ADDRESS: alertmanager.address });
  expect((await open.get('/alertmanager/api/v2/alerts', { headers: { 'x-tmws-namespace': 'team-b' } })).status).toBe(200);
  expect(alertmanager.heard[0]?.headers).toMatchObject({ 'x-tmws-namespace': 'team-b' });
  expect(alertmanager.heard[0]?.headers.authorization).toBeUndefined();
  await using away = await openGateway({ GATEWAY_ALERTMANAGER_ADDRESS: `127.0.0.1:${port}` });
  const answer = await away.get('/alertmanager/api/v2/alerts');
  expect([answer.status, answer.headers.get('retry-after'), await answer.json()]).toEqual([
    503,
    '1',
    'alerting is away; try again in a moment',
  ]);
  await using nowhere = await openGateway();
  expect(await (await nowhere.get('/alertmanager/api/v2/alerts')).json()).toContain('set GATEWAY_ALERTMANAGER_ADDRESS');
});
