// One file of a partition: record batches one after the other, named by the offset of the first (`00000000000000000042.log`).
// Only the last segment of a partition is written to; the others are sealed.
import { type FileHandle, readFile, stat, unlink } from 'node:fs/promises';
import { isMissing, type OpenFile, replaceFile } from './files.ts';
import { type BatchHeader, batchHeaderBytes, intact, plausible, readBatchHeader } from './record-batch.ts';
import { SegmentIndex } from './segment-index.ts';

/** How much of a segment is read at a time when it is scanned. */
const scanBytes = 1024 * 1024;

export interface Scan {
  readonly index: SegmentIndex;
  /** Bytes from the first batch that is not whole, sound and in order to the file's end. */
  readonly brokenBytes: number;
}

export class Segment {
  readonly baseOffset: number;
  readonly path: string;
  readonly #openFile: OpenFile;
  /** What of the file is durable and whole. */
  sizeBytes: number;
  /** Of a sealed segment, once its index was looked at. */
  lastAppendMs: number | undefined;

  constructor(folder: string, baseOffset: number, sizeBytes: number, openFile: OpenFile) {
    this.baseOffset = baseOffset;
    this.path = `${folder}/${String(baseOffset).padStart(20, '0')}.log`;
    this.sizeBytes = sizeBytes;
    this.#openFile = openFile;
  }

  open(flags: string | number): Promise<FileHandle> {
    return this.#openFile(this.path, flags);
  }

  get #indexPath(): string {
    return `${this.path.slice(0, -'.log'.length)}.index`;
  }

  /** The index beside the file, if it is whole and does not claim more than the file has. */
  async loadIndex(): Promise<SegmentIndex | undefined> {
    const text = await readFile(this.#indexPath, 'utf8').catch((error: unknown) => {
      if (isMissing(error)) return '';
      throw error;
    });
    const index = SegmentIndex.decode(text, this.baseOffset);
    return index !== undefined && index.sizeBytes <= this.sizeBytes ? index : undefined;
  }

  saveIndex(index: SegmentIndex): Promise<void> {
    return replaceFile(this.#indexPath, index.encode(), { sync: false });
  }

  /**
   * Reads the batches from the index's end to the file's end into the index, header by header, up to the first that does not fit.
   * @param content  also check the content against its CRC
   * @param each     told of every batch
   */
  async scan(from: SegmentIndex | undefined, content: boolean, each: (header: BatchHeader) => void): Promise<Scan> {
    const changedMs = (await stat(this.path)).mtimeMs;
    const index = from ?? new SegmentIndex(this.baseOffset, changedMs);
    await using handle = await this.open('r');
    let want = scanBytes;
    for (;;) {
      const chunk = await readAt(handle, index.sizeBytes, Math.min(want, this.sizeBytes - index.sizeBytes));
      let at = 0;
      want = scanBytes;
      while (at + batchHeaderBytes <= chunk.length) {
        const header = readBatchHeader(chunk, at);
        if (!plausible(header, index.endOffset) || header.sizeBytes > this.sizeBytes - index.sizeBytes) {
          return { index, brokenBytes: this.sizeBytes - index.sizeBytes };
        }
        if (at + header.sizeBytes > chunk.length) {
          want = Math.max(scanBytes, header.sizeBytes);
          break;
        }
        if (content && !intact(chunk, at, header.sizeBytes)) return { index, brokenBytes: this.sizeBytes - index.sizeBytes };
        index.add(header, changedMs);
        each(header);
        at += header.sizeBytes;
      }
      if (at === 0 && want === scanBytes) return { index, brokenBytes: this.sizeBytes - index.sizeBytes };
    }
  }

  async remove(): Promise<void> {
    for (const path of [this.#indexPath, this.path]) {
      await unlink(path).catch((error: unknown) => {
        if (!isMissing(error)) throw error;
      });
    }
  }
}

/** `length` bytes at `position`, or fewer where the file ends. */
export async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(buffer, filled, length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}
