// The wire format of protobuf (protobuf.dev, "Encoding"), read field by field without making a message of each part.
import { Problem } from '@tmws/problems';

const zero = 0n;

/** Reads a part of a buffer. Throws Problem `invalid` for what is no protobuf. */
export class WireReader {
  readonly bytes: Buffer;
  at: number;
  readonly end: number;

  constructor(bytes: Buffer, at = 0, end = bytes.length) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  /** The next field's number and wire type as it is written, 0 at the end. */
  tag(): number {
    if (this.at >= this.end) return 0;
    const tag = this.uint();
    if (tag < 8 || tag > 0xffffffff) throw broken('a field has the number 0', this.at);
    return tag;
  }

  /** A varint as a number: exact up to 2^53, above that near enough for what only counts. */
  uint(): number {
    let value = 0;
    let factor = 1;
    for (let i = 0; i < 10; i++) {
      const byte = this.byte();
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      factor *= 128;
    }
    throw broken('a number has more than ten bytes', this.at);
  }

  /** A varint as a signed 64-bit number. */
  int64(): number | bigint {
    const from = this.at;
    const near = this.uint();
    if (near <= Number.MAX_SAFE_INTEGER) return near;
    this.at = from;
    let value = zero;
    for (let shift = zero; ; shift += 7n) {
      const byte = this.byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    const signed = BigInt.asIntN(64, value);
    const number = Number(signed);
    return Number.isSafeInteger(number) ? number : signed;
  }

  fixed64(): bigint {
    return this.bytes.readBigUInt64LE(this.take(8));
  }

  double(): number {
    return this.bytes.readDoubleLE(this.take(8));
  }

  /** The end of a field that has a length; the reader stands at its beginning. */
  length(): number {
    const length = this.uint();
    if (length > this.end - this.at) throw broken(`a field of ${length} bytes reaches beyond its end`, this.at);
    return this.at + length;
  }

  /** Checks that a message ended where its length said. */
  leave(end: number): void {
    if (this.at !== end) throw broken('a field reaches beyond the message it is in', end);
  }

  text(): string {
    const end = this.length();
    const text = this.bytes.toString('utf8', this.at, end);
    this.at = end;
    return text;
  }

  hex(): string {
    const end = this.length();
    const text = this.bytes.toString('hex', this.at, Math.min(end, this.at + 40));
    this.at = end;
    return text;
  }

  base64(): string {
    const end = this.length();
    const text = this.bytes.toString('base64', this.at, end);
    this.at = end;
    return text;
  }

  skip(tag: number): void {
    switch (tag & 7) {
      case 0:
        this.uint();
        return;
      case 1:
        this.take(8);
        return;
      case 2:
        this.at = this.length();
        return;
      case 5:
        this.take(4);
        return;
      default:
        throw broken(`a field has the wire type ${tag & 7}`, this.at);
    }
  }

  /** A field that is a message: a reader of it alone. */
  part(): WireReader {
    const end = this.length();
    const part = new WireReader(this.bytes, this.at, end);
    this.at = end;
    return part;
  }

  private byte(): number {
    if (this.at >= this.end) throw broken('it ends in the middle of a number', this.at);
    return this.bytes[this.at++] ?? 0;
  }

  private take(bytes: number): number {
    const from = this.at;
    if (bytes > this.end - from) throw broken('it ends in the middle of a number', from);
    this.at = from + bytes;
    return from;
  }
}

function broken(why: string, at: number): Problem {
  return new Problem('invalid', `this is no protobuf of the OpenTelemetry Protocol: ${why} (at byte ${at})`);
}
