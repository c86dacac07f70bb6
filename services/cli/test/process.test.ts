import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { openFakeGateway } from './fake-gateway.ts';

const main = join(import.meta.dirname, '../src/main.ts');
const folder = mkdtempSync(join(tmpdir(), 'tmws-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function sh(command: string, env: Record<string, string> = {}) {
  const own = { ...process.env, TMWS: `${process.execPath} ${main}`, TMWS_DATA_DIR: folder, TMWS_CACHE_DIR: folder, ...env };
  const child = spawn('bash', ['-o', 'pipefail', '-c', command], { stdio: ['ignore', 'pipe', 'pipe'], env: own });
  const [out, err, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit') as Promise<[number]>,
  ]);
  return { code, out, err };
}

test('the address of a fleet that runs in the data folder is found, and the exit code is the process’s', async () => {
  const gateway = await openFakeGateway({ 'GET /api/v1/executions': () => ({ items: [], nextCursor: '' }) });
  writeFileSync(join(folder, 'addresses.json'), JSON.stringify({ http: gateway.url.replace('http://', '') }));
  expect(await sh('$TMWS run list -o json')).toEqual({ code: 0, out: '[]\n', err: '' });
  expect((await sh('$TMWS run get nothing')).code).toBe(3);
  await gateway.close();
  expect((await sh('$TMWS run list')).code).toBe(7);
});

test('a reader that leaves early, as head does, is no failure', async () => {
  const items = Array.from({ length: 500 }, (_, i) => ({ id: `run-${i}`, name: 'x'.repeat(400) }));
  let pages = 0;
  const gateway = await openFakeGateway({ 'GET /api/v1/executions': () => ({ items, nextCursor: ++pages < 40 ? 'more' : '' }) });
  const { code, out, err } = await sh('$TMWS run list --all -o jsonl | head -1', { TMWS_SERVER: gateway.url });
  expect({ code, err, first: JSON.parse(out) as unknown }).toEqual({ code: 0, err: '', first: items[0] });
  expect(pages).toBeLessThan(40);
  await gateway.close();
});

test('an interrupted demo says how far it came and exits with 130', async () => {
  const begun = Promise.withResolvers<unknown>();
  const gateway = await openFakeGateway({ 'POST /api/v1/events': () => (begun.resolve(undefined), { items: [] }) });
  const child = spawn(process.execPath, [main, 'demo', '--server', gateway.url], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, TMWS_CACHE_DIR: folder },
  });
  const output = Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit') as Promise<[number]>]);
  await begun.promise;
  child.kill('SIGINT');
  const [out, err, [code]] = await output;
  expect(code).toBe(130);
  expect(out.split('\n')).toHaveLength(11);
  expect(err).toMatch(/interrupted after \d+ of \d+ events; what began stays running\n$/);
  await gateway.close();
});
