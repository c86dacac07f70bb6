// Debian's amtool through the gateway's prefix, with sign-in on. `TMWS_TEST_AMTOOL` names the program.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheDir, installPrometheus, tempDir, type TempDir } from '@tmws/testkit';
import { startFleet } from '../src/app.ts';

let dir: TempDir;
let fleet: Awaited<ReturnType<typeof startFleet>>;
let program = '';
const adminKey = randomBytes(32).toString('hex');

beforeAll(async () => {
  program = process.env.TMWS_TEST_AMTOOL ?? (await installPrometheus(cacheDir())).amtool;
  dir = await tempDir('amtool-gateway');
  await writeFile(join(dir.path, 'http.yml'), `authorization: { credentials: ${adminKey} }\n`);
  const ports = ['HTTP', 'GRPC', 'KAFKA', 'ADMIN', 'OTLP_GRPC', 'OTLP_HTTP', 'ALERTMANAGER'].map((name) => [
    `TMWS_${name}_PORT`,
    '0',
  ]);
  fleet = await startFleet({
    ...(Object.fromEntries(ports) as NodeJS.ProcessEnv),
    TMWS_AUTH: 'on',
    TMWS_ADMIN_KEY: adminKey,
    TMWS_DATA_DIR: join(dir.path, 'data'),
    TMWS_CACHE_DIR: cacheDir(),
    TMWS_LOG_LEVEL: 'silent',
  });
}, 120_000);
afterAll(async () => {
  await fleet.stop();
  await dir.remove();
});

async function amtool(...words: string[]): Promise<string> {
  const settings = [
    `--alertmanager.url=http://${fleet.addresses.http}/alertmanager`,
    `--http.config.file=${join(dir.path, 'http.yml')}`,
  ];
  const env = { PATH: process.env.PATH, HOME: dir.path, USER: 'ann' };
  const { stdout } = await promisify(execFile)(program, [...settings, ...words], { timeout: 30_000, env });
  return stdout;
}

test('alerts and silences are written, asked for and ended, and the configuration and cluster shown', async () => {
  await amtool('alert', 'add', 'DbDown', 'team=db', '--annotation=summary=it is down');
  expect(await amtool('alert', 'query', 'team=db')).toMatch(/DbDown +.*it is down +active/);
  const id = (await amtool('silence', 'add', 'DbDown', '--comment=deploy', '--duration=2h', '--author=bob')).trim();
  expect((await amtool('silence', 'query', '-q')).trim()).toBe(id);
  expect(await amtool('alert', 'query', '-o', 'json')).toBe('[]\n');
  await amtool('silence', 'update', id, '--comment=longer');
  const file = join(dir.path, 'silences.json');
  await writeFile(file, await amtool('-o', 'json', 'silence', 'query'));
  await amtool('silence', 'expire', id);
  await amtool('silence', 'import', '--force', file);
  expect((await amtool('silence', 'query', '-q')).trim()).not.toBe('');
  expect(await amtool('config', 'show')).toContain('receiver');
  expect(await amtool('config', 'routes', 'show')).toContain('default-route');
  expect(await amtool('cluster', 'show')).toContain('disabled');
});

test('without a credential amtool is told that it needs one', async () => {
  await writeFile(join(dir.path, 'http.yml'), '{}\n');
  await expect(amtool('alert', 'query')).rejects.toMatchObject({ stderr: expect.stringContaining('401') as string });
});
