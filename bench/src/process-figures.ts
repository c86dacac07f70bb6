import { readFileSync } from 'node:fs';

const ticksPerSecond = 100;

/** CPU seconds a process and its threads have used so far (proc(5), stat: utime and stime). Linux only. */
export function cpuSeconds(pid: number): number {
  const [, fields = ''] = /\) (.*)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
  const [utime = '0', stime = '0'] = fields.split(' ').slice(11, 13);
  return (Number(utime) + Number(stime)) / ticksPerSecond;
}

/** Resident memory, MiB. */
export function residentMiB(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
}
