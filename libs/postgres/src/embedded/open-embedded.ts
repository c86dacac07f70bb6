// PGlite in a worker thread, so that a long statement does not stop the process's other work. It is one session:
// the pool above it has one connection, and a checkout owns the session until it is given back.
import { existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '@tmws/telemetry';
import { copyTemplate } from './template.ts';
import { startWorker } from './worker-client.ts';
import { WorkerStream } from './worker-stream.ts';

export interface Embedded {
  /** A connection for `pg.Client`'s `stream`. */
  readonly connect: () => never;
  readonly close: () => Promise<void>;
}

/**
 * Opens (or makes) the embedded database in `dataDir`.
 *
 * PGlite never calls fsync, so a power cut can damage the folder. A folder that does not open is put aside as
 * `<dataDir>.damaged-<n>` and a new one is made: the read models come back from the log.
 */
export async function openEmbedded(options: { dataDir: string; cacheDir: string; logger: Logger }): Promise<Embedded> {
  const { dataDir, cacheDir, logger } = options;
  if (!existsSync(join(dataDir, 'PG_VERSION'))) await copyTemplate(cacheDir, dataDir);
  const worker = await startWorker(dataDir).catch(async (error: unknown) => {
    const aside = await putAside(dataDir);
    logger.error({ err: error, aside }, 'the embedded database did not open; it was put aside and is made anew from the log');
    await copyTemplate(cacheDir, dataDir);
    return await startWorker(dataDir);
  });
  return { connect: () => new WorkerStream(worker) as never, close: worker.close };
}

async function putAside(dataDir: string): Promise<string> {
  for (let n = 1; ; n++) {
    const aside = `${dataDir}.damaged-${n}`;
    if (existsSync(aside)) continue;
    await rename(dataDir, aside);
    return aside;
  }
}
