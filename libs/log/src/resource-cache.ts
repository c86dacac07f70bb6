/**
 * Keeps up to `capacity` opened things at hand and closes the one that was idle longest when there are more. A thing in use is
 * never closed: one that was given up meanwhile is closed when its last user is done.
 */
export class ResourceCache<Thing> {
  readonly #capacity: number;
  readonly #close: (thing: Thing) => Promise<void>;
  readonly #entries = new Map<string, { opened: Promise<Thing>; users: number; given: boolean }>();

  constructor(capacity: number, close: (thing: Thing) => Promise<void>) {
    this.#capacity = capacity;
    this.#close = close;
  }

  /** Runs `work` with the thing of that key, opened if it is not. */
  async use<Result>(key: string, open: () => Promise<Thing>, work: (thing: Thing) => Promise<Result>): Promise<Result> {
    const entry = this.#entries.get(key) ?? { opened: open(), users: 0, given: false };
    this.#entries.delete(key); // the map's order is that of the last use
    this.#entries.set(key, entry);
    entry.users++;
    try {
      return await work(await entry.opened);
    } catch (error) {
      if (this.#entries.get(key) === entry) this.#entries.delete(key);
      entry.given = true;
      throw error;
    } finally {
      entry.users--;
      if (entry.given && entry.users === 0) await this.#closeOpened(entry.opened);
      else await this.#shrink();
    }
  }

  /** Gives the thing of that key up: closed now, or when its users are done. */
  async forget(key: string): Promise<void> {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    entry.given = true;
    if (entry.users === 0) await this.#closeOpened(entry.opened);
  }

  async clear(): Promise<void> {
    for (const key of [...this.#entries.keys()]) await this.forget(key);
  }

  async #shrink(): Promise<void> {
    if (this.#entries.size <= this.#capacity) return;
    const idle = [...this.#entries].find(([, entry]) => entry.users === 0);
    if (idle !== undefined) await this.forget(idle[0]);
  }

  async #closeOpened(opened: Promise<Thing>): Promise<void> {
    const thing = await opened.catch(() => undefined);
    if (thing !== undefined) await this.#close(thing);
  }
}
