import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** Settings of a process whose event loop is measured, and how late it was. */
export function loopDelayIn(dir: string) {
  const file = join(dir, 'loop-delay');
  return {
    env: { NODE_OPTIONS: `--import=${new URL('./loop-delay-probe.ts', import.meta.url).href}`, BENCH_LOOP_DELAY: file },
    /** At most since it was asked last, ms. */
    async maxMs(pid: number): Promise<number> {
      await rm(file, { force: true });
      process.kill(pid, 'SIGUSR2');
      for (;;) {
        const text = await readFile(file, 'utf8').catch(() => '');
        if (text !== '') return Number(text);
        await pause(5);
      }
    },
  };
}
