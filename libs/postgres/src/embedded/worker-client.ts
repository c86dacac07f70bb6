import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** The worker's session, spoken to in the PostgreSQL wire protocol. */
export interface PgliteWorker {
  /** Ended, by itself or by `close`: it answers no more. */
  readonly dead: boolean;
  /** Sends frontend messages, which the caller has no more, and resolves with the backend's. Calls are answered in order. */
  exchange(messages: Uint8Array<ArrayBuffer>): Promise<Uint8Array>;
  close(): Promise<void>;
}

export type WorkerRequest = { messages: Uint8Array<ArrayBuffer> } | { close: true };
export type WorkerReply = { ready: true } | { messages: Uint8Array } | { closed: true } | { failed: string };

/** Starts PGlite on a folder. @throws Error when the folder does not open */
export async function startWorker(dataDir: string): Promise<PgliteWorker> {
  const worker = new Worker(new URL('./pglite-worker.ts', import.meta.url), { workerData: { dataDir }, execArgv: [] });
  const waiting: PromiseWithResolvers<WorkerReply>[] = [];
  let dead: Error | undefined;
  const die = (message: string, cause?: unknown): void => {
    dead ??= Object.assign(new Error(message, { cause }), { code: adminShutdown });
    for (const { reject } of waiting.splice(0)) reject(dead);
  };
  const ask = (request?: WorkerRequest): Promise<WorkerReply> => {
    if (dead !== undefined) return Promise.reject(dead);
    const answer = Promise.withResolvers<WorkerReply>();
    waiting.push(answer);
    if (request !== undefined) worker.postMessage(request, movable(request));
    return answer.promise;
  };
  worker.on('message', (reply: WorkerReply) => {
    if ('failed' in reply) {
      // Postgres tells its errors in messages. This is one of the machine it runs on, and that is not to be trusted any more.
      die('the embedded database failed', new Error(reply.failed));
      void worker.terminate();
    } else waiting.shift()?.resolve(reply);
  });
  worker.on('error', (error) => die('the embedded database died', error));
  worker.on('exit', () => die('the embedded database is closed'));

  await ask();
  return {
    get dead() {
      return dead !== undefined;
    },
    async exchange(messages) {
      const reply = await ask({ messages });
      return 'messages' in reply ? reply.messages : new Uint8Array();
    },
    async close() {
      if (dead !== undefined) return;
      const exited = once(worker, 'exit');
      await ask({ close: true }).catch(() => undefined);
      await exited;
    },
  };
}

/** The memory that goes to the worker instead of being copied: all of it is the message. Small buffers lie together in one. */
function movable(request: WorkerRequest): ArrayBuffer[] {
  if (!('messages' in request)) return [];
  const { buffer, byteLength } = request.messages;
  return buffer.byteLength === byteLength ? [buffer] : [];
}

const adminShutdown = '57P01';
