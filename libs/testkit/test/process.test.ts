import { mkdtemp, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, startProcess, tempDir } from '@tmws/testkit';

const program = (source: string) => ['--input-type=module', '-e', source];
const lives = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

test('a program is ready when it says so, and what it printed is kept', async () => {
  await using started = await startProcess(
    program("console.log('port 4711'); console.error('careful'); setInterval(() => {}, 1e6)"),
    {
      until: /^port (\d+)$/,
    },
  );
  expect(started.ready[1]).toBe('4711');
  await eventually(() => expect(started.output()).toContain('careful'));
  expect(await started.kill('SIGTERM')).toEqual({ code: null, signal: 'SIGTERM' });
});

test('a program that ends before it is ready fails with its last lines', async () => {
  const failing = startProcess(program("console.error('no such setting'); process.exit(3)"), { until: /ready/ });
  await expect(failing).rejects.toThrow(/ended with 3 before it printed \/ready\/:\nno such setting/);
});

test('a program that never says it is ready is ended', async () => {
  const failing = startProcess(program('console.log(process.pid); setInterval(() => {}, 1e6)'), {
    until: /ready/,
    timeoutMs: 1_000,
  });
  const error = await failing.then(
    () => new Error('it was ready'),
    (reason: unknown) => reason as Error,
  );
  expect(error.message).toContain('ran for 1000 ms before it printed /ready/');
  const pid = Number(/^\d+$/m.exec(error.message)?.[0]);
  expect(lives(pid)).toBe(false);
});

test('a later line can be waited for', async () => {
  const source = "process.once('SIGUSR2', () => console.log('got it')); console.log('ready'); setInterval(() => {}, 1e6)";
  await using started = await startProcess(program(source), { until: /ready/ });
  process.kill(started.pid, 'SIGUSR2');
  expect((await started.waitFor(/got (it)/))[1]).toBe('it');
  expect((await started.waitFor(/ready/))[0]).toBe('ready');
});

test('SIGKILL takes what the program started with it', async () => {
  const source = `
    import { spawn } from 'node:child_process';
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], { detached: true, stdio: 'ignore' });
    console.log('child', child.pid);
    setInterval(() => {}, 1e6)`;
  const started = await startProcess(program(source), { until: /child (\d+)/ });
  expect(await started.kill('SIGKILL')).toEqual({ code: null, signal: 'SIGKILL' });
  // It is dead at once; its entry goes when the system's first process has seen it.
  await eventually(() => !lives(Number(started.ready[1])));
});

test('children and folders go when the process that holds them is killed', async () => {
  await using dir = await tempDir('testkit');
  const folder = await mkdtemp(join(tmpdir(), 'testkit held-'));
  await writeFile(join(folder, 'file'), '');
  const source = new URL('../src/', import.meta.url).href;
  const holder = join(dir.path, 'holder.ts');
  await writeFile(
    holder,
    `import { holdFolder, releaseFolder } from '${source}guard.ts';
     import { startChild } from '${source}child.ts';
     holdFolder('/nowhere/at all');
     holdFolder(${JSON.stringify(folder)});
     releaseFolder('/nowhere/at all');
     const gentle = await startChild(process.execPath, ['-e', 'process.on("SIGQUIT", () => process.exit()); setInterval(() => {}, 1e6)'], { endBy: 'QUIT' });
     const deaf = await startChild('/bin/sh', ['-c', 'trap "" TERM; while :; do sleep 1; done'], { endBy: 'TERM' });
     console.log('holds', gentle.pid, deaf.pid);`,
  );
  const started = await startProcess([holder], { until: /holds (\d+) (\d+)/ });
  const [, gentle, deaf] = started.ready.map(Number) as [number, number, number];
  expect([lives(gentle), lives(deaf)]).toEqual([true, true]);
  process.kill(started.pid, 'SIGKILL');
  await eventually(() => expect([lives(gentle), lives(deaf), existsSync(folder)]).toEqual([false, false, false]), {
    timeoutMs: 15_000,
  });
}, 30_000);
