import { startChild, type Exit } from './child.ts';

export type StartProcessOptions = {
  /** What the program prints on standard output when it is ready. */
  readonly until: RegExp;
  /** Wait for that at most this long, 30 s by default. */
  readonly timeoutMs?: number;
  /** Added to this process's environment. */
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** What runs it, this Node by default. */
  readonly command?: string;
};

export type StartedProcess = AsyncDisposable & {
  readonly pid: number;
  /** The match of `until`. */
  readonly ready: RegExpExecArray;
  /** Standard output and standard error as they came, the last 256 KiB. */
  output(): string;
  /** Settles when it has ended, by itself or not. */
  readonly exited: Promise<Exit>;
  /** Waits for a line of standard output, printed already (among the last 256 KiB) or still to come. */
  waitFor(line: RegExp, timeoutMs?: number): Promise<RegExpExecArray>;
  /** Signals it and waits for its end. SIGKILL takes everything it started with it, at once, as a crash of the machine does. */
  kill(signal?: NodeJS.Signals): Promise<Exit>;
};

/**
 * Runs a program and waits until it says that it is ready:
 * `await startProcess(['services/fleet/src/main.ts'], { until: /tmws ready/ })`.
 *
 * @throws when it ends before, or says nothing in time; then it is gone, and the error has its last lines
 */
export async function startProcess(args: readonly string[], options: StartProcessOptions): Promise<StartedProcess> {
  const { command = process.execPath, until, timeoutMs = 30_000, cwd } = options;
  const name = [command, ...args].join(' ');
  const listeners = new Set<(line: string) => void>();
  const child = await startChild(command, args, {
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...process.env, ...options.env },
    onStdout: (line) => listeners.forEach((listener) => listener(line)),
  });

  const waitFor = async (line: RegExp, limitMs = timeoutMs): Promise<RegExpExecArray> => {
    // Without the flags that make a RegExp remember where it was.
    const wanted = new RegExp(line.source, line.flags.replace(/[gy]/g, ''));
    const there = child
      .output()
      .split('\n')
      .map((text) => wanted.exec(text))
      .find((match) => match !== null);
    if (there !== undefined) return there;
    const found = Promise.withResolvers<RegExpExecArray>();
    const listener = (text: string) => {
      const match = wanted.exec(text);
      if (match !== null) found.resolve(match);
    };
    listeners.add(listener);
    const fail = (why: string) =>
      found.reject(new Error(`${name} ${why} before it printed ${String(line)}:\n${lastLines(child.output())}`));
    const timer = setTimeout(() => fail(`ran for ${limitMs} ms`), limitMs);
    void child.exited.then(({ code, signal }) => fail(`ended with ${String(code ?? signal)}`));
    try {
      return await found.promise;
    } finally {
      clearTimeout(timer);
      listeners.delete(listener);
    }
  };

  const kill = async (signal: NodeJS.Signals = 'SIGTERM') => {
    if (signal === 'SIGKILL') await child.kill();
    else child.signal(signal);
    return child.exited;
  };
  try {
    const ready = await waitFor(until);
    return {
      pid: child.pid,
      ready,
      output: child.output,
      exited: child.exited,
      waitFor,
      kill,
      [Symbol.asyncDispose]: child.kill,
    };
  } catch (error) {
    await child.kill();
    throw error;
  }
}

export const lastLines = (text: string, count = 15) => text.trimEnd().split('\n').slice(-count).join('\n');
