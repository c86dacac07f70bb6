import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Client, openClient } from './client.ts';
import { Failure } from './failure.ts';
import { serverAddress } from './server-address.ts';
import type { Terminal } from './terminal.ts';

/** Options every command takes. */
export interface GlobalOptions {
  readonly output?: 'table' | 'json' | 'jsonl';
  readonly server?: string;
  readonly namespace?: string;
  /** A file with an API key. */
  readonly apiKeyFile?: string;
  /** Seconds. */
  readonly timeout: number;
  readonly time?: TimeStyle;
}

export type TimeStyle = 'relative' | 'iso' | 'unix';

/** How data is written: `plain` is a table for programs, tab-separated and without a header. */
export type Format = 'table' | 'plain' | 'json' | 'jsonl';

/** What a command works with. */
export interface Context {
  readonly terminal: Terminal;
  readonly format: Format;
  readonly time: TimeStyle;
  /** The longest wait for an answer. */
  readonly timeoutMs: number;
  /** Opened when first asked for: some commands need no server. */
  client(): Client;
}

export function openContext(options: GlobalOptions, terminal: Terminal): Context {
  const { env, cwd } = terminal;
  const namespace = options.namespace ?? (env.TMWS_NAMESPACE === '' ? undefined : env.TMWS_NAMESPACE);
  let client: Client | undefined;
  return {
    terminal,
    format: options.output ?? (terminal.outIsTty ? 'table' : 'plain'),
    time: options.time ?? (terminal.outIsTty ? 'relative' : 'iso'),
    timeoutMs: options.timeout * 1000,
    client: () =>
      (client ??= openClient({
        baseUrl: serverAddress(options.server, env, cwd),
        namespace,
        apiKey: apiKeyOf(options.apiKeyFile, env, cwd),
        timeoutMs: options.timeout * 1000,
      })),
  };
}

/** The key the server is shown: of the file, else of TMWS_API_KEY. @throws Failure that shows nothing of it */
function apiKeyOf(file: string | undefined, env: NodeJS.ProcessEnv, cwd: string): string | undefined {
  let key = env.TMWS_API_KEY?.trim();
  if (file !== undefined) {
    try {
      key = readFileSync(resolve(cwd, file), 'utf8').trim();
    } catch (error) {
      throw Failure.of('invalid', `--api-key-file cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`);
    }
  }
  if (key === undefined || key === '') return undefined;
  if (/^[\x21-\x7e]+$/.test(key)) return key;
  throw Failure.of('invalid', 'the API key must be one word of printable ASCII');
}
