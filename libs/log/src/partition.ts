// One partition: an ordered, append-only sequence of record batches.
//
//   L1  offsets follow each other without a gap; a batch keeps the offsets it was acknowledged with
//   L2  an acknowledged batch is on the disk (fdatasync), and nothing can be read that is not
//   L3  what cannot be written is refused whole: no part of a refused batch is ever read
//   L4  startOffset and endOffset only grow
import { type Boundary, readBatches } from './batch-walk.ts';
import { Cursors } from './cursors.ts';
import { isMissing } from './files.ts';
import { LogProblem } from './log-problem.ts';
import { activeSegment, type PartitionPorts, type PartitionState, withSegment } from './partition-state.ts';
import { type Appended, PartitionWriter } from './partition-writer.ts';
import { isBatch, readBatchHeader } from './record-batch.ts';
import { firstRecordFrom } from './record-times.ts';
import { recoverPartition } from './recovery.ts';
import { expiredSegments } from './retention.ts';
import { type Segment } from './segment.ts';
import { type TopicSettings } from './topic-settings.ts';

export interface ReadResult {
  /** Whole record batches as they were stored; empty at the end of the log. The first may begin before the offset asked for. */
  readonly bytes: Buffer;
  /** The offset to go on with. */
  readonly nextOffset: number;
}

const nothing = Buffer.alloc(0);

export class Partition {
  readonly #state: PartitionState;
  readonly #writer: PartitionWriter;
  readonly #listeners = new Set<(bytes: number) => void>();
  readonly #cursors = new Cursors();
  #closed = false;

  private constructor(state: PartitionState) {
    this.#state = state;
    this.#writer = new PartitionWriter(state, (bytes) => this.#tell(bytes));
  }

  static async open(
    name: string,
    folder: string,
    settings: () => TopicSettings,
    startOffset: number,
    ports: PartitionPorts,
  ): Promise<Partition> {
    const recovered = await recoverPartition(folder, name, { ...ports, nowMs: ports.clock() });
    const first = recovered.segments[0]?.baseOffset ?? 0;
    return new Partition({ name, folder, settings, ports, ...recovered, startOffset: Math.max(first, startOffset) });
  }

  get startOffset(): number {
    return this.#state.startOffset;
  }

  /** The offset the next record gets; everything before it is durable. Kafka's high watermark. */
  get endOffset(): number {
    return this.#state.index.endOffset;
  }

  get sizeBytes(): number {
    return this.#state.segments.reduce((sum, segment) => sum + segment.sizeBytes, 0);
  }

  /**
   * Appends one record batch and answers when it is durable. Base offset and leader epoch are set in the buffer, which is the log's
   * from here on. Its content is not looked at: that its CRC holds and its records can be read is the caller's to see to.
   * @throws LogProblem `batch_format`, `batch_too_large`, `producer_epoch`, `sequence_gap`, `sequence_known`, `disk_low`, `disk_failed`, `closed`
   */
  async append(batch: Buffer): Promise<Appended> {
    const { maxBatchBytes } = this.#state.settings();
    if (this.#closed) throw new LogProblem('closed', `${this.#state.name} is closed.`);
    if (batch.length > maxBatchBytes) {
      throw new LogProblem(
        'batch_too_large',
        `A record batch of ${batch.length} bytes for ${this.#state.name} is above its limit of ${maxBatchBytes}. ` +
          "Send fewer or smaller records in a batch, or raise the topic's max.message.bytes.",
      );
    }
    if (!isBatch(batch))
      throw new LogProblem('batch_format', `What ${this.#state.name} was given is not one record batch of format 2.`);
    return this.#writer.append(batch);
  }

  /**
   * Whole batches from the one that holds `offset` on, from one segment, at most `maxBytes`.
   * @param atLeastOne  the first batch comes even if it alone is above `maxBytes`
   * @throws LogProblem `offset_out_of_range`, `corrupt_batch`
   */
  async read(offset: number, maxBytes: number, { atLeastOne = true } = {}): Promise<ReadResult> {
    const { startOffset, name } = this.#state;
    if (this.#closed) throw new LogProblem('closed', `${name} is closed.`);
    if (!(offset >= startOffset && offset <= this.endOffset)) {
      throw this.#outOfRange(offset);
    }
    if (offset === this.endOffset) return { bytes: nothing, nextOffset: offset };
    const segment = this.#segmentOf(offset);
    const run = await withSegment(this.#state, segment, ({ handle, index }) => {
      const position = this.#cursors.positionOf(offset, segment);
      const from = position === undefined ? index.seekOffset(offset) : { offset, position };
      const request = { offset, from, limit: segment.sizeBytes, maxBytes, atLeastOne };
      return readBatches(handle, request, name);
    }).catch((error: unknown) => {
      throw isMissing(error) ? this.#outOfRange(offset) : error; // retention was faster
    });
    if (run.bytes.length === 0) return { bytes: nothing, nextOffset: offset };
    this.#cursors.move(offset, run.next.offset, segment, run.next.position);
    return { bytes: run.bytes, nextOffset: run.next.offset };
  }

  /**
   * The first record whose timestamp is `timestampMs` or later; nothing if there is none. In a compressed batch records are not
   * looked at: the batch's first offset stands for it.
   */
  async offsetForTimestamp(timestampMs: number): Promise<{ offset: number; timestampMs: number } | undefined> {
    for (const segment of this.#state.segments) {
      if (segment.sizeBytes === 0) continue;
      const { from, maxTimestampMs, endOffset } = await withSegment(this.#state, segment, ({ index }) =>
        Promise.resolve({
          from: index.seekTimestamp(timestampMs),
          maxTimestampMs: index.maxTimestampMs,
          endOffset: index.endOffset,
        }),
      );
      if (maxTimestampMs < timestampMs || endOffset <= this.startOffset) continue;
      const found = await this.#seekTimestamp(from, endOffset, timestampMs);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Calls the listener with a byte count each time more can be read, and with 0 when the partition is closed. @returns how to stop it */
  onAppend(listener: (bytes: number) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Forgets what lies before `offset`; whole segments of it are removed. The caller keeps the new start offset durable. */
  async deleteBefore(offset: number): Promise<void> {
    if (!(offset >= 0 && offset <= this.endOffset)) {
      throw new LogProblem(
        'offset_out_of_range',
        `${this.#state.name} ends at offset ${this.endOffset} (asked to delete before ${offset}).`,
      );
    }
    await this.#writer.inTurn(async () => {
      this.#state.startOffset = Math.max(this.#state.startOffset, offset);
      const kept = this.#state.segments.findIndex((_, i, all) => (all[i + 1]?.baseOffset ?? Number.POSITIVE_INFINITY) > offset);
      await this.#removeFirst(kept);
    });
  }

  /** Removes the segments that the topic's settings no longer keep. @returns how many */
  async applyRetention(nowMs: number): Promise<number> {
    return this.#writer.inTurn(async () => {
      if (this.#closed) return 0;
      const { segments, index } = this.#state;
      const facts = await Promise.all(
        segments.map(async (segment) => ({
          sizeBytes: segment.sizeBytes,
          lastAppendMs: await this.#lastAppendMs(segment, index.lastAppendMs),
        })),
      );
      const count = expiredSegments(facts, this.#state.settings(), nowMs);
      if (count < segments.length) return this.#removeFirst(count);
      if (index.sizeBytes === 0) return this.#removeFirst(count - 1);
      await this.#writer.roll(); // the last segment stays, empty, and so remembers the end offset
      return this.#removeFirst(count);
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#writer.close();
    for (const segment of this.#state.segments) await this.#state.ports.open.forget(segment.path);
    this.#tell(0);
  }

  async #seekTimestamp(from: Boundary, endOffset: number, timestampMs: number) {
    for (let offset = Math.max(from.offset, this.startOffset); offset < endOffset;) {
      const { bytes, nextOffset } = await this.read(offset, 1024 * 1024);
      for (let at = 0; at < bytes.length; at += readBatchHeader(bytes, at).sizeBytes) {
        if (readBatchHeader(bytes, at).maxTimestampMs < timestampMs) continue;
        const found = firstRecordFrom(bytes, at, timestampMs);
        return { ...found, offset: Math.max(found.offset, this.startOffset) };
      }
      offset = nextOffset;
    }
    return undefined;
  }

  async #lastAppendMs(segment: Segment, activeMs: number): Promise<number> {
    if (segment === activeSegment(this.#state)) return activeMs;
    segment.lastAppendMs ??= await withSegment(this.#state, segment, ({ index }) => Promise.resolve(index.lastAppendMs));
    return segment.lastAppendMs;
  }

  async #removeFirst(count: number): Promise<number> {
    const gone = this.#state.segments.slice(0, Math.max(0, count));
    this.#state.segments = this.#state.segments.slice(gone.length);
    this.#state.startOffset = Math.max(this.#state.startOffset, this.#state.segments[0]?.baseOffset ?? 0);
    for (const segment of gone) {
      await this.#state.ports.open.forget(segment.path);
      await segment.remove();
    }
    return gone.length;
  }

  #outOfRange(offset: number): LogProblem {
    const { name } = this.#state;
    return new LogProblem(
      'offset_out_of_range',
      `${name} has offsets ${this.startOffset} to ${this.endOffset} (asked for ${offset}).`,
    );
  }

  #segmentOf(offset: number): Segment {
    return this.#state.segments.findLast((segment) => segment.baseOffset <= offset) ?? activeSegment(this.#state);
  }

  #tell(bytes: number): void {
    for (const listener of [...this.#listeners]) listener(bytes);
  }
}
