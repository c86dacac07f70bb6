// The writing side of a partition: rounds of appends, each written with one call and made durable with one fdatasync before any of
// it can be read or is acknowledged.
import { constants } from 'node:fs';
import { dirname } from 'node:path';
import { AppendFile, diskFailed } from './append-file.ts';
import { syncFolder } from './files.ts';
import { boundedRound, GroupCommit, type Pending } from './group-commit.ts';
import { activeSegment, type PartitionState } from './partition-state.ts';
import { type BatchHeader, readBatchHeader, stampBatch } from './record-batch.ts';
import { makeFolder } from './recovery.ts';
import { Segment } from './segment.ts';
import { SegmentIndex } from './segment-index.ts';

export interface Appended {
  readonly baseOffset: number;
  readonly lastOffset: number;
  /** The batch had been appended before (a retry of an idempotent producer); these are the offsets it got then. */
  readonly duplicate: boolean;
}

type Entry = Pending<Buffer, Appended>;

/** The index of the segment being written is saved each time it grew by so much, which bounds what a crash leaves to be scanned. */
const indexEveryBytes = 4 * 1024 * 1024;

export class PartitionWriter {
  readonly #state: PartitionState;
  readonly #published: (bytes: number) => void;
  readonly #rounds: GroupCommit<Buffer, Appended>;
  #file: AppendFile | undefined;
  #indexedBytes: number;
  #turn: Promise<unknown> = Promise.resolve();

  /** @param published  called after each round with the bytes that became readable */
  constructor(state: PartitionState, published: (bytes: number) => void) {
    this.#state = state;
    this.#published = published;
    this.#indexedBytes = state.index.sizeBytes;
    this.#rounds = new GroupCommit<Buffer, Appended>(
      boundedRound((batch) => batch.length),
      (round) => this.inTurn(() => this.#commit(round)),
    );
  }

  append(batch: Buffer): Promise<Appended> {
    return this.#rounds.submit(batch);
  }

  /** Runs `work` while no round is being written. */
  inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }

  /** Seals the segment and begins the next one, on the disk too. */
  async roll(): Promise<void> {
    const state = this.#state;
    await this.#saveIndex();
    await state.ports.open.forget(activeSegment(state).path); // it was opened with the index of a segment that grows
    const next = new Segment(state.folder, state.index.endOffset, 0, state.ports.openFile);
    const file = await this.#create(next);
    const index = new SegmentIndex(next.baseOffset, state.ports.clock());
    await this.#file?.close();
    this.#file = file;
    state.segments = [...state.segments, next];
    state.index = index;
    await this.#saveIndex();
  }

  /** After everything submitted is answered. */
  async close(): Promise<void> {
    await this.#rounds.settled();
    await this.inTurn(async () => {
      if (this.#indexedBytes !== this.#state.index.sizeBytes) await this.#saveIndex();
      await this.#file?.close();
      this.#file = undefined;
    });
  }

  async #commit(round: readonly Entry[]): Promise<void> {
    const state = this.#state;
    const bytes = round.reduce((sum, entry) => sum + entry.item.length, 0);
    await state.ports.disk.admit(bytes);
    const file = await this.#fileFor(bytes);
    const answers: (() => void)[] = [];
    const accepted: { header: BatchHeader; bytes: Buffer }[] = [];
    try {
      for (const entry of round) this.#accept(entry, accepted, answers);
      if (accepted.length > 0) await file.append(accepted.map((batch) => batch.bytes));
    } catch (error) {
      state.producers.drop();
      throw error;
    }
    state.producers.keep();
    this.#publish(accepted);
    for (const answer of answers) answer();
    if (state.index.sizeBytes - this.#indexedBytes >= indexEveryBytes) await this.#saveIndex();
  }

  async #fileFor(bytes: number): Promise<AppendFile> {
    try {
      if (this.#isFull(bytes)) await this.roll();
      return (this.#file ??= await this.#create(activeSegment(this.#state)));
    } catch (error) {
      throw diskFailed(this.#state.name, error);
    }
  }

  /** Gives the batch its offsets, or answers it at once if it may not be appended. */
  #accept(entry: Entry, accepted: { header: BatchHeader; bytes: Buffer }[], answers: (() => void)[]): void {
    const offset = (accepted.at(-1)?.header.lastOffset ?? this.#state.index.endOffset - 1) + 1;
    try {
      const repeated = this.#state.producers.check(readBatchHeader(entry.item));
      if (repeated !== undefined) {
        // The original may be in this very round: the answer waits until it is durable.
        const { baseOffset, lastOffset } = repeated;
        answers.push(() => entry.resolve({ baseOffset, lastOffset, duplicate: true }));
        return;
      }
    } catch (error) {
      entry.reject(error);
      return;
    }
    stampBatch(entry.item, offset);
    const header = readBatchHeader(entry.item);
    this.#state.producers.note(header, offset);
    accepted.push({ header, bytes: entry.item });
    answers.push(() => entry.resolve({ baseOffset: offset, lastOffset: header.lastOffset, duplicate: false }));
  }

  #publish(accepted: readonly { header: BatchHeader }[]): void {
    const { index, ports } = this.#state;
    const before = index.sizeBytes;
    for (const { header } of accepted) index.add(header, ports.clock());
    activeSegment(this.#state).sizeBytes = index.sizeBytes;
    if (index.sizeBytes > before) this.#published(index.sizeBytes - before);
  }

  #isFull(bytes: number): boolean {
    const { index, ports } = this.#state;
    const { segmentBytes, segmentMs, retentionMs } = this.#state.settings();
    if (index.sizeBytes === 0) return false;
    const ageLimitMs = retentionMs < 0 ? segmentMs : Math.min(segmentMs, retentionMs);
    return index.sizeBytes + bytes > segmentBytes || ports.clock() - index.firstAppendMs > ageLimitMs;
  }

  async #create(segment: Segment): Promise<AppendFile> {
    const { folder, name, ports } = this.#state;
    const isNew = segment.sizeBytes === 0;
    if (isNew) await makeFolder(folder);
    const handle = await ports.openFile(segment.path, constants.O_RDWR | constants.O_CREAT);
    if (isNew) {
      await handle.truncate(0);
      await handle.sync();
      await syncFolder(folder);
      await syncFolder(dirname(folder));
    }
    return new AppendFile(handle, segment.sizeBytes, name);
  }

  /** The index is only a cache: that it cannot be written stops nothing. */
  async #saveIndex(): Promise<void> {
    const { index, name, ports, producers } = this.#state;
    index.producers = producers.snapshot();
    this.#indexedBytes = index.sizeBytes;
    await activeSegment(this.#state)
      .saveIndex(index)
      .catch((error: unknown) => ports.logger?.warn({ partition: name, err: error }, `${name}: the index could not be saved`));
  }
}
