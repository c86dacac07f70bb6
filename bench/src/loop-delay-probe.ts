// Loaded into a process that is measured (NODE_OPTIONS=--import=…): on SIGUSR2 it writes how late its event loop was at most since
// the last time, and how much CPU it used at most between two turns of it, to the file of BENCH_LOOP_DELAY.
import { renameSync, writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

const resolutionMs = 5;
const file = process.env.BENCH_LOOP_DELAY;

const threadCpuMs = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};

if (isMainThread && file !== undefined) {
  const delays = monitorEventLoopDelay({ resolution: resolutionMs });
  delays.enable();
  let [last, busyMs] = [threadCpuMs(), 0];
  setInterval(() => {
    const now = threadCpuMs();
    busyMs = Math.max(busyMs, now - last);
    last = now;
  }, 1).unref();
  process.on('SIGUSR2', () => {
    const lateMs = Math.max(0, delays.max / 1_000_000 - resolutionMs);
    writeFileSync(`${file}.new`, JSON.stringify({ lateMs, busyMs }));
    renameSync(`${file}.new`, file);
    delays.reset();
    busyMs = 0;
  });
}
