import { type Log, type LogOptions, openLog } from '../src/index.ts';
import { tempDir } from '@tmws/testkit';

/** A folder for one test's log, which is opened as often as the test likes and closed and removed at its end. */
export interface LogFolder extends AsyncDisposable {
  readonly path: string;
  open(options?: Partial<LogOptions>): Promise<Log>;
}

export async function logFolder(): Promise<LogFolder> {
  const dir = await tempDir('log');
  const opened: Log[] = [];
  return {
    path: dir.path,
    async open(options) {
      const log = await openLog({ dir: dir.path, retentionEveryMs: 0, minFreeBytes: 0, ...options });
      opened.push(log);
      return log;
    },
    async [Symbol.asyncDispose]() {
      for (const log of opened) await log.close();
      await dir.remove();
    },
  };
}

/** What a logger was told, for `logger` options. */
export function lines(): { logger: NonNullable<LogOptions['logger']>; told: string[] } {
  const told: string[] = [];
  const note = (_fields: unknown, message: string): void => void told.push(message);
  return { logger: { warn: note, error: note, info: note } as unknown as NonNullable<LogOptions['logger']>, told };
}

/** All bytes of a partition from `offset` on. */
export async function readAll(
  log: Log,
  topic: string,
  partition: number,
  offset?: number,
  maxBytes = 64 * 1024,
): Promise<Buffer> {
  const from = log.partition(topic, partition)!;
  const parts: Buffer[] = [];
  for (let at = offset ?? from.startOffset; at < from.endOffset;) {
    const { bytes, nextOffset } = await from.read(at, maxBytes);
    parts.push(bytes);
    at = nextOffset;
  }
  return Buffer.concat(parts);
}
