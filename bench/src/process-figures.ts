import { readdirSync, readFileSync } from 'node:fs';

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

/** CPU seconds of a process, of all it started, and of those among them that have ended and were waited for. */
export function treeCpuSeconds(pid: number): number {
  return [pid, ...descendants(pid)].reduce((sum, one) => sum + wholeCpuSeconds(one), 0);
}

/** Ids of the processes that this one started, and those they started, whose program has this name. */
export function startedHere(program: string): number[] {
  return descendants(process.pid).filter((pid) => statOf(pid)?.program === program);
}

function descendants(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    const stat = /^\d+$/.test(name) ? statOf(Number(name)) : undefined;
    if (stat !== undefined) parents.set(Number(name), Number(stat.fields[1]));
  }
  const found = [...parents.keys()].filter((one) => {
    for (let at = parents.get(one); at !== undefined; at = parents.get(at)) if (at === pid) return true;
    return false;
  });
  return found;
}

function wholeCpuSeconds(pid: number): number {
  const [utime = '0', stime = '0', cutime = '0', cstime = '0'] = statOf(pid)?.fields.slice(11, 15) ?? [];
  return (Number(utime) + Number(stime) + Number(cutime) + Number(cstime)) / ticksPerSecond;
}

/** Undefined when it has ended. */
function statOf(pid: number): { program: string; fields: string[] } | undefined {
  try {
    const [, program = '', fields = ''] = /^\d+ \((.*)\) (.*)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
    return { program, fields: fields.split(' ') };
  } catch {
    return undefined;
  }
}
