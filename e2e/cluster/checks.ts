// What was looked at: a line each when it is done, all of it as one line of JSON at the end.
export interface Seen {
  readonly name: string;
  readonly ok: boolean;
  readonly seen: string;
  readonly seconds: number;
}

/** What a check saw, and a figure of it by name. */
export type Found = string | { readonly seen: string; readonly figures: Readonly<Record<string, number>> };

export class Checks {
  readonly #seen: Seen[] = [];
  readonly #figures: Record<string, number> = {};
  readonly #begin = performance.now();
  readonly #print: (line: string) => void;
  readonly #onFailure: () => Promise<string>;

  /** @param onFailure  says what the cluster looks like; printed below a failure */
  constructor(print: (line: string) => void, onFailure: () => Promise<string>) {
    this.#print = print;
    this.#onFailure = onFailure;
  }

  /** @returns whether it held; what it throws is printed and counted */
  async check(name: string, look: () => Promise<Found>): Promise<boolean> {
    const begin = performance.now();
    const took = (): number => Math.round((performance.now() - begin) / 100) / 10;
    try {
      const found = await look();
      const seen = typeof found === 'string' ? found : found.seen;
      if (typeof found !== 'string') Object.assign(this.#figures, found.figures);
      this.#add({ name, ok: true, seen, seconds: took() });
      return true;
    } catch (error) {
      this.#add({ name, ok: false, seen: Error.isError(error) ? error.message : String(error), seconds: took() });
      this.#print(await this.#onFailure().catch((inner: unknown) => `nothing more could be seen: ${String(inner)}`));
      return false;
    }
  }

  /** The last line. */
  summary(): { text: string; ok: boolean } {
    const failed = this.#seen.filter(({ ok }) => !ok).length;
    const passed = this.#seen.length - failed;
    const seconds = Math.round((performance.now() - this.#begin) / 1000);
    const text = JSON.stringify({ passed, failed, seconds, figures: this.#figures, checks: this.#seen });
    return { text, ok: failed === 0 && passed > 0 };
  }

  #add(seen: Seen): void {
    this.#seen.push(seen);
    this.#print(`${seen.ok ? '✓' : '✗'} ${seen.name}: ${seen.seen} (${seen.seconds.toFixed(1)} s)`);
  }
}
