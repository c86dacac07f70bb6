import { MalformedRequest } from '../wire/reader.ts';

const lengthBytes = 4;
/** Key, version, correlation id and a null client id: less than that is no request. */
const leastBytes = 8;

/** What other protocols' first four bytes would mean as a length. */
function looksLike(length: number): string {
  const text = Buffer.alloc(4);
  text.writeInt32BE(length);
  if (/^[A-Z]{3,4} ?$/.test(text.toString('latin1'))) return ' (it looks like HTTP)';
  return text[0] === 0x16 && text[1] === 3 ? ' (it looks like TLS, which this listener does not speak)' : '';
}

/** Cuts a stream of bytes into requests (a 4-byte length before each). Holds at most one request that is not whole yet. */
export class Frames {
  readonly #maxBytes: () => number;
  #chunks: Buffer[] = [];
  #held = 0;
  #wanted: number | undefined;

  /** @param maxBytes  asked for each request */
  constructor(maxBytes: () => number) {
    this.#maxBytes = maxBytes;
  }

  /**
   * The requests that are whole with this chunk, in order.
   * @throws MalformedRequest on a length that no request has
   */
  push(chunk: Buffer): Buffer[] {
    const frames: Buffer[] = [];
    let rest = chunk;
    while (rest.length > 0 || this.#wanted === 0) {
      const missing = (this.#wanted ?? lengthBytes) - this.#held;
      const part = rest.subarray(0, missing);
      rest = rest.subarray(part.length);
      this.#chunks.push(part);
      this.#held += part.length;
      if (part.length < missing) break;
      const whole = this.#chunks.length === 1 ? part : Buffer.concat(this.#chunks);
      this.#chunks = [];
      this.#held = 0;
      if (this.#wanted === undefined) this.#wanted = this.#checked(whole.readInt32BE(0));
      else {
        frames.push(whole);
        this.#wanted = undefined;
      }
    }
    return frames;
  }

  #checked(length: number): number {
    const maxBytes = this.#maxBytes();
    if (length >= leastBytes && length <= maxBytes) return length;
    throw new MalformedRequest(
      `a request of ${length} bytes, where ${leastBytes} to ${maxBytes} are possible${looksLike(length)}`,
    );
  }
}
