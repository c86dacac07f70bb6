import { LogProblem } from './log-problem.ts';

const refreshMs = 1000;
const mebi = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(0)} MiB`;

/**
 * The watermark: writes are refused while less than `minFreeBytes` are free, so that reads, commits of offsets and the person who
 * cleans up still have room. Asked at most once a second; in between, what was admitted is taken off the last answer.
 */
export class DiskSpace {
  readonly #freeBytes: () => Promise<number>;
  readonly #minFreeBytes: number;
  readonly #clock: () => number;
  #free = 0;
  #askedAtMs = Number.NEGATIVE_INFINITY;

  constructor(freeBytes: () => Promise<number>, minFreeBytes: number, clock: () => number) {
    this.#freeBytes = freeBytes;
    this.#minFreeBytes = minFreeBytes;
    this.#clock = clock;
  }

  /** @throws LogProblem `disk_low` when `bytes` more would cross the watermark */
  async admit(bytes: number): Promise<void> {
    const now = this.#clock();
    if (now < this.#askedAtMs || now - this.#askedAtMs >= refreshMs) {
      this.#free = await this.#freeBytes();
      this.#askedAtMs = now;
    }
    if (this.#free - bytes < this.#minFreeBytes) {
      throw new LogProblem(
        'disk_low',
        `The log takes no more records: ${mebi(this.#free)} of disk are free and ${mebi(this.#minFreeBytes)} must stay free. ` +
          'Free some space or shorten the retention of topics; reading goes on.',
        { retryAfterMs: refreshMs },
      );
    }
    this.#free -= bytes;
  }
}
