// The sparse index of one segment: where in the file some of its batches stand, so that neither an offset nor a timestamp is sought
// from the file's beginning. With it goes what the partition remembers of producers at the segment's end. It lies beside the
// segment as `<base offset>.index`, a CRC-32 and one line of JSON; it is a cache, made anew from the segment when it is missing or
// damaged, so it need not be synced. It vouches for the segment's first `sizeBytes` bytes: they were synced before it was written.
import { crc32 } from 'node:zlib';
import { type ProducerSnapshot } from './producers.ts';
import { type BatchHeader } from './record-batch.ts';

/** An entry a batch at least so far behind the last one gets. */
const indexIntervalBytes = 64 * 1024;

/** Offset and position of a batch, and the greatest timestamp of the segment's batches before it. */
type Entry = readonly [offset: number, position: number, maxTimestampBeforeMs: number];

interface Written {
  readonly entries: readonly Entry[];
  readonly sizeBytes: number;
  readonly endOffset: number;
  readonly maxTimestampMs: number;
  readonly firstAppendMs: number;
  readonly lastAppendMs: number;
  readonly producers: ProducerSnapshot;
}

export class SegmentIndex {
  readonly #entries: Entry[] = [];
  /** What of the segment is indexed. */
  sizeBytes = 0;
  endOffset: number;
  maxTimestampMs: number = Number.MIN_SAFE_INTEGER;
  /** When the first and the last batch were appended, by the log's clock; from the file's own times after a rebuild. */
  firstAppendMs: number;
  lastAppendMs: number;
  producers: ProducerSnapshot = [];

  constructor(baseOffset: number, nowMs: number) {
    this.endOffset = baseOffset;
    this.firstAppendMs = nowMs;
    this.lastAppendMs = nowMs;
  }

  /** Takes in the batch that follows, appended at `nowMs`. */
  add(batch: BatchHeader, nowMs: number): void {
    const last = this.#entries.at(-1);
    if (last === undefined || this.sizeBytes - last[1] >= indexIntervalBytes) {
      this.#entries.push([batch.baseOffset, this.sizeBytes, this.maxTimestampMs]);
    }
    if (this.sizeBytes === 0) this.firstAppendMs = nowMs;
    this.lastAppendMs = nowMs;
    this.sizeBytes += batch.sizeBytes;
    this.endOffset = batch.lastOffset + 1;
    this.maxTimestampMs = Math.max(this.maxTimestampMs, batch.maxTimestampMs);
  }

  /** The last indexed batch that begins at or before `offset`. */
  seekOffset(offset: number): { offset: number; position: number } {
    return this.#seek((entry) => entry[0] <= offset);
  }

  /** The last indexed batch before which every timestamp is below `timestampMs`. */
  seekTimestamp(timestampMs: number): { offset: number; position: number } {
    return this.#seek((entry) => entry[2] < timestampMs);
  }

  encode(): string {
    const { sizeBytes, endOffset, maxTimestampMs, firstAppendMs, lastAppendMs, producers } = this;
    const written: Written = {
      sizeBytes,
      endOffset,
      maxTimestampMs,
      firstAppendMs,
      lastAppendMs,
      producers,
      entries: this.#entries,
    };
    const json = JSON.stringify(written);
    return `${checksum(json)}\n${json}\n`;
  }

  /** The index a file holds; nothing when it is not whole. */
  static decode(text: string, baseOffset: number): SegmentIndex | undefined {
    const [sum, json] = text.split('\n', 2);
    if (json === undefined || sum !== checksum(json)) return undefined;
    const { entries, ...rest } = JSON.parse(json) as Written;
    const index = new SegmentIndex(baseOffset, rest.firstAppendMs);
    index.#entries.push(...entries);
    return Object.assign(index, rest);
  }

  #seek(before: (entry: Entry) => boolean): { offset: number; position: number } {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const entry = this.#entries[middle];
      if (entry !== undefined && before(entry)) low = middle + 1;
      else high = middle;
    }
    const [offset, position] = this.#entries[Math.max(0, low - 1)] ?? [this.endOffset, this.sizeBytes];
    return { offset, position };
  }
}

const checksum = (json: string): string => crc32(json).toString(16).padStart(8, '0');
