// Each root filesystem as it is run in a cluster: outside of the checkout, by a user without rights, on servers.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually, freePort, startChild, tempDir, type TempDir } from '@tmws/testkit';
import { hasEmbeddedStores, imageNames, workspace } from './services.ts';

const runFile = promisify(execFile);
const servers = imageNames().filter((name) => name !== 'cli');
const { TMWS_TEST_KAFKA_BROKERS: brokers = '', TMWS_TEST_DATABASE_URL: databaseUrl = '' } = process.env;
/** Nobody the machine knows, when it is root who tests. */
const user = process.getuid?.() === 0 ? { uid: 65_532, gid: 65_532 } : undefined;

describe.each(servers)('the image of %s', (service) => {
  let dir: TempDir;
  let root: string;
  const node = () => join(root, 'usr/local/bin/node');
  const environment = async (): Promise<NodeJS.ProcessEnv> => {
    const ports = ['HTTP', 'GRPC', 'KAFKA', 'OTLP_GRPC', 'OTLP_HTTP', 'ALERTMANAGER'].map((name) => [`TMWS_${name}_PORT`, '0']);
    const stores = hasEmbeddedStores(service) ? {} : { TMWS_KAFKA_BROKERS: brokers, TMWS_DATABASE_URL: databaseUrl };
    const folders = { TMWS_DATA_DIR: join(dir.path, 'data'), TMWS_CACHE_DIR: join(dir.path, 'data/cache') };
    return {
      ...(Object.fromEntries(ports) as NodeJS.ProcessEnv),
      ...stores,
      ...folders,
      TMWS_ADMIN_PORT: String(await freePort()),
    };
  };

  beforeAll(async () => {
    dir = await tempDir('tmws-image');
    await chmod(dir.path, 0o755);
    await mkdir(join(dir.path, 'data'));
    await chmod(join(dir.path, 'data'), 0o777);
    root = join(dir.path, 'root');
    await runFile(process.execPath, [join(workspace, 'tools/images/root.ts'), service, root]);
  }, 120_000);
  afterAll(() => dir.remove());

  test('has Node, its loader, certificates, a user and the program', () => {
    const wanted = [
      'usr/local/bin/node',
      'etc/passwd',
      'etc/ssl/certs/ca-certificates.crt',
      'tmp',
      'var/lib/tmws',
      'app/main.mjs',
    ];
    expect(wanted.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    expect(existsSync(join(root, 'bin/sh'))).toBe(false);
  });

  if (!hasEmbeddedStores(service)) {
    test('migrates and ends with 0, twice', async () => {
      const env = await environment();
      for (const time of ['first', 'second']) {
        const run = await startChild(node(), [join(root, 'app/main.mjs'), 'migrate'], { env, cwd: dir.path, user });
        expect([time, await run.exited, run.output()]).toEqual([time, { code: 0, signal: null }, expect.any(String)]);
      }
    }, 60_000);
  }

  test('answers /healthz and becomes ready, says so to `ready`, and ends with 0 when told to stop', async () => {
    const env = await environment();
    const admin = `http://127.0.0.1:${String(env.TMWS_ADMIN_PORT)}`;
    const startMs = performance.now();
    const answers = (path: string) => async () => {
      const { status } = await fetch(admin + path);
      if (status !== 200) throw new Error(`${path} answers ${status}:\n${child.output()}`);
      return performance.now() - startMs;
    };
    const child = await startChild(node(), [join(root, 'app/main.mjs')], { env, cwd: dir.path, user });
    try {
      const healthyMs = await eventually(answers('/healthz'), { timeoutMs: 30_000, everyMs: 10 });
      const readyMs = await eventually(answers('/readyz'), { timeoutMs: 60_000 });
      await runFile(node(), [join(root, 'app/main.mjs'), 'ready'], { env });
      const stopMs = performance.now();
      child.signal('SIGTERM');
      expect(await child.exited).toEqual({ code: 0, signal: null });
      const [healthy, ready, stopped] = [healthyMs, readyMs, performance.now() - stopMs].map((ms) => `${Math.round(ms)} ms`);
      console.log(`${service}: /healthz after ${healthy}, /readyz after ${ready}, ended ${stopped} after SIGTERM`);
    } finally {
      await child.kill();
    }
  }, 120_000);
});
