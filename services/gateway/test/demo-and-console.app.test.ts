import { eventually } from '@tmws/testkit';
import { openGateway } from './open-gateway.ts';

const path = '/api/v1/demo';
const idsOf = async (response: Response): Promise<string[]> =>
  ((await response.json()) as { executionIds: string[] }).executionIds;

test('a fast demo is on the log when it is answered, in the namespace of the request', async () => {
  await using gateway = await openGateway();
  const response = await gateway.post(path, { seed: 7, fast: true }, { 'x-tmws-namespace': 'show' });
  expect(response.status).toBe(202);
  const ids = await idsOf(response);
  expect(ids.length).toBeGreaterThan(3);
  expect(new Set(gateway.log.published.map(({ key }) => String(key)))).toEqual(new Set(ids));
  expect(gateway.log.published.every(({ headers }) => headers.ce_tmwsnamespace === 'show')).toBe(true);
});

test('a live demo begins at once and stops with the gateway; a fifth has to wait', async () => {
  const gateway = await openGateway();
  for (let seed = 1; seed <= 4; seed++) expect((await gateway.post(path, { seed })).status).toBe(202);
  const fifth = await gateway.post(path, '');
  expect([fifth.status, fifth.headers.get('retry-after')]).toEqual([429, '30']);
  await eventually(() => expect(gateway.log.published.length).toBeGreaterThan(0));
  await gateway[Symbol.asyncDispose]();
  const sent = gateway.log.published.length;
  expect(sent).toBeLessThan(200);
});

test('the same key plays once and gets the same answer; with another request it is refused', async () => {
  await using gateway = await openGateway();
  const key = { 'idempotency-key': 'k-1' };
  const first = await idsOf(await gateway.post(path, { seed: 7, fast: true }, key));
  const { length } = gateway.log.published;
  expect(await idsOf(await gateway.post(path, { seed: 7, fast: true }, key))).toEqual(first);
  expect(gateway.log.published.length).toBe(length);
  const other = await gateway.post(path, { seed: 8, fast: true }, key);
  expect([other.status, (await gateway.problem(other)).field]).toEqual([409, 'idempotency-key']);
});

test('a demo that is switched off says how to switch it on; a wrong seed is refused by name', async () => {
  await using off = await openGateway({ GATEWAY_DEMO: 'off' });
  expect((await off.problem(await off.post(path, {}))).detail).toBe(
    'the demo is switched off here; GATEWAY_DEMO=on switches it on',
  );
  const wrong = await off.post(path, { seed: -1 });
  expect((await off.problem(wrong)).detail).toBe('seed must be a whole number from 0 to 4294967295 (got -1)');
});

test.each(['/', '/executions', '/executions/run%2F42', '/executions/a/b'])('the page of the console is at %s', async (at) => {
  await using gateway = await openGateway();
  const response = await gateway.get(at);
  expect([response.status, await response.text()]).toEqual([200, '<!doctype html>']);
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(response.headers.get('content-security-policy')).toContain("script-src 'self'");
});

test('what the page loads may be kept for ever, and what is not there is 404', async () => {
  await using gateway = await openGateway();
  const file = await gateway.get('/assets/main-1.js');
  expect([file.status, await file.text()]).toEqual([200, 'go()']);
  expect(file.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  expect(file.headers.get('content-encoding')).toBe('gzip');
  expect(file.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
  for (const at of ['/assets/../package.json', '/assets/main-2.js', '/api/v1/nope'])
    expect((await gateway.get(at)).status).toBe(404);
});

test('a mistyped address in a browser shows the console, which says that there is no such page; other clients get the problem', async () => {
  await using gateway = await openGateway();
  const accept = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
  const page = await gateway.get('/executoins', { headers: { accept } });
  expect([page.status, await page.text(), page.headers.get('cache-control')]).toEqual([404, '<!doctype html>', 'no-store']);
  const other = await gateway.get('/executoins');
  expect([other.status, (await gateway.problem(other)).status]).toEqual([404, 404]);
  expect((await gateway.get('/api/v1/nope', { headers: { accept } })).headers.get('content-type')).toContain('problem+json');
});

test('a console that cannot be built leaves the API alone', async () => {
  await using gateway = await openGateway({}, { consoleFiles: () => Promise.reject(new Error('esbuild is not installed')) });
  const page = await gateway.get('/');
  expect(page.status).toBe(503);
  expect((await gateway.problem(page)).detail).toBe('the console could not be built; the log says why');
  expect((await gateway.get('/api/v1/executions')).status).toBe(200);
});

test('another site is refused everything', async () => {
  await using gateway = await openGateway();
  const response = await gateway.post(path, { fast: true }, { origin: 'https://evil.example' });
  expect(response.status).toBe(403);
  expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  expect(gateway.log.published).toEqual([]);
});
