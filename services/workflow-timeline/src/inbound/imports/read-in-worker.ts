import type { KeptFile, OpenFile, ReadFile } from '../../import-ports.ts';
import { foldFile } from './folded-file.ts';
import { type ImportThread, startImportThread } from './import-thread.ts';
import { unpack } from './unpack.ts';

interface ImportReading {
  /** The largest that is read here, beside everything else. */
  readonly smallBytes: number;
  /** What a thread may take; a file that needs more is `too_large`. */
  readonly heapMiB: number;
  /** How long a thread that has nothing to read is kept: a fresh one loads and compiles anew, most of a second of work. */
  readonly keepMs: number;
}

export interface ImportReader {
  /** Reads kept files: small ones here, others in a thread, so that nothing else waits for them. */
  readonly open: OpenFile;
  /** What is being received, as it is; when it turns out to be large, a thread starts meanwhile. */
  expecting(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}

export function openImportReader({ smallBytes, heapMiB, keepMs }: ImportReading): ImportReader {
  let idle: ImportThread | undefined;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  let busy = false;
  const taken = (): ImportThread => {
    clearTimeout(timer);
    const thread = idle?.dead === false ? idle : startImportThread(heapMiB);
    idle = undefined;
    thread.hold(true);
    busy = true;
    return thread;
  };
  const drop = async (): Promise<void> => {
    clearTimeout(timer);
    const thread = idle;
    idle = undefined;
    await thread?.end(new Error('the thread that reads files is not needed'));
  };
  const keep = async (thread: ImportThread): Promise<void> => {
    await drop();
    if (closed || thread.dead) return await thread.end(new Error('the thread that reads files is closed'));
    thread.hold(false);
    idle = thread;
    timer = setTimeout(() => void drop(), keepMs).unref();
  };
  const release = async (thread: ImportThread): Promise<void> => {
    busy = false;
    await keep(thread);
  };
  return {
    async open(file, content, signal) {
      signal.throwIfAborted();
      return file.sizeBytes > smallBytes ? await readInThread(taken(), file, content, signal, release) : readHere(file, content);
    },
    async *expecting(chunks) {
      let bytes = 0;
      for await (const chunk of chunks) {
        const before = bytes;
        bytes += chunk.length;
        if (before <= smallBytes && bytes > smallBytes && !busy && !closed && idle?.dead !== false)
          void keep(startImportThread(heapMiB));
        yield chunk;
      }
    },
    async close() {
      closed = true;
      await drop();
    },
  };
}

function readHere(file: KeptFile, content: Uint8Array<ArrayBuffer>): ReadFile {
  const { next, ...read } = foldFile(unpack(content, file), file);
  // eslint-disable-next-line @typescript-eslint/require-await -- what it throws belongs into the promise
  return { ...read, next: async (execution, { anew }) => next(execution, anew), close: () => Promise.resolve() };
}

/** @param release  given the thread when it is free again */
async function readInThread(
  thread: ImportThread,
  file: KeptFile,
  content: Uint8Array<ArrayBuffer>,
  signal: AbortSignal,
  release: (thread: ImportThread) => Promise<void>,
): Promise<ReadFile> {
  const leave = (): void => void thread.end(signal.reason as Error);
  signal.addEventListener('abort', leave, { once: true });
  const close = async (): Promise<void> => {
    signal.removeEventListener('abort', leave);
    // After what was asked for ahead and is not wanted any more. One that has ended is not kept.
    await thread.ask({ close: true }).catch(() => undefined);
    await release(thread);
  };
  try {
    const first = await thread.ask({ file, content }, [content.buffer]);
    if (!('read' in first)) throw new Error('the thread that reads a file said something else first');
    return {
      ...first.read,
      close,
      async next(execution, { anew, packed }) {
        const reply = await thread.ask({ execution, anew, packed });
        if (!('portion' in reply)) throw new Error('the thread that reads a file gave no rows');
        return reply.portion;
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}
