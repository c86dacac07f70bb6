/** What a command may touch of the outside: where it writes, what it may ask, what the environment says. */
export interface Terminal {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** Writes data to standard output. Resolves when there is room for more. */
  print(text: string): Promise<void>;
  /** Writes everything that is not data to standard error. */
  tell(text: string): void;
  /** Whether a person reads standard output. */
  readonly outIsTty: boolean;
  /** Whether a person reads standard error, so that a line may be drawn anew. */
  readonly errIsTty: boolean;
  /** Columns of standard output; undefined if nobody says. */
  readonly columns: number | undefined;
  /** Whether colours are welcome on standard output (no-color.org). */
  readonly color: boolean;
  /** Asks and waits for a line; undefined when nobody is there to answer. */
  ask(question: string): Promise<string | undefined>;
  /** Standard input, to its end. */
  input(): AsyncIterable<Uint8Array>;
  /** Shows an address in a browser. @returns whether there was one */
  openBrowser(url: string): Promise<boolean>;
  nowMs(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Aborts when the person interrupts (Ctrl-C). From the first call on the process does not end by itself. */
  interrupted(): AbortSignal;
}

export function processTerminal(process: NodeJS.Process): Terminal {
  const { env, stdin, stdout, stderr } = process;
  const columns = /^\d{1,4}$/.test(env.COLUMNS ?? '') ? Number(env.COLUMNS) : undefined;
  return {
    env,
    cwd: process.cwd(),
    print: (text) => new Promise((resolve) => (stdout.write(text) ? resolve() : stdout.once('drain', resolve))),
    tell: (text) => void stderr.write(text),
    outIsTty: stdout.isTTY,
    errIsTty: stderr.isTTY,
    columns: stdout.isTTY && stdout.columns > 0 ? stdout.columns : columns,
    color: stdout.isTTY && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb',
    ask: async (question) => (stdin.isTTY && stderr.isTTY ? askLine(stdin, stderr, question) : undefined),
    input: () => stdin,
    openBrowser: async (url) => (await import('./browser.ts')).openBrowser(url),
    nowMs: () => Date.now(),
    async sleep(ms, signal) {
      const { setTimeout } = await import('node:timers/promises');
      await setTimeout(ms, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
    },
    interrupted() {
      const controller = new AbortController();
      process.once('SIGINT', () => controller.abort());
      return controller.signal;
    },
  };
}

async function askLine(input: NodeJS.ReadStream, output: NodeJS.WriteStream, question: string): Promise<string> {
  const { createInterface } = await import('node:readline/promises');
  const lines = createInterface({ input, output });
  const closed = new Promise<string>((resolve) => lines.once('close', () => resolve('')));
  const answer = await Promise.race([lines.question(question), closed]);
  lines.close();
  return answer;
}
