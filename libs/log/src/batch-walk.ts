import { type FileHandle } from 'node:fs/promises';
import { LogProblem } from './log-problem.ts';
import { type BatchHeader, batchHeaderBytes, intact, plausible, readBatchHeader } from './record-batch.ts';
import { readAt } from './segment.ts';

/** A batch boundary: the offset of the batch that begins at this position of a segment. */
export interface Boundary {
  readonly offset: number;
  readonly position: number;
}

export interface ReadRequest {
  /** The first offset wanted; it lies in the segment, at or behind `from`. */
  readonly offset: number;
  readonly from: Boundary;
  /** The segment's readable length. */
  readonly limit: number;
  readonly maxBytes: number;
  /** Return the first batch even if it alone is larger than `maxBytes`. */
  readonly atLeastOne: boolean;
}

export interface BatchRun {
  /** Whole batches, the first of them holding the offset that was asked for. */
  readonly bytes: Buffer;
  readonly next: Boundary;
}

/** What a read takes when the caller asks for less: a header and a small batch. */
const leastReadBytes = 4096;
const nothing = Buffer.alloc(0);

/**
 * Reads whole batches of a segment, in one piece as they lie in the file; each one's content is checked against its CRC.
 * @throws LogProblem `corrupt_batch` when the batch that holds the offset, or the way to it, is damaged
 */
export async function readBatches(handle: FileHandle, request: ReadRequest, where: string): Promise<BatchRun> {
  let { offset, position } = request.from;
  let want = Math.max(request.maxBytes, leastReadBytes);
  for (;;) {
    const chunk = await readAt(handle, position, Math.min(want, request.limit - position));
    const first = skipTo(chunk, { offset, position: 0 }, request.offset, where);
    const header = first.header;
    if (header !== undefined && first.position + header.sizeBytes <= chunk.length) {
      if (header.sizeBytes > request.maxBytes && !request.atLeastOne) return { bytes: nothing, next: request.from };
      if (!intact(chunk, first.position, header.sizeBytes)) throw corrupt(where, header.baseOffset);
      return take(chunk, first.position, header, position, request.maxBytes);
    }
    if (position + first.position >= request.limit || (first.position === 0 && header === undefined))
      throw corrupt(where, first.offset);
    offset = first.offset;
    position += first.position;
    want = Math.max(header?.sizeBytes ?? 0, request.maxBytes, leastReadBytes);
  }
}

/** The first batch boundary in the chunk whose batch ends at or behind `offset`, with its header if that is in the chunk. */
function skipTo(chunk: Buffer, from: Boundary, offset: number, where: string): Boundary & { header?: BatchHeader } {
  let at = from.position;
  let expected = from.offset;
  while (at + batchHeaderBytes <= chunk.length) {
    const header = readBatchHeader(chunk, at);
    if (!plausible(header, expected)) throw corrupt(where, expected);
    if (header.lastOffset >= offset) return { offset: expected, position: at, header };
    at += header.sizeBytes;
    expected = header.lastOffset + 1;
  }
  return { offset: expected, position: at };
}

/** The sound batches from `at` on, up to `maxBytes` but at least the one of `header`. */
function take(chunk: Buffer, at: number, header: BatchHeader, chunkPosition: number, maxBytes: number): BatchRun {
  let end = at + header.sizeBytes;
  let offset = header.lastOffset + 1;
  while (end + batchHeaderBytes <= chunk.length) {
    const next = readBatchHeader(chunk, end);
    const nextEnd = end + next.sizeBytes;
    if (!plausible(next, offset) || nextEnd > chunk.length || nextEnd - at > maxBytes || !intact(chunk, end, next.sizeBytes))
      break;
    end = nextEnd;
    offset = next.lastOffset + 1;
  }
  return { bytes: chunk.subarray(at, end), next: { offset, position: chunkPosition + end } };
}

function corrupt(where: string, offset: number): LogProblem {
  return new LogProblem(
    'corrupt_batch',
    `The batch at offset ${offset} of ${where} is damaged on the disk: its bytes do not have the checksum they were written with. ` +
      'Restore the data folder from a backup, or seek behind that offset to go on without it.',
  );
}
