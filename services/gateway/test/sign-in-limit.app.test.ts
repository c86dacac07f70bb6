// Too many wrong credentials from one address: who tries them waits, who has a good one does not, and the audit is not flooded.
import { anonymous, openGrpcClient } from '@tmws/contracts';
import { AccessService } from '@tmws/contracts/access';
import { eventually } from '@tmws/testkit';
import { adminKey, type Guarded, openGuarded } from './open-guarded.ts';

let gateway: Guarded;
beforeAll(async () => {
  gateway = await openGuarded({ GATEWAY_SIGN_IN_LIMIT: '3' });
});
afterAll(() => gateway[Symbol.asyncDispose]());
// Each test has a minute of its own.
beforeEach(() => gateway.advance(61_000));

const wrong = `tmws_0f3a11aa_${'x'.repeat(43)}`;
const statuses = async (secrets: readonly (string | undefined)[]): Promise<number[]> => {
  const found = [];
  for (const secret of secrets) found.push((await gateway.as(secret, '/api/v1/executions')).status);
  return found;
};
const times = <T>(count: number, value: T): T[] => Array<T>(count).fill(value);
const failures = () => gateway.audit('&type=tmws.auth.failed');

test('the fourth wrong credential of a minute is 429 with the time to wait, and a minute later it is 401 again', async () => {
  expect(await statuses(times(5, wrong))).toEqual([401, 401, 401, 429, 429]);
  gateway.advance(20_000);
  const response = await gateway.as(wrong, '/api/v1/executions');
  expect([response.status, response.headers.get('retry-after')]).toEqual([429, '40']);
  expect((await gateway.problem(response)).detail).toMatch(/^too many credentials from this address were not good; .* in 40 s/);
  gateway.advance(40_000);
  expect(await statuses([wrong])).toEqual([401]);
});

test('what was refused beyond the limit is one row of the audit that says how many, soon after its minute', async () => {
  await statuses(times(10, wrong));
  // What the test before was refused is counted too, at any time.
  const own = async () => (await failures()).filter(({ reason }) => !reason.startsWith('and 3 more'));
  const before = await own();
  expect(before.slice(0, 3).map(({ reason }) => reason)).toEqual([
    'there is no such key; more from here are counted for a minute',
    'there is no such key',
    'there is no such key',
  ]);
  gateway.advance(60_000);
  await eventually(async () => {
    const [count, ...rest] = await own();
    expect(count).toMatchObject({ reason: 'and 7 more refused within a minute', times: 7, principal: 'tmws_0f3a11aa' });
    expect(rest).toEqual(before);
  });
  expect(await (await gateway.as(adminKey, '/api/v1/audit/verify')).json()).toMatchObject({ whole: true });
});

test('a good credential from the same address goes on, also one that was made just before', async () => {
  const old = await gateway.key({ role: 'viewer' });
  expect(await statuses([...times(4, wrong), old])).toEqual([401, 401, 401, 429, 200]);
  const made = await gateway.key({ role: 'viewer' });
  const session = await gateway.post('/api/v1/session', { key: made });
  const cookie = session.headers.get('set-cookie')!.split(';', 1)[0]!;
  expect((await gateway.get('/api/v1/executions', { headers: { cookie } })).status).toBe(200);
  expect(await statuses([made, adminKey, wrong])).toEqual([200, 200, 429]);
});

test('a key that was revoked is as wrong as any', async () => {
  const key = await gateway.key({ role: 'viewer' });
  await gateway.as(adminKey, `/api/v1/auth/keys/${key.slice(0, 13)}`, { method: 'DELETE' });
  expect(await statuses(times(4, key))).toEqual([401, 401, 401, 429]);
});

test('who tries nothing is always told to sign in, and counted beyond the limit', async () => {
  expect(await statuses([...times(6, undefined), wrong])).toEqual(times(7, 401));
  gateway.advance(60_000);
  await eventually(async () =>
    expect((await failures())[0]).toMatchObject({ reason: 'and 3 more without a credential within a minute', times: 3 }),
  );
});

test('over gRPC it is RESOURCE_EXHAUSTED', async () => {
  await statuses(times(4, wrong));
  const client = openGrpcClient(AccessService, () => gateway.grpc, { timeoutMs: 5000, token: wrong });
  const call = () => client.listKeys({}, { caller: anonymous('default', 'r1') });
  await expect(call()).rejects.toMatchObject({ kind: 'limited' });
  client.close();
});

test("under Alertmanager's prefix it is 429 too, in Alertmanager's form", async () => {
  await statuses(times(3, wrong));
  const response = await gateway.as(wrong, '/alertmanager/api/v2/alerts');
  expect([response.status, response.headers.get('retry-after')]).toEqual([429, '60']);
  expect(await response.json()).toMatchObject({ code: 429, message: expect.stringContaining('too many credentials') as string });
});
