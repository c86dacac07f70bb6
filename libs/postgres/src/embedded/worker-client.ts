import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** The worker's session, spoken to in the PostgreSQL wire protocol. */
export interface PgliteWorker {
  /** Sends frontend messages, resolves with the backend's. Calls are answered in order. */
  exchange(messages: Uint8Array): Promise<Uint8Array>;
  close(): Promise<void>;
}

export type WorkerRequest = { messages: Uint8Array } | { close: true };
export type WorkerReply = { ready: true } | { messages: Uint8Array } | { closed: true } | { failed: string };

/** Starts PGlite on a folder. @throws Error when the folder does not open */
export async function startWorker(dataDir: string): Promise<PgliteWorker> {
  const worker = new Worker(new URL('./pglite-worker.ts', import.meta.url), { workerData: { dataDir }, execArgv: [] });
  const waiting: PromiseWithResolvers<WorkerReply>[] = [];
  let dead: Error | undefined;
  const die = (error: Error): void => {
    dead ??= error;
    for (const { reject } of waiting.splice(0)) reject(error);
  };
  const ask = (request?: WorkerRequest): Promise<WorkerReply> => {
    if (dead !== undefined) return Promise.reject(dead);
    const answer = Promise.withResolvers<WorkerReply>();
    waiting.push(answer);
    if (request !== undefined) worker.postMessage(request);
    return answer.promise;
  };
  worker.on('message', (reply: WorkerReply) => {
    const first = waiting.shift();
    if ('failed' in reply) first?.reject(new Error(reply.failed));
    else first?.resolve(reply);
  });
  worker.on('error', (error) => die(Object.assign(new Error('the embedded database died', { cause: error }), { code: '57P01' })));
  worker.on('exit', () => die(Object.assign(new Error('the embedded database is closed'), { code: '57P01' })));

  await ask().catch(async (error: unknown) => {
    await worker.terminate();
    throw error;
  });
  return {
    async exchange(messages) {
      const reply = await ask({ messages });
      return 'messages' in reply ? reply.messages : new Uint8Array();
    },
    async close() {
      if (dead !== undefined) return;
      const exited = once(worker, 'exit');
      await ask({ close: true });
      await exited;
    },
  };
}
