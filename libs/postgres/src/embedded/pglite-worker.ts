// The thread PGlite runs in: it opens the folder, then answers wire-protocol messages one after the other.
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import type { WorkerReply, WorkerRequest } from './worker-client.ts';

const { dataDir } = workerData as { dataDir: string };
const port = parentPort;
if (port === null) throw new Error('runs as a worker only');
const reply = (message: WorkerReply): void => port.postMessage(message);
const failed = (error: unknown): void => reply({ failed: Error.isError(error) ? error.message : String(error) });

try {
  const db = await PGlite.create(dataDir);
  let last: Promise<unknown> = Promise.resolve();
  port.on('message', (request: WorkerRequest) => {
    last = last
      .then(async () => {
        if ('close' in request) {
          await db.close();
          reply({ closed: true });
          port.close();
        } else {
          reply({ messages: await db.execProtocolRaw(request.messages) });
        }
      })
      .catch(failed);
  });
  reply({ ready: true });
} catch (error) {
  failed(error);
}
