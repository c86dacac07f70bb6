import { Problem } from '@tmws/problems';
import type { PackedRows, Rows } from '../../import-ports.ts';
import { type FoldedFile, foldFile } from './folded-file.ts';
import type { WorkerReply, WorkerRequest } from './import-thread.ts';
import { unpack } from './unpack.ts';

interface Answer {
  readonly reply: WorkerReply;
  /** What goes over to the other thread rather than being copied. */
  readonly moved: ArrayBuffer[];
}

/** What the reading thread says to requests, about one file at a time. */
export function answerRequests(pack: (rows: Rows) => PackedRows): (request: WorkerRequest) => Answer {
  let read: FoldedFile | undefined;
  const answer = (request: WorkerRequest): Answer => {
    if ('close' in request) {
      read = undefined;
      return { reply: { closed: true }, moved: [] };
    }
    if ('file' in request) {
      read = undefined;
      read = foldFile(unpack(request.content, request.file), request.file);
      return { reply: { read: { format: read.format, executions: read.executions } }, moved: [] };
    }
    if (read === undefined) throw new Error('no file is open');
    const { rows, end } = read.next(request.execution, request.anew);
    if (!request.packed) return { reply: { portion: { rows, end } }, moved: [] };
    const packed = pack(rows);
    return {
      reply: { portion: { rows: packed, end } },
      moved: [...packed.facts, ...packed.attempts].map(({ buffer }) => buffer),
    };
  };
  return (request) => {
    try {
      return answer(request);
    } catch (error) {
      const reply: WorkerReply =
        error instanceof Problem
          ? { problem: { kind: error.kind, message: error.message, field: error.field } }
          : { failed: Error.isError(error) ? (error.stack ?? error.message) : String(error) };
      return { reply, moved: [] };
    }
  };
}
