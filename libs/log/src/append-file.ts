// A file that only grows, and only by what is on the disk for certain.
//
//   sound ──append fails──▶ doubtful ──cut back to the synced length, synced──▶ sound
//
// After a write or a sync that failed nobody knows what the file holds behind its synced length (a kernel may drop dirty pages after
// a failed fsync and report it once), so that part is cut off before anything else is written; while that does not succeed either,
// every append is refused.
import { type FileHandle } from 'node:fs/promises';
import { LogProblem } from './log-problem.ts';

export class AppendFile {
  readonly #handle: FileHandle;
  readonly #name: string;
  #syncedBytes: number;
  #doubtful = false;

  /**
   * @param handle       open for writing; the file's from here on
   * @param syncedBytes  how much of the file is known to be durable; the rest is overwritten
   * @param name         what an error calls it
   */
  constructor(handle: FileHandle, syncedBytes: number, name: string) {
    this.#handle = handle;
    this.#syncedBytes = syncedBytes;
    this.#name = name;
  }

  get syncedBytes(): number {
    return this.#syncedBytes;
  }

  /**
   * Appends the buffers and syncs. One call at a time.
   * @throws LogProblem `disk_failed`: nothing was appended
   */
  async append(buffers: readonly Buffer[]): Promise<void> {
    try {
      if (this.#doubtful) await this.#repair();
      this.#doubtful = true;
      const end = await this.#write(buffers);
      await this.#handle.datasync();
      this.#syncedBytes = end;
      this.#doubtful = false;
    } catch (error) {
      await this.#repair().catch(() => undefined); // else the next append tries again
      throw diskFailed(this.#name, error);
    }
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }

  async #repair(): Promise<void> {
    await this.#handle.truncate(this.#syncedBytes);
    await this.#handle.sync();
    this.#doubtful = false;
  }

  async #write(buffers: readonly Buffer[]): Promise<number> {
    let position = this.#syncedBytes;
    let left = buffers;
    while (left.length > 0) {
      const { bytesWritten } = await this.#handle.writev(left, position);
      if (bytesWritten === 0) throw Object.assign(new Error('the disk took no byte'), { code: 'ENOSPC' });
      position += bytesWritten;
      left = without(left, bytesWritten);
    }
    return position;
  }
}

/** What a caller is told when the disk did not take its data. */
export function diskFailed(name: string, error: unknown): LogProblem {
  const code = Error.isError(error) && 'code' in error ? String(error.code) : 'unknown error';
  return new LogProblem(
    'disk_failed',
    `Writing ${name} failed (${code}), nothing of it was accepted. ` +
      'See to the disk under the data folder; writes go on by themselves when it works again.',
    { cause: error, retryAfterMs: 1000 },
  );
}

/** What remains of the buffers when the first `count` bytes are gone. */
function without(buffers: readonly Buffer[], count: number): readonly Buffer[] {
  let skip = count;
  const rest = buffers.map((buffer) => {
    const gone = Math.min(skip, buffer.length);
    skip -= gone;
    return buffer.subarray(gone);
  });
  return rest.filter((buffer) => buffer.length > 0);
}
