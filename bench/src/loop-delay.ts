import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

export interface LoopDelay {
  /** How late the event loop was at most, ms; on a machine with other work also for want of a core. */
  readonly lateMs: number;
  /** CPU that its thread used at most between two turns, ms: what it would be late on a machine of its own. */
  readonly busyMs: number;
}

/** Settings of a process whose event loop is measured, and how late it was since it was asked last. */
export function loopDelayIn(dir: string) {
  const file = join(dir, 'loop-delay');
  return {
    env: { NODE_OPTIONS: `--import=${new URL('./loop-delay-probe.ts', import.meta.url).href}`, BENCH_LOOP_DELAY: file },
    async ask(pid: number): Promise<LoopDelay> {
      await rm(file, { force: true });
      process.kill(pid, 'SIGUSR2');
      for (;;) {
        const text = await readFile(file, 'utf8').catch(() => '');
        if (text !== '') return JSON.parse(text) as LoopDelay;
        await pause(5);
      }
    },
  };
}
