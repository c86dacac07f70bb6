// What a service that runs without the gateway asks it, and AccessService as programs use it.
import { credentialOf, type Knock } from '@tmws/auth';
import { anonymous, openGrpcClient } from '@tmws/contracts';
import { AccessService } from '@tmws/contracts/access';
import { type Host, loadHostConfig, openHost } from '@tmws/lifecycle';
import { adminKey, type Guarded, openGuarded, serviceToken } from './open-guarded.ts';

let gateway: Guarded;
let other: Host;
beforeAll(async () => {
  gateway = await openGuarded();
  const config = loadHostConfig('alerting', {
    TMWS_AUTH: 'on',
    TMWS_ADMIN_PORT: '0',
    TMWS_LOG_LEVEL: 'silent',
    TMWS_ACCESS_ADDRESS: gateway.grpc,
    TMWS_SERVICE_TOKEN: serviceToken,
  });
  other = await openHost({ name: 'alerting', config, brokers: [] });
});
afterAll(async () => {
  await other.close();
  await gateway[Symbol.asyncDispose]();
});

const source = { ip: '203.0.113.9', userAgent: 'amtool', method: 'POST /api/v2/alerts', resource: '/api/v2/alerts' };
const knock = (secret: string | undefined, more: Partial<Knock> = {}): Knock => ({
  credential: secret === undefined ? undefined : credentialOf(secret),
  scope: 'write',
  namespace: 'team-a',
  source,
  ...more,
});

test('another service lets in whom the gateway knows', async () => {
  const key = await gateway.key({ role: 'editor', namespaces: ['team-a'], name: 'prometheus' });
  expect(await other.door.admit(knock(key))).toMatchObject({ name: 'prometheus', by: 'key', namespaces: ['team-a'] });
});

test("what it refuses is in the gateway's audit, once, with the address it came from", async () => {
  const key = await gateway.key({ role: 'editor', namespaces: ['team-a'], name: 'bounded' });
  await other.door.admit(knock(key));
  await expect(other.door.admit(knock(key, { namespace: 'team-b' }))).rejects.toMatchObject({ kind: 'forbidden' });
  await expect(other.door.admit(knock(key, { scope: 'operate' }))).rejects.toMatchObject({ kind: 'forbidden' });
  await expect(other.door.admit(knock(undefined))).rejects.toMatchObject({ kind: 'unauthenticated' });
  await expect(other.door.admit(knock('wrong'))).rejects.toMatchObject({ kind: 'unauthenticated' });
  const lines = (await gateway.audit('&sourceIp=203.0.113.9')).filter(({ type }) => type !== 'tmws.auth.succeeded');
  expect(lines.map(({ type, method }) => [type, method])).toEqual([
    ['tmws.auth.failed', source.method],
    ['tmws.auth.failed', source.method],
    ['tmws.permission.denied', source.method],
    ['tmws.permission.denied', source.method],
  ]);
});

test("what is done at another service is in the gateway's audit before it is done", async () => {
  const key = await gateway.key({ role: 'operator', namespaces: ['team-a'], name: 'on-call' });
  for (const act of ['putSilence', 'reloadAlertmanager']) await other.door.admit(knock(key, { scope: 'operate', act }));
  await expect(other.door.admit(knock(key, { scope: 'admin', act: 'rebuild' }))).rejects.toMatchObject({ kind: 'forbidden' });
  const acts = (await gateway.audit('&type=tmws.admin.acted')).filter(({ principal }) => principal === 'on-call');
  expect(acts.map(({ reason, method, namespace }) => [reason, method, namespace])).toEqual([
    ['reloadAlertmanager', source.method, 'team-a'],
    ['putSilence', source.method, 'team-a'],
  ]);
});

test('keys and the audit are there over gRPC for admins; asking who comes is for parts of the fleet', async () => {
  const caller = anonymous('default', 'r');
  await using stack = new AsyncDisposableStack();
  const client = (token: string) =>
    stack.adopt(
      openGrpcClient(AccessService, () => gateway.grpc, { timeoutMs: 5000, token }),
      (one) => one.close(),
    );
  const admin = client(adminKey);
  const made = await admin.createKey({ name: 'by-grpc', role: 'viewer', namespaces: ['team-a'] }, { caller });
  expect(made).toMatchObject({ key: { name: 'by-grpc', scopes: ['read'] }, secret: expect.stringMatching(/^tmws_/) as string });
  expect((await admin.listKeys({}, { caller })).items.map(({ name }) => name)).toContain('by-grpc');
  expect(await admin.revokeKey({ prefix: made.key!.prefix }, { caller })).toHaveProperty('revokedAt.seconds');
  expect(await admin.verifyAudit({}, { caller })).not.toHaveProperty('brokenSeq');
  expect((await admin.listAudit({ limit: 1 }, { caller })).items).toHaveLength(1);
  await expect(admin.authenticate({}, { caller })).rejects.toMatchObject({ kind: 'forbidden' });
  const [asked] = await gateway.audit('&type=tmws.permission.denied');
  expect(asked).toMatchObject({ principal: 'admin', method: 'tmws.access.v1.AccessService/Authenticate' });
  await expect(client(made.secret).listKeys({}, { caller })).rejects.toMatchObject({ kind: 'unauthenticated' });
});
