import { join } from 'node:path';
import { startProcess } from '@tmws/testkit';

const program = join(import.meta.dirname, 'small-process.ts');
const start = (mode: string) => startProcess([program, mode], { until: /started|failed|Error|Problem|wrong/ });

test.each(['SIGTERM', 'SIGINT'] as const)('%s stops what was started, then ends well', async (signal) => {
  const child = await start('good');
  expect(await child.kill(signal)).toEqual({ code: 0, signal: null });
  expect(child.output()).toBe('started\nstopped\n');
});

test('a second signal ends a stop that hangs', async () => {
  const child = await start('hanging');
  void child.kill('SIGTERM');
  await child.waitFor(/stopping/);
  expect(await child.kill('SIGTERM')).toEqual({ code: 130, signal: null });
});

test('a start that fails for a known reason says it in one sentence and ends with 1', async () => {
  await expect(start('refused')).rejects.toThrow(/ended with 1 before it printed.*\nthe port 8080 is in use; stop who has it$/s);
});

test('a start that fails for an unknown reason shows where', async () => {
  await expect(start('broken')).rejects.toThrow(/ended with 1 .*TypeError: something unforeseen\n\s+at /s);
});

test('a signal that comes while the start hangs ends it soon', async () => {
  const child = await start('starting');
  const beganMs = performance.now();
  expect(await child.kill('SIGTERM')).toEqual({ code: 143, signal: null });
  expect(performance.now() - beganMs).toBeLessThan(10_000);
});
