// The wire format of protobuf, written into one buffer that grows.

export class WireWriter {
  private buffer = Buffer.allocUnsafe(64 * 1024);
  at = 0;

  /** What was written from a place on, as a copy. */
  bytesFrom(from: number): Buffer {
    return Buffer.from(this.buffer.subarray(from, this.at));
  }

  uint(tag: number, value: number): void {
    if (value === 0) return;
    this.room(20);
    this.varint(tag);
    this.varint(value);
  }

  /** A number from 0 to 2^63. */
  big(tag: number, value: bigint): void {
    if (value <= 9_007_199_254_740_991n) {
      this.uint(tag, Number(value));
      return;
    }
    this.room(20);
    this.varint(tag);
    let left = value;
    while (left > 0x7fn) {
      this.buffer[this.at++] = Number(left & 0x7fn) | 0x80;
      left >>= 7n;
    }
    this.buffer[this.at++] = Number(left);
  }

  /** Written also when it is false. */
  flag(tag: number, value: boolean): void {
    this.room(12);
    this.varint(tag);
    this.varint(value ? 1 : 0);
  }

  double(tag: number, value: number): void {
    this.room(12);
    this.varint(tag);
    this.at = this.buffer.writeDoubleLE(value, this.at);
  }

  /** A text, unless it is empty and `always` does not ask for it. */
  text(tag: number, text: string, always = false): void {
    if (text === '' && !always) return;
    const { length } = text;
    this.room(length * 3 + 12);
    this.varint(tag);
    if (length < 128) {
      // Most texts are short and ASCII: written with the length they have, and again if they were not.
      const from = this.at;
      const { buffer } = this;
      let at = from + 1;
      let i = 0;
      for (; i < length; i++) {
        const code = text.charCodeAt(i);
        if (code >= 0x80) break;
        buffer[at++] = code;
      }
      if (i === length) {
        buffer[from] = length;
        this.at = at;
        return;
      }
    }
    const bytes = Buffer.byteLength(text);
    this.varint(bytes);
    this.at += this.buffer.write(text, this.at, 'utf8');
  }

  bytes(tag: number, bytes: Uint8Array): void {
    this.room(bytes.length + 12);
    this.varint(tag);
    this.varint(bytes.length);
    this.buffer.set(bytes, this.at);
    this.at += bytes.length;
  }

  /** Begins a message within the message. @returns what `end` asks for */
  begin(tag: number): number {
    this.room(8);
    this.varint(tag);
    this.at++;
    return this.at;
  }

  /** Ends it: its length goes before it, and what is longer than 127 bytes moves to make room. */
  end(from: number): void {
    const length = this.at - from;
    if (length < 0x80) {
      this.buffer[from - 1] = length;
      return;
    }
    const more = length < 0x4000 ? 1 : length < 0x200000 ? 2 : 3;
    this.room(more);
    this.buffer.copyWithin(from + more, from, this.at);
    const after = this.at + more;
    this.at = from - 1;
    this.varint(length);
    this.at = after;
  }

  private varint(value: number): void {
    let left = value;
    while (left > 0x7f) {
      this.buffer[this.at++] = (left % 128) | 0x80;
      left = Math.floor(left / 128);
    }
    this.buffer[this.at++] = left;
  }

  private room(bytes: number): void {
    if (this.at + bytes <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.at + bytes));
    this.buffer.copy(larger, 0, 0, this.at);
    this.buffer = larger;
  }
}
