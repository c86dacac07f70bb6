// A child process in a group of its own that does not outlive this process, with the end of what it printed.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { eventually } from './eventually.ts';
import { guardName, holdGroup, releaseGroup, type EndingSignal } from './guard.ts';

export type Exit = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

export type ChildOptions = {
  readonly cwd?: string;
  /** The whole environment of the child. */
  readonly env?: NodeJS.ProcessEnv;
  /** Run as this user (only root may). */
  readonly user?: { readonly uid: number; readonly gid: number } | undefined;
  /** How the child is ended if this process goes first; KILL by default. */
  readonly endBy?: EndingSignal;
  readonly onStdout?: (line: string) => void;
  /** Print where this process prints; then nothing is kept of it. */
  readonly inheritOutput?: boolean;
};

export type Child = {
  readonly pid: number;
  /** Settles when the child has ended and its output is read. */
  readonly exited: Promise<Exit>;
  /** How it ended, undefined while it runs. */
  exit(): Exit | undefined;
  /** Standard output and standard error as they came, the last 256 KiB. */
  output(): string;
  /** Signals the child only. */
  signal(signal: NodeJS.Signals): void;
  /** Signals the child and everything it started, now; not the guards of those, which tidy up after them. */
  signalAll(signal: NodeJS.Signals): void;
  /** SIGKILL for the child and everything it started; settles when none of them is left. */
  kill(): Promise<void>;
};

const keptChars = 256 * 1024;

/** Starts a child. @throws when the program cannot be started */
export async function startChild(command: string, args: readonly string[], options: ChildOptions = {}): Promise<Child> {
  const { endBy = 'KILL', user, inheritOutput = false } = options;
  const out = inheritOutput ? 'inherit' : 'pipe';
  const spawned = spawn(command, args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    detached: true,
    stdio: ['ignore', out, out],
    ...user,
  });
  const pid = await new Promise<number>((resolve, reject) => {
    spawned.once('error', (cause) => reject(new Error(`${command} cannot be started: ${cause.message}`, { cause })));
    if (spawned.pid !== undefined) resolve(spawned.pid);
  });
  holdGroup(pid, endBy);

  let printed = '';
  const keep = (text: string) => {
    printed = (printed + text).slice(-keptChars);
  };
  spawned.stderr?.setEncoding('utf8').on('data', keep);
  if (spawned.stdout !== null) {
    createInterface({ input: spawned.stdout }).on('line', (line) => {
      keep(`${line}\n`);
      options.onStdout?.(line);
    });
  }

  let exit: Exit | undefined;
  const exited = new Promise<Exit>((resolve) => {
    spawned.once('close', (code, signal) => {
      exit = { code, signal };
      releaseGroup(pid, endBy);
      resolve(exit);
    });
  });
  // Once it has ended its number may be another process's.
  const group = () => (exit === undefined ? processTree(pid) : []);
  return {
    pid,
    exited,
    exit: () => exit,
    output: () => printed,
    signal: (signal) =>
      group()
        .slice(0, 1)
        .forEach((each) => send(each, signal)),
    signalAll: (signal) => group().forEach((each) => send(each, signal)),
    kill: async () => {
      const all = group();
      for (const each of all) send(each, 'SIGKILL');
      await eventually(() => !all.some(lives), { everyMs: 5 });
      await exited;
    },
  };
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** The process and its descendants without guards, parents first. Elsewhere than on Linux: the process alone. */
function processTree(pid: number): number[] {
  let children: number[] = [];
  try {
    if (readFileSync(`/proc/${pid}/cmdline`, 'utf8').endsWith(`\0${guardName}\0`)) return [];
    children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
  } catch {
    // It has ended, or there is no /proc.
  }
  return [pid, ...children.flatMap(processTree)];
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    // The state follows the name, which stands in parentheses and may hold any character. A zombie only waits for its parent.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3) !== 'Z';
  } catch {
    return process.platform !== 'linux';
  }
}
