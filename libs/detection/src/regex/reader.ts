import { RuleFault } from '../fault.ts';

/** Where a parser of an expression is. */
export class Reader {
  #at = 0;
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }

  get done(): boolean {
    return this.#at >= this.source.length;
  }

  peek(): string {
    return this.done ? '' : String.fromCodePoint(this.source.codePointAt(this.#at) ?? 0);
  }

  sees(text: string): boolean {
    return this.source.startsWith(text, this.#at);
  }

  take(text: string): boolean {
    const there = this.sees(text);
    if (there) this.#at += text.length;
    return there;
  }

  /** The code point here; the end of the expression is a fault. */
  next(): number {
    const codePoint = this.source.codePointAt(this.#at);
    if (codePoint === undefined) throw this.fault('it ends too early');
    this.#at += codePoint > 0xffff ? 2 : 1;
    return codePoint;
  }

  /** What a sticky pattern finds here, which is taken unless told otherwise. */
  match(pattern: RegExp, take = true): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.source)?.[0];
    if (found !== undefined && take) this.#at += found.length;
    return found;
  }

  fault(message: string): RuleFault {
    const near = this.source.slice(Math.max(0, this.#at - 12), this.#at + 12);
    return new RuleFault(
      `the regular expression cannot be read at character ${this.#at + 1} (near ${JSON.stringify(near)}): ${message}`,
    );
  }
}
