/** The bytes are not what the protocol says. The connection they came from is closed with this as the reason. */
export class MalformedRequest extends Error {
  override readonly name = 'MalformedRequest';
}

/** Reads the protocol's primitive types (big-endian). Never past the end: a value that is cut off is a MalformedRequest. */
export class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get remaining(): number {
    return this.#bytes.length - this.#at;
  }

  int8(): number {
    return this.#bytes.readInt8(this.#take(1));
  }

  int16(): number {
    return this.#bytes.readInt16BE(this.#take(2));
  }

  int32(): number {
    return this.#bytes.readInt32BE(this.#take(4));
  }

  /** As a number: offsets, ids and timestamps lie below 2^53. */
  int64(): number {
    return Number(this.#bytes.readBigInt64BE(this.#take(8)));
  }

  boolean(): boolean {
    return this.int8() !== 0;
  }

  /** null for length -1. */
  string(): string | null {
    const length = this.int16();
    if (length === -1) return null;
    const at = this.#take(length);
    return this.#bytes.toString('utf8', at, at + length);
  }

  /** null for length -1. A view of the request, not a copy. */
  bytes(): Buffer | null {
    const length = this.int32();
    if (length === -1) return null;
    const at = this.#take(length);
    return this.#bytes.subarray(at, at + length);
  }

  /** The number of an array's elements; null for -1. Every element takes at least a byte, so a count beyond the end is a lie. */
  count(): number | null {
    const count = this.int32();
    if (count === -1) return null;
    if (count < 0 || count > this.remaining)
      throw new MalformedRequest(`an array of ${count} elements in ${this.remaining} bytes`);
    return count;
  }

  /** An unsigned varint, of the flexible versions; at most 5 bytes. */
  uvarint(): number {
    let value = 0;
    for (let factor = 1; factor <= 2 ** 28; factor *= 128) {
      const byte = this.#bytes.readUInt8(this.#take(1));
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
    throw new MalformedRequest('a varint of more than five bytes');
  }

  /** A view of the next bytes. */
  raw(length: number): Buffer {
    const at = this.#take(length);
    return this.#bytes.subarray(at, at + length);
  }

  #take(length: number): number {
    const at = this.#at;
    if (length < 0 || length > this.remaining)
      throw new MalformedRequest(`a field of ${length} bytes where ${this.remaining} are left`);
    this.#at += length;
    return at;
  }
}
