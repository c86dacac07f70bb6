import { join } from 'node:path';
import { freePort, startProcess } from '@tmws/testkit';

const program = join(import.meta.dirname, 'small-program.ts');

async function run(verb: string, env: NodeJS.ProcessEnv = {}): Promise<{ code: string | undefined; said: string }> {
  const args = ['-c', `"$0" "$1" ${verb} 2>&1; echo "ended $?"`, process.execPath, program];
  await using ended = await startProcess(args, { command: 'sh', until: /^ended (\d+)$/, env });
  return { code: ended.ready[1], said: ended.output().split('\n')[0] ?? '' };
}

test('`ready` asks the process that serves here, and says in a sentence why not; while it still serves after SIGTERM it is not', async () => {
  const port = String(await freePort());
  const env = { TMWS_ADMIN_PORT: port, TMWS_LOG_LEVEL: 'silent', TMWS_DRAIN_DELAY: '5m' };
  const where = `http://127.0.0.1:${port}/readyz`;
  expect(await run('ready', env)).toEqual({ code: '1', said: `small does not answer at ${where}: ECONNREFUSED` });
  await using serving = await startProcess([program], { until: /^serving$/, env });
  expect(await run('ready', { ...env, TMWS_BIND: '0.0.0.0' })).toMatchObject({ code: '0' });
  expect(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()).toContain(
    'tmws_build_info{service="small",version="1.2.3"} 1',
  );
  void serving.kill('SIGTERM');
  expect(await run('ready', env)).toEqual({ code: '1', said: `small is not ready: ${where} answers 503` });
  expect(await serving.kill('SIGTERM')).toEqual({ code: 130, signal: null });
});

test('what is asked for with another word is refused with those there are, and `migrate` ends by itself', async () => {
  const said = 'small takes no argument, to serve, or `migrate` or `ready` alone (got "migrat")';
  expect(await run('migrat')).toEqual({ code: '1', said });
  expect(await run('migrate')).toEqual({ code: '0', said: 'ended 0' });
});
