// Group commit: while one round is being written and synced, whatever is submitted gathers for the next. A single caller waits for
// one round; a thousand callers share it.

/** One caller's item and how to answer it. Only the first answer counts. */
export interface Pending<Item, Done> {
  readonly item: Item;
  readonly resolve: (done: Done) => void;
  readonly reject: (error: unknown) => void;
}

/** How many entries at the front of the (non-empty) queue make one round. */
export type RoundSize<Item, Done> = (queue: readonly Pending<Item, Done>[]) => number;

export class GroupCommit<Item, Done> {
  #queue: Pending<Item, Done>[] = [];
  readonly #roundSize: RoundSize<Item, Done>;
  readonly #commit: (round: readonly Pending<Item, Done>[]) => Promise<void>;
  #running: Promise<void> | undefined;

  /** @param commit  makes a round durable and answers its entries; a throw is the answer of those it left unanswered */
  constructor(roundSize: RoundSize<Item, Done>, commit: (round: readonly Pending<Item, Done>[]) => Promise<void>) {
    this.#roundSize = roundSize;
    this.#commit = commit;
  }

  /** Submits an item. Items are committed in the order of these calls. */
  submit(item: Item): Promise<Done> {
    return new Promise<Done>((resolve, reject) => {
      this.#queue.push({ item, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  /** When everything submitted so far is answered. */
  async settled(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    await Promise.resolve(); // what is submitted in the same turn shares the first round
    while (this.#queue.length > 0) {
      const size = Math.max(1, this.#roundSize(this.#queue));
      const round = this.#queue.slice(0, size);
      this.#queue = this.#queue.slice(size);
      try {
        await this.#commit(round);
      } catch (error) {
        for (const entry of round) entry.reject(error);
      }
    }
    this.#running = undefined;
  }
}

/** At most so many entries and (roughly) so many bytes a round: what one write call and one caller's patience bear. */
export function boundedRound<Item, Done>(bytesOf: (item: Item) => number, maxEntries = 512, maxBytes = 16 * 1024 * 1024) {
  return (queue: readonly Pending<Item, Done>[]): number => {
    let bytes = 0;
    const stop = queue.findIndex((entry, i) => i >= maxEntries || (bytes += bytesOf(entry.item)) > maxBytes);
    return stop === -1 ? queue.length : stop;
  };
}
