import { getCompileCacheDir } from 'node:module';
import { Worker } from 'node:worker_threads';
import { Problem, type ProblemKind } from '@tmws/problems';
import type { KeptFile, ReadFile, ReadPortion } from '../../import-ports.ts';

export interface WorkerInput {
  readonly compileCache: string | undefined;
}
/** Answered in order, each with one reply. */
export type WorkerRequest =
  | { readonly file: KeptFile; readonly content: Uint8Array<ArrayBuffer> }
  | { readonly execution: number; readonly anew: boolean; readonly packed: boolean }
  | { readonly close: true };
export type WorkerReply =
  | { readonly read: Pick<ReadFile, 'format' | 'executions'> }
  | { readonly portion: ReadPortion }
  | { readonly closed: true }
  | { readonly problem: { readonly kind: ProblemKind; readonly message: string; readonly field: string | undefined } }
  | { readonly failed: string };

/** A thread that reads files. */
export interface ImportThread {
  /** It ended, by itself or by `end`. */
  readonly dead: boolean;
  /** @throws Problem what it says of the file; `too_large` when its memory does not suffice */
  ask(request: WorkerRequest, moved?: ArrayBuffer[]): Promise<WorkerReply>;
  /** Whether the process waits for it. */
  hold(yes: boolean): void;
  end(reason: Error): Promise<void>;
}

/** @param heapMiB  what it may take; a file that needs more is `too_large` */
export function startImportThread(heapMiB: number): ImportThread {
  const workerData: WorkerInput = { compileCache: getCompileCacheDir() };
  const worker = new Worker(new URL('../../import-worker.ts', import.meta.url), {
    workerData,
    execArgv: [],
    // What is read lives to the end: a small nursery would copy it again and again.
    resourceLimits: { maxOldGenerationSizeMb: heapMiB, maxYoungGenerationSizeMb: 128 },
  });
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
  worker.on('exit', () => die(new Error('the thread that reads a file has ended')));
  return {
    get dead() {
      return dead !== undefined;
    },
    async ask(request, moved = []) {
      if (dead !== undefined) throw dead;
      const reply = Promise.withResolvers<WorkerReply>();
      waiting.push(reply);
      worker.postMessage(request, moved);
      const told = await reply.promise;
      if ('problem' in told) throw problemOf(told.problem);
      if ('failed' in told) throw new Error(told.failed);
      return told;
    },
    hold(yes) {
      if (yes) worker.ref();
      else worker.unref();
    },
    async end(reason) {
      die(reason);
      await worker.terminate();
    },
  };
}

function problemOf({ kind, message, field }: { kind: ProblemKind; message: string; field: string | undefined }): Problem {
  return new Problem(kind, message, field === undefined ? {} : { field });
}
