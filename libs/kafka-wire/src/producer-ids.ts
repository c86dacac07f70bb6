import { type DurableMap } from '@tmws/log';

const block = 1000;
const key = 'reserved';

/** Producer ids that were never given before, not by an earlier process either: blocks of them are reserved durably. */
export class ProducerIds {
  readonly #reserved: DurableMap<number>;
  #next: number;

  constructor(reserved: DurableMap<number>) {
    this.#reserved = reserved;
    this.#next = reserved.get(key) ?? 0;
  }

  async next(): Promise<number> {
    const id = this.#next++;
    const reserved = this.#reserved.get(key) ?? 0;
    if (id >= reserved) await this.#reserved.put([[key, id + block]]);
    return id;
  }
}
