// PGlite in a worker thread, so that a long statement does not stop the process's other work. It is one session:
// the pool above it has one connection, and a checkout owns the session until it is given back.
import { existsSync } from 'node:fs';
import { readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '@tmws/telemetry';
import { copyTemplate, dropTemplate } from './template.ts';
import { type PgliteWorker, startWorker } from './worker-client.ts';
import { WorkerStream } from './worker-stream.ts';

export interface Embedded {
  /** A connection for `pg.Client`'s `stream`. */
  readonly connect: () => never;
  readonly close: () => Promise<void>;
}

interface EmbeddedOptions {
  readonly dataDir: string;
  readonly cacheDir: string;
  readonly logger: Logger;
}

/**
 * Opens (or makes) the embedded database in `dataDir`.
 *
 * PGlite never calls fsync, so a power cut can damage the folder. A folder that does not open is put aside as
 * `<dataDir>.damaged-<n>` and a new one is made: the read models come back from the log. A worker that dies takes its
 * statement with it, as a server that crashes does; the next connection starts another one on the same folder.
 */
export async function openEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const { dataDir, logger } = options;
  let current: Promise<PgliteWorker> = open(options);
  await current;
  let closed = false;
  const live = async (): Promise<PgliteWorker> => {
    const seen = current;
    const worker = await seen.catch(() => undefined);
    if (closed || worker?.dead === false) return await seen;
    if (seen === current) {
      logger.warn('the embedded database ended and is started again');
      current = startWorker(dataDir);
    }
    return await current;
  };
  return {
    connect: () => new WorkerStream(live) as never,
    async close() {
      closed = true;
      await (await current.catch(() => undefined))?.close();
    },
  };
}

async function open(options: EmbeddedOptions): Promise<PgliteWorker> {
  const { dataDir, logger } = options;
  let failure: unknown;
  if (existsSync(join(dataDir, 'PG_VERSION'))) {
    // Twice, because not every failure is the folder's fault.
    for (let tries = 0; tries < 2; tries++) {
      try {
        return await startWorker(dataDir);
      } catch (error) {
        failure = error;
      }
    }
  }
  if (await holdsSomething(dataDir)) {
    const aside = await putAside(dataDir);
    logger.error({ err: failure, aside }, 'the embedded database did not open; it was put aside and is made anew from the log');
  }
  return await openNew(options);
}

async function openNew({ dataDir, cacheDir, logger }: EmbeddedOptions): Promise<PgliteWorker> {
  await copyTemplate(cacheDir, dataDir);
  try {
    return await startWorker(dataDir);
  } catch (error) {
    logger.warn({ err: error }, 'the template of the embedded database is damaged and is made anew');
    await dropTemplate(cacheDir);
    await copyTemplate(cacheDir, dataDir);
    return await startWorker(dataDir);
  }
}

async function holdsSomething(dir: string): Promise<boolean> {
  return existsSync(dir) && (await readdir(dir)).length > 0;
}

async function putAside(dataDir: string): Promise<string> {
  for (let n = 1; ; n++) {
    const aside = `${dataDir}.damaged-${n}`;
    if (existsSync(aside)) continue;
    await rename(dataDir, aside);
    return aside;
  }
}
