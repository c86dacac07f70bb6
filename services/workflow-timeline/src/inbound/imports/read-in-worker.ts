import { getCompileCacheDir } from 'node:module';
import { Worker } from 'node:worker_threads';
import { Problem, type ProblemKind } from '@tmws/problems';
import type { FoldedExecution, KeptFile, OpenFile, Rows } from '../../import-ports.ts';
import { foldFile } from './folded-file.ts';
import { unpack } from './unpack.ts';

export interface WorkerInput {
  readonly file: KeptFile;
  readonly content: Uint8Array<ArrayBuffer>;
  readonly compileCache: string | undefined;
}
export interface WorkerRequest {
  readonly execution: number;
  readonly from: number;
  readonly count: number;
}
export type WorkerReply =
  | { readonly read: { readonly format: string; readonly executions: readonly FoldedExecution[] } }
  | { readonly rows: Rows }
  | { readonly problem: { readonly kind: ProblemKind; readonly message: string; readonly field: string | undefined } }
  | { readonly failed: string };

/**
 * Reads kept files: small ones here, others in a thread of their own, so that nothing else waits for them.
 *
 * @param smallBytes  the largest that is read here
 * @param heapMiB     what a thread may take; a file that needs more is `too_large`
 */
export function openImportReader({ smallBytes, heapMiB }: { smallBytes: number; heapMiB: number }): OpenFile {
  return async (file, content, signal) => {
    signal.throwIfAborted();
    if (file.sizeBytes > smallBytes) return await readInWorker(file, content, signal, heapMiB);
    const { rows, ...read } = foldFile(unpack(content, file), file);
    return { ...read, rows: (...asked) => Promise.resolve(rows(...asked)), close: () => Promise.resolve() };
  };
}

async function readInWorker(file: KeptFile, content: Uint8Array<ArrayBuffer>, signal: AbortSignal, heapMiB: number) {
  const workerData: WorkerInput = { file, content, compileCache: getCompileCacheDir() };
  const worker = new Worker(new URL('./import-worker.ts', import.meta.url), {
    workerData,
    transferList: [content.buffer],
    execArgv: [],
    // What is read lives to the end: a small nursery would copy it again and again.
    resourceLimits: { maxOldGenerationSizeMb: heapMiB, maxYoungGenerationSizeMb: 128 },
  });
  const leave = (): void => void worker.terminate();
  signal.addEventListener('abort', leave, { once: true });
  const waiting: PromiseWithResolvers<WorkerReply>[] = [];
  let dead: Error | undefined;
  const die = (error: Error): void => {
    dead ??= error;
    for (const { reject } of waiting.splice(0)) reject(dead);
  };
  worker.on('message', (message: WorkerReply) => waiting.shift()?.resolve(message));
  worker.on('error', (error: Error & { code?: string }) =>
    die(
      error.code === 'ERR_WORKER_OUT_OF_MEMORY'
        ? new Problem('too_large', `the file needs more than ${heapMiB} MiB of memory to be read; split it`, { cause: error })
        : error,
    ),
  );
  worker.on('exit', () => die(signal.aborted ? (signal.reason as Error) : new Error('the thread that reads a file has ended')));
  const answer = async (request?: WorkerRequest): Promise<WorkerReply> => {
    if (dead !== undefined) throw dead;
    const reply = Promise.withResolvers<WorkerReply>();
    waiting.push(reply);
    if (request !== undefined) worker.postMessage(request);
    const told = await reply.promise;
    if ('problem' in told) throw new Problem(told.problem.kind, told.problem.message, fieldOf(told.problem));
    if ('failed' in told) throw new Error(told.failed);
    return told;
  };
  const close = async (): Promise<void> => {
    signal.removeEventListener('abort', leave);
    await worker.terminate();
  };
  try {
    const first = await answer();
    if (!('read' in first)) throw new Error('the thread that reads a file said something else first');
    return {
      ...first.read,
      close,
      async rows(execution: number, from: number, count: number): Promise<Rows> {
        const reply = await answer({ execution, from, count });
        if (!('rows' in reply)) throw new Error('the thread that reads a file gave no rows');
        return reply.rows;
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function fieldOf({ field }: { field: string | undefined }): { field?: string } {
  return field === undefined ? {} : { field };
}
