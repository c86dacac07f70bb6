/** Above it, a Buffer goes out as it is instead of being copied. */
const copyBelowBytes = 1024;

/** Writes the protocol's primitive types (big-endian) into chunks for one vectored write. */
export class Writer {
  readonly #chunks: Buffer[] = [];
  #buffer = Buffer.allocUnsafe(512);
  #at = 0;

  int8(value: number): void {
    this.#at = this.#room(1).writeInt8(value, this.#at);
  }

  int16(value: number): void {
    this.#at = this.#room(2).writeInt16BE(value, this.#at);
  }

  int32(value: number): void {
    this.#at = this.#room(4).writeInt32BE(value, this.#at);
  }

  int64(value: number): void {
    this.#at = this.#room(8).writeBigInt64BE(BigInt(value), this.#at);
  }

  boolean(value: boolean): void {
    this.int8(value ? 1 : 0);
  }

  string(value: string | null): void {
    if (value === null) return this.int16(-1);
    const length = Buffer.byteLength(value);
    this.int16(length);
    this.#room(length).write(value, this.#at);
    this.#at += length;
  }

  bytes(value: Buffer | null): void {
    if (value === null) return this.int32(-1);
    this.int32(value.length);
    this.raw(value);
  }

  raw(value: Buffer): void {
    if (value.length < copyBelowBytes) {
      value.copy(this.#room(value.length), this.#at);
      this.#at += value.length;
    } else {
      this.#flush();
      this.#chunks.push(value);
    }
  }

  /** An unsigned varint, of the flexible versions. */
  uvarint(value: number): void {
    let left = value;
    for (; left > 127; left >>>= 7) this.int8((((left & 127) | 128) << 24) >> 24);
    this.int8(left);
  }

  /** What was written, in order. The writer is done with. */
  chunks(): Buffer[] {
    this.#flush();
    return this.#chunks;
  }

  #flush(): void {
    if (this.#at > 0) this.#chunks.push(this.#buffer.subarray(0, this.#at));
    this.#buffer = this.#buffer.subarray(this.#at);
    this.#at = 0;
  }

  #room(length: number): Buffer {
    if (this.#buffer.length - this.#at < length) {
      this.#flush();
      this.#buffer = Buffer.allocUnsafe(Math.max(4096, length));
    }
    return this.#buffer;
  }
}
