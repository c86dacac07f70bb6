import { Problem } from '@tmws/problems';
import { importIdOf } from '../domain/import-id.ts';
import type { ImportFiles, KeptFile, Operation, Operations } from '../import-ports.ts';
import type { Clock } from '../ports.ts';
import { receiveFile } from './receive-file.ts';

interface Starting {
  readonly files: ImportFiles;
  readonly operations: Operations;
  readonly clock: Clock;
  /** Of a content. */
  readonly maxBytes: number;
  /** What is no larger is read before it is kept, so that what is wrong with it is said at once. */
  readonly smallBytes: number;
  /** @throws Problem for a content that cannot be imported */
  readonly check: (content: Uint8Array, contentSha256: string) => void;
  readonly started: () => void;
}

// Each may hold a file in memory, compressed.
const receivedAtOnce = 4;

/**
 * Keeps a file, then queues its import: when it resolves, both survive whatever happens.
 *
 * @param name  of the file, for people
 */
export function startImport({ files, operations, clock, maxBytes, smallBytes, check, started }: Starting) {
  let receiving = 0;
  return async (namespace: string, name: string, chunks: AsyncIterable<Uint8Array>): Promise<Operation> => {
    if (receiving >= receivedAtOnce)
      throw new Problem('limited', `${receivedAtOnce} files are being received already; send this one in a moment`, {
        retryAfterMs: 2000,
      });
    receiving++;
    try {
      const { sha256, sizeBytes, compressed, plain } = await receiveFile(chunks, { maxBytes, plainBytes: smallBytes });
      const id = importIdOf(namespace, sha256);
      const former = await operations.find(namespace, id);
      if (former !== undefined && former.status !== 'failed' && former.status !== 'cancelled') return former;
      if (plain !== undefined) check(plain, sha256);
      const file: KeptFile = { id, namespace, name: nameOf(name), sha256, sizeBytes, keptMs: clock() };
      await files.keep(file, compressed);
      const operation = await operations.enqueue(file, former?.again ?? false);
      started();
      return operation;
    } finally {
      receiving--;
    }
  };
}

/** The last part of what may be a path, without what no store holds. */
function nameOf(given: string): string {
  const name = given.split(/[/\\]/).at(-1) ?? '';
  return name
    .toWellFormed()
    .replaceAll(/\p{Cc}/gu, '\ufffd')
    .slice(0, 255);
}
