import { setTimeout as delay } from 'node:timers/promises';
import { startOneProcess } from '@tmws/e2e';
import { tempDir } from '@tmws/testkit';
import type { Bench } from './bench.ts';
import { cpuSeconds, residentMiB } from './process-figures.ts';

const settleMs = 10_000;
const watchMs = 30_000;

/** CPU and memory of the fleet in one process with nothing to do. */
export const idle: Bench = {
  what: 'CPU and memory of the fleet in one process that nobody uses',
  async run() {
    await using dir = await tempDir('bench-idle');
    const fleet = await startOneProcess(dir.path);
    try {
      await delay(settleMs);
      const pid = fleet.pid('fleet');
      const before = cpuSeconds(pid);
      await delay(watchMs);
      const used = cpuSeconds(pid) - before;
      return { cpu_percent_of_a_core: (used / (watchMs / 1000)) * 100, resident_mib: residentMiB(pid) };
    } finally {
      await fleet.stop();
    }
  },
};
