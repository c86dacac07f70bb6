// Loaded into a process that is measured (NODE_OPTIONS=--import=…): on SIGUSR2 it writes how late its event loop was at most since
// the last time, in ms, to the file of BENCH_LOOP_DELAY.
import { renameSync, writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

const resolutionMs = 5;
const file = process.env.BENCH_LOOP_DELAY;
if (isMainThread && file !== undefined) {
  const delays = monitorEventLoopDelay({ resolution: resolutionMs });
  delays.enable();
  process.on('SIGUSR2', () => {
    writeFileSync(`${file}.new`, String(Math.max(0, delays.max / 1_000_000 - resolutionMs)));
    renameSync(`${file}.new`, file);
    delays.reset();
  });
}
