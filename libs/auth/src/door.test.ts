import { Problem } from '@tmws/problems';
import { credentialOf, guardedDoor, type Knock, openDoor, type Principal, type SecurityFact, type Verified } from './index.ts';

const ci: Principal = { name: 'ci', scopes: ['read'], namespaces: ['team-a'], by: 'key', credential: 'tmws_00000000' };
const source = { ip: '10.0.0.7', userAgent: 'curl', method: 'GET /api/v1/executions', resource: '/api/v1/executions' };
const knock: Knock = { credential: credentialOf('s3cret-value'), scope: 'read', namespace: 'team-a', source };

function opened(answer: Verified = { principal: ci }) {
  const facts: SecurityFact[] = [];
  const state = { now: 0, stored: Promise.resolve() };
  const record = async (fact: SecurityFact): Promise<void> => {
    facts.push(fact);
    await state.stored;
  };
  return { state, facts, door: guardedDoor({ verify: () => Promise.resolve(answer), record, clock: () => state.now }) };
}

test('D2 the first use from an address is a sign-in, the next only after an hour', async () => {
  const { door, facts, state } = opened();
  expect(await door.admit(knock)).toBe(ci);
  await door.admit(knock);
  expect(facts).toEqual([
    {
      type: 'tmws.auth.succeeded',
      principal: 'ci',
      by: 'key',
      credential: 'tmws_00000000',
      source,
      reason: 'first use from here',
      namespace: 'team-a',
    },
  ]);
  await door.admit({ ...knock, source: { ...source, ip: '10.0.0.8' } });
  state.now = 3_600_000;
  await door.admit(knock);
  expect(facts.map(({ type }) => type)).toEqual(Array(3).fill('tmws.auth.succeeded'));
});

test.each([
  ['no credential', undefined, 'no credential', ''],
  [
    'one that cannot be read',
    new Problem('unauthenticated', 'Authorization cannot be read'),
    'the credential cannot be read',
    '',
  ],
  ['one that is not good', credentialOf('s3cret-value'), 'unknown key', ''],
  ['a user and a wrong password', { ...credentialOf('s3cret-value'), user: 'alice' }, 'unknown key', 'alice'],
] as const)('D3 %s is refused without a word why; the audit has it', async (_what, credential, reason, principal) => {
  const { door, facts } = opened({ refused: 'unknown key' });
  const refusal = await door.admit({ ...knock, credential }).catch((error: unknown) => error as Problem);
  expect(refusal).toMatchObject({ kind: 'unauthenticated' });
  expect((refusal as Problem).message).not.toMatch(/unknown key|s3cret/);
  expect(facts).toMatchObject([{ type: 'tmws.auth.failed', reason, principal, source }]);
  expect(JSON.stringify(facts)).not.toContain('s3cret');
});

test('what is not allowed is refused by name, and stored', async () => {
  const { door, facts } = opened();
  await door.admit(knock);
  await expect(door.admit({ ...knock, scope: 'write' })).rejects.toMatchObject({ kind: 'forbidden' });
  await expect(door.admit({ ...knock, namespace: 'team-b' })).rejects.toMatchObject({ kind: 'forbidden' });
  await expect(door.demand(ci, 'read', '*', source)).rejects.toMatchObject({ kind: 'forbidden' });
  expect(facts.slice(1)).toMatchObject(
    ['write', 'team-b', 'all namespaces'].map((word) => ({
      type: 'tmws.permission.denied',
      reason: expect.stringContaining(word) as string,
    })),
  );
});

test('D5 what is done is stored before it is done, and only of those who may', async () => {
  const { door, facts } = opened();
  await door.admit({ ...knock, act: 'setRetention' });
  expect(facts.slice(1)).toEqual([
    expect.objectContaining({ type: 'tmws.admin.acted', reason: 'setRetention', principal: 'ci' }),
  ]);
  await expect(door.admit({ ...knock, scope: 'operate', act: 'setRetention' })).rejects.toMatchObject({ kind: 'forbidden' });
  expect(facts.slice(2)).toMatchObject([{ type: 'tmws.permission.denied' }]);
  const service = opened({ principal: { ...ci, by: 'service' } });
  await service.door.admit({ ...knock, act: 'setRetention' });
  expect(service.facts.map(({ type }) => type)).not.toContain('tmws.admin.acted');
});

test('D1 while the audit cannot be written, nobody is let in and nobody is refused', async () => {
  const { door, state } = opened({ refused: 'unknown key' });
  const away = new Problem('unavailable', 'the audit is away');
  state.stored = Promise.reject(away);
  await expect(door.admit(knock)).rejects.toBe(away);
  const { door: good, state: goodState } = opened();
  goodState.stored = Promise.reject(away);
  await expect(good.admit(knock)).rejects.toBe(away);
  goodState.stored = Promise.resolve();
  expect(await good.admit(knock)).toBe(ci);
});

test('without sign-in everybody is anonymous and may do everything', async () => {
  expect(await openDoor.admit({ ...knock, credential: undefined, scope: 'admin', namespace: '*' })).toMatchObject({
    name: 'anonymous',
    by: 'anonymous',
  });
});
