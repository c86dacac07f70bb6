import { adminKey, type Guarded, openGuarded } from './open-guarded.ts';
import { openGateway } from './open-gateway.ts';

let gateway: Guarded;
beforeAll(async () => {
  gateway = await openGuarded();
});
afterAll(() => gateway[Symbol.asyncDispose]());

interface Document {
  paths: Record<
    string,
    Record<string, { operationId: string; security: object[]; 'x-tmws-scope'?: string; 'x-tmws-every-namespace'?: boolean }>
  >;
}

const operations = async () => {
  const { paths } = (await (await gateway.get('/api/v1/openapi.json')).json()) as Document;
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, method: method.toUpperCase(), ...operation })),
  );
};
const filled = (path: string): string => path.replaceAll(/\{\w+\}/g, 'run-42');

test('without a credential every operation is refused but those that are open, and each refusal is in the audit', async () => {
  const all = await operations();
  const open = all.filter(({ security }) => security.length === 0).map(({ operationId }) => operationId);
  expect(open.toSorted()).toEqual(['getSession', 'healthz', 'openapi', 'readyz', 'signIn', 'signOut', 'takeSlackAction']);
  const closed = all.filter(({ security }) => security.length > 0);
  expect(closed.length).toBeGreaterThan(30);
  for (const { method, path } of closed) {
    const response = await gateway.get(filled(path), { method });
    expect([path, response.status, response.headers.get('www-authenticate')]).toEqual([path, 401, 'Bearer realm="tmws"']);
    await response.body?.cancel();
  }
  const lines = await gateway.audit('&type=tmws.auth.failed');
  for (const { method, path } of closed)
    expect(lines).toContainEqual(expect.objectContaining({ method: `${method} ${filled(path)}`, reason: 'no credential' }));
});

test('a credential of one namespace gets nothing of another, whatever it asks, however it names it', async () => {
  const own = await gateway.key({ scopes: ['read', 'write', 'operate', 'admin'], namespaces: ['team-a'] });
  for (const { method, path, security } of (await operations()).filter((each) => each.security.length > 0)) {
    expect(security).toHaveLength(3);
    const asked = filled(path);
    const byHeader = await gateway.as(own, asked, { method, headers: { 'x-tmws-namespace': 'team-b' } });
    expect([method, path, byHeader.status]).toEqual([method, path, 403]);
    const byQuery = await gateway.as(own, `${asked}?namespace=team-b`, { method });
    expect([method, path, byQuery.status]).toEqual([method, path, 403]);
    const all = await gateway.as(own, `${asked}?namespace=*`, { method });
    expect([400, 403]).toContain(all.status);
  }
  expect((await gateway.audit('&type=tmws.permission.denied')).length).toBeGreaterThan(60);
});

test('each role may what its scopes say and nothing else', async () => {
  const rank = ['read', 'write', 'operate', 'admin'];
  for (const [i, role] of ['viewer', 'editor', 'operator'].entries()) {
    const key = await gateway.key({ role, namespaces: ['*'] });
    for (const { method, path, ...operation } of await operations()) {
      const scope = operation['x-tmws-scope'];
      if (scope === undefined || rank.indexOf(scope) <= i) continue;
      const response = await gateway.as(key, filled(path), { method });
      const { detail } = await gateway.problem(response);
      expect([path, response.status, detail]).toEqual([
        path,
        403,
        expect.stringContaining(`this needs the scope ${scope}, and "made"`),
      ]);
    }
  }
});

test('a credential of one namespace means that one when none is named', async () => {
  const own = await gateway.key({ role: 'editor', namespaces: ['team-a'] });
  const event = { specversion: '1.0', id: 'e1', source: '/x', type: 'tmws.execution.started', data: { executionId: 'run-1' } };
  const post = (body: object) =>
    gateway.as(own, '/api/v1/events', {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/cloudevents+json' },
    });
  expect((await post(event)).status).toBe(202);
  expect(gateway.log.published.at(-1)?.headers).toMatchObject({ ce_tmwsnamespace: 'team-a' });
  const before = gateway.log.published.length;
  const refused = await post({ ...event, tmwsnamespace: 'team-b' });
  expect([refused.status, gateway.log.published.length]).toEqual([403, before]);
  expect(await gateway.audit('&type=tmws.permission.denied')).toContainEqual(
    expect.objectContaining({ method: 'POST /api/v1/events', namespace: 'team-b' }),
  );
});

test('of a batch only what the credential is good for gets onto the log', async () => {
  const own = await gateway.key({ role: 'editor', namespaces: ['team-a'] });
  const event = (id: string, tmwsnamespace: string) => ({
    specversion: '1.0',
    source: '/x',
    type: 'tmws.execution.started',
    id,
    tmwsnamespace,
    data: { executionId: id },
  });
  const response = await gateway.as(own, '/api/v1/events', {
    method: 'POST',
    body: JSON.stringify([event('b1', 'team-a'), event('b2', 'team-b')]),
    headers: { 'content-type': 'application/cloudevents-batch+json' },
  });
  const { items } = (await response.json()) as { items: { status: string; problem?: { kind: string } }[] };
  expect(items.map(({ status, problem }) => [status, problem?.kind])).toEqual([
    ['accepted', undefined],
    ['refused', 'forbidden'],
  ]);
  expect(gateway.log.published.some(({ headers }) => headers.ce_id === 'b2')).toBe(false);
});

test('a key is shown once, listed without its secret, works as bearer and as the password of anybody, and ends when it is revoked', async () => {
  const secret = await gateway.key({ role: 'viewer', name: 'short-lived' });
  const prefix = secret.slice(0, 13);
  const list = await (await gateway.as(adminKey, '/api/v1/auth/keys')).text();
  expect(list).toContain(prefix);
  expect(list).not.toContain(secret.slice(14));
  expect((await gateway.as(secret, '/api/v1/executions')).status).toBe(200);
  const basic = { authorization: `Basic ${Buffer.from(`prometheus:${secret}`).toString('base64')}` };
  expect((await gateway.get('/api/v1/executions', { headers: basic })).status).toBe(200);
  const revoked = await gateway.as(adminKey, `/api/v1/auth/keys/${prefix}`, { method: 'DELETE' });
  expect(await revoked.json()).toMatchObject({ prefix, revokedAt: expect.any(String) as string });
  expect((await gateway.as(secret, '/api/v1/executions')).status).toBe(401);
  expect((await gateway.as(adminKey, '/api/v1/auth/keys/tmws_ffffffff', { method: 'DELETE' })).status).toBe(404);
  const [line] = await gateway.audit('&type=tmws.auth.failed');
  expect(line).toMatchObject({ reason: `the key ${prefix} was revoked`, principal: 'short-lived' });
  const acts = await gateway.audit('&type=tmws.admin.acted');
  expect(acts.map(({ reason }) => reason)).toEqual(
    expect.arrayContaining([`revoked the key ${prefix} (short-lived)`, `made the key ${prefix} (short-lived): read in default`]),
  );
});

test('a key is good until it expires', async () => {
  await using other = await openGuarded();
  const secret = await other.key({ role: 'viewer', expiresAt: '2026-03-01T12:00:05Z' });
  expect((await other.as(secret, '/api/v1/executions')).status).toBe(200);
  other.advance(5000);
  expect((await other.as(secret, '/api/v1/executions')).status).toBe(401);
});

test.each([
  [{ name: 'x' }, 'role or scopes must be given, and not both'],
  [{ name: 'x', role: 'king' }, 'role must be one of viewer, editor, operator, admin (got "king")'],
  [{ name: '', role: 'viewer' }, 'name must be 1 to 80 printable ASCII characters (got "")'],
  [{ name: 'x', role: 'viewer', namespaces: ['Not One'] }, 'namespaces.0 must be a namespace, or * for all (got "Not One")'],
  [{ name: 'x', role: 'viewer', expiresAt: '2020-01-01T00:00:00Z' }, 'expiresAt must be in the future'],
])('a key asked for as %j is refused: %s', async (asked, detail) => {
  const response = await gateway.as(adminKey, '/api/v1/auth/keys', {
    method: 'POST',
    body: JSON.stringify(asked),
    headers: { 'content-type': 'application/json' },
  });
  expect(response.status).toBe(400);
  expect((await gateway.problem(response)).detail).toBe(detail);
});

test('a person signs in with a key, is who the key says, and what changes things needs the word only the page knows', async () => {
  const secret = await gateway.key({ role: 'operator', namespaces: ['default'], name: 'ada' });
  const signedIn = await gateway.post('/api/v1/session', { key: secret }, { 'x-forwarded-proto': 'https' });
  const cookieText = signedIn.headers.get('set-cookie') ?? '';
  expect(cookieText).toMatch(/^tmws_session=[\w-]{43}; Path=\/; Max-Age=43200; HttpOnly; SameSite=Strict; Secure$/);
  const who = (await signedIn.json()) as { csrf: string };
  expect(who).toMatchObject({ auth: 'on', name: 'ada', by: 'session', role: 'operator', namespaces: ['default'] });
  const cookie = cookieText.split(';', 1)[0]!;
  const with_ = (headers: Record<string, string> = {}) => ({ headers: { cookie, ...headers } });
  expect(await (await gateway.get('/api/v1/session', with_())).json()).toMatchObject({ name: 'ada', csrf: who.csrf });
  expect((await gateway.get('/api/v1/executions', with_())).status).toBe(200);
  const remove = (headers?: Record<string, string>) =>
    gateway.get('/api/v1/executions/run-42?force=true', { method: 'DELETE', ...with_(headers) });
  expect((await remove()).status).toBe(401);
  expect((await remove({ 'x-tmws-csrf': 'guessed' })).status).toBe(401);
  expect((await remove({ 'x-tmws-csrf': who.csrf, origin: 'https://evil.example' })).status).toBe(403);
  expect((await remove({ 'x-tmws-csrf': who.csrf })).status).toBe(204);
  expect((await gateway.audit())[0]).toMatchObject({ type: 'tmws.admin.acted', reason: 'deleteExecution', principal: 'ada' });
  const out = await gateway.get('/api/v1/session', { method: 'DELETE', ...with_({ 'x-tmws-csrf': who.csrf }) });
  expect([out.status, out.headers.get('set-cookie')]).toEqual([204, expect.stringContaining('tmws_session=; Path=/; Max-Age=0')]);
  const [ended] = await gateway.audit();
  expect(ended).toMatchObject({
    type: 'tmws.auth.ended',
    reason: 'signed out',
    principal: 'ada',
    method: 'DELETE /api/v1/session',
  });
  expect((await gateway.get('/api/v1/executions', with_())).status).toBe(401);
});

test('a session is over twelve hours after it was used last, and when its key is revoked', async () => {
  await using other = await openGuarded();
  const secret = await other.key({ role: 'viewer' });
  const begin = async () =>
    ((await other.post('/api/v1/session', { key: secret })).headers.get('set-cookie') ?? '').split(';', 1)[0]!;
  const looks = async (cookie: string) => (await other.get('/api/v1/executions', { headers: { cookie } })).status;
  const hours = 3_600_000;
  const [used, unused] = [await begin(), await begin()];
  other.advance(11 * hours);
  expect(await looks(used)).toBe(200);
  other.advance(11 * hours);
  expect([await looks(used), await looks(unused)]).toEqual([200, 401]);
  await other.as(adminKey, `/api/v1/auth/keys/${secret.slice(0, 13)}`, { method: 'DELETE' });
  expect(await looks(used)).toBe(401);
});

test('a sign-in that fails is refused and told, without the secret', async () => {
  const response = await gateway.post('/api/v1/session', { key: `tmws_0f3a11aa_${'x'.repeat(43)}` });
  expect(response.status).toBe(401);
  const [line] = await gateway.audit();
  expect(line).toMatchObject({ type: 'tmws.auth.failed', reason: 'there is no such key', principal: 'tmws_0f3a11aa' });
  expect(JSON.stringify(line)).not.toContain('xxxx');
});

test('the audit is whole, and only admins of everything see it', async () => {
  const verdict = await (await gateway.as(adminKey, '/api/v1/audit/verify')).json();
  expect(verdict).toMatchObject({ whole: true, headHash: expect.stringMatching(/^[0-9a-f]{64}$/) as string });
  const some = await gateway.key({ role: 'admin', namespaces: ['team-a'] });
  for (const path of ['/api/v1/audit', '/api/v1/audit/verify', '/api/v1/auth/keys'])
    expect((await gateway.as(some, path)).status).toBe(403);
  const first = (await (await gateway.as(adminKey, '/api/v1/audit?limit=2')).json()) as {
    items: { seq: string }[];
    nextCursor: string;
  };
  const next = (await (await gateway.as(adminKey, `/api/v1/audit?limit=2&cursor=${first.nextCursor}`)).json()) as typeof first;
  expect(Number(next.items[0]?.seq)).toBe(Number(first.items[1]?.seq) - 1);
});

test.each(['expires', 'is revoked'])('a stream ends soon after its key %s, and that is in the audit', async (how) => {
  const name = `stream-${how.replaceAll(' ', '-')}`;
  const expiresAt = new Date(gateway.now() + 3_600_000).toISOString();
  const key = await gateway.key({ role: 'viewer', name, ...(how === 'expires' && { expiresAt }) });
  const stream = await gateway.as(key, '/api/v1/executions', { headers: { accept: 'text/event-stream' } });
  const reader = stream.body!.getReader();
  expect((await reader.read()).done).toBe(false);
  if (how === 'expires') gateway.advance(3_600_000);
  else await gateway.as(adminKey, `/api/v1/auth/keys/${key.slice(0, 13)}`, { method: 'DELETE' });
  const end = async (): Promise<string> => {
    for (;;) if ((await reader.read()).done) return 'ended';
  };
  expect(await end().catch(() => 'cut off')).toMatch(/ended|cut off/);
  const [fact] = await gateway.audit(`&type=tmws.auth.failed&principal=${name}`);
  expect(fact?.reason).toMatch(how === 'expires' ? /has expired/ : /was revoked/);
});

test('health and the page need no credential', async () => {
  for (const path of ['/healthz', '/readyz', '/', '/assets/main-1.js']) expect((await gateway.get(path)).status).toBe(200);
});

test('while sign-in is off there are no keys, and everybody is anonymous', async () => {
  await using open = await openGateway();
  expect(await (await open.get('/api/v1/session')).json()).toMatchObject({
    auth: 'off',
    name: 'anonymous',
    role: 'admin',
    namespaces: ['*'],
  });
  const { detail } = await open.problem(await open.get('/api/v1/auth/keys'));
  expect(detail).toBe('sign-in is off, so there are no keys and no audit; start with TMWS_AUTH=on and TMWS_ADMIN_KEY_FILE');
});
