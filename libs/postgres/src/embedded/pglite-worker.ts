// The thread PGlite runs in: it opens the folder, then answers wire-protocol messages one after the other.
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import type { WorkerReply, WorkerRequest } from './worker-client.ts';

const { dataDir } = workerData as { dataDir: string };
const port = parentPort;
if (port === null) throw new Error('runs as a worker only');
const reply = (message: WorkerReply, moved: ArrayBuffer[] = []): void => port.postMessage(message, moved);
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
          const answer = await exchange(db, request.messages);
          reply({ messages: answer }, [answer.buffer]);
        }
      })
      .catch(failed);
  });
  reply({ ready: true });
} catch (error) {
  failed(error);
}

/** PGlite's other calls also read the answer into messages of its own, and the plain one keeps those for ever. */
async function exchange(db: PGlite, messages: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  // What is given is the database's memory, which the next part takes the place of.
  await db.execProtocolRawStream(messages, { onRawData: (part) => void parts.push(part.slice()) });
  const answer = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    answer.set(part, at);
    at += part.length;
  }
  return answer;
}
