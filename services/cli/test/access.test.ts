import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempDir } from '@tmws/testkit';
import { runCli } from '../src/run-cli.ts';
import { openFakeGateway, problem } from './fake-gateway.ts';
import { paperTerminal } from './paper-terminal.ts';

const key = {
  prefix: 'tmws_0f3a11aa',
  name: 'ci',
  role: 'editor',
  scopes: ['read', 'write'],
  namespaces: ['team-a'],
  createdAt: '2026-03-01T12:00:00Z',
  createdBy: 'admin',
};
const line = {
  seq: '7',
  at: '2026-03-01T12:00:00Z',
  type: 'tmws.auth.failed',
  principal: '',
  sourceIp: '203.0.113.7',
  method: 'GET /api/v1/executions',
  reason: 'no credential',
  namespace: '',
};

let gateway: Awaited<ReturnType<typeof openFakeGateway>>;
let whole = true;
beforeEach(async () => {
  gateway = await openFakeGateway({
    'POST /api/v1/auth/keys': () => ({ key, secret: 'tmws_0f3a11aa_secret' }),
    'GET /api/v1/auth/keys': () => ({ items: [key] }),
    'DELETE /api/v1/auth/keys/tmws_0f3a11aa': () => ({ ...key, revokedAt: key.createdAt }),
    'GET /api/v1/audit': () => ({ items: [line], nextCursor: '' }),
    'GET /api/v1/audit/verify': () =>
      whole
        ? { whole, rows: '7', begins: { seq: '4', droppedAt: '2026-03-01T12:00:00Z' }, headHash: 'ab' }
        : { whole, rows: '2', broken: { seq: '3', reason: 'row 3 is missing' }, headHash: 'ab' },
    'GET /api/v1/executions': (_url, _body, response) => problem(response, 401, 'unauthenticated', 'this needs a credential'),
  });
});
afterEach(() => gateway.close());

const tmws = async (words: string, env: NodeJS.ProcessEnv = {}) => {
  const { terminal, written } = paperTerminal({ env: { TMWS_SERVER: gateway.url, ...env } });
  return { code: await runCli(words.split(' '), terminal), ...written };
};

test('a key is made as asked, and shown', async () => {
  const { code, out } = await tmws('auth key create --name ci --role editor --for team-a,team-b');
  expect([code, out]).toEqual([
    0,
    'prefix\ttmws_0f3a11aa\nname\tci\nrole\teditor\nscopes\tread, write\nnamespaces\tteam-a\nexpires\tnever\nkey\ttmws_0f3a11aa_secret\n',
  ]);
  expect(JSON.parse(gateway.asked[0]!.body)).toEqual({ name: 'ci', role: 'editor', namespaces: ['team-a', 'team-b'] });
  await tmws('auth key create --name p --scope write --expires 2027-01-01T00:00:00Z');
  expect(JSON.parse(gateway.asked[1]!.body)).toEqual({ name: 'p', scopes: ['write'], expiresAt: '2027-01-01T00:00:00.000Z' });
  expect((await tmws('auth key create --name p --expires soon')).code).toBe(2);
});

test('keys are listed, and a whole key is revoked without being sent', async () => {
  expect((await tmws('auth key list --time iso')).out).toBe('tmws_0f3a11aa\tci\teditor\tteam-a\t-\t-\n');
  expect((await tmws('auth key revoke tmws_0f3a11aa_secret')).code).toBe(0);
  expect(gateway.asked.at(-1)?.line).toBe('DELETE /api/v1/auth/keys/tmws_0f3a11aa');
});

test('the audit is listed, and one that is not whole ends with 1', async () => {
  expect((await tmws('audit list --time iso --type tmws.auth.failed')).out).toContain(
    '\t203.0.113.7\tGET /api/v1/executions\tno credential\n',
  );
  const good = await tmws('audit verify');
  expect([good.code, good.out]).toEqual([
    0,
    'audit\twhole\ngood rows\t7\nbegins at\t4; what was before was dropped on 2026-03-01T12:00:00Z by retention\nhead\tab\n',
  ]);
  whole = false;
  const { code, out } = await tmws('audit verify');
  whole = true;
  expect([code, out]).toEqual([1, 'audit\tbroken\ngood rows\t2\nfirst broken\t3\nwhy\trow 3 is missing\nhead\tab\n']);
});

test('the key is that of the file, else of the environment; without one a refusal says how to give it', async () => {
  const dir = await tempDir('cli-key');
  writeFileSync(join(dir.path, 'key'), 'from-the-file\n');
  await tmws('audit verify', { TMWS_API_KEY: 'from-env' });
  await tmws(`audit verify --api-key-file ${join(dir.path, 'key')}`, { TMWS_API_KEY: 'from-env' });
  await tmws('audit verify');
  expect(gateway.asked.map(({ authorization }) => authorization)).toEqual(['Bearer from-env', 'Bearer from-the-file', undefined]);
  const { code, err } = await tmws('run list');
  expect([code, err]).toEqual([4, expect.stringContaining('set TMWS_API_KEY, or name a file with --api-key-file') as string]);
  expect((await tmws('audit verify --api-key-file /does/not/exist')).err).toContain('--api-key-file cannot be read (ENOENT)');
  await dir.remove();
});
