import { type Client, openClient } from './client.ts';
import { serverAddress } from './server-address.ts';
import type { Terminal } from './terminal.ts';

/** Options every command takes. */
export interface GlobalOptions {
  readonly output?: 'table' | 'json' | 'jsonl';
  readonly server?: string;
  readonly namespace?: string;
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
    client: () =>
      (client ??= openClient({ baseUrl: serverAddress(options.server, env, cwd), namespace, timeoutMs: options.timeout * 1000 })),
  };
}
