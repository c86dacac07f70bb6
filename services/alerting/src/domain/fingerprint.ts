// A label set's fingerprint: what Alertmanager and Prometheus call it. FNV-1a, 64 bits (draft-eastlake-fnv), over `name 0xFF value 0xFF`.
import { labelNames, labelValue, type LabelSet } from './label-set.ts';

/** A 64-bit FNV-1a, fed piece by piece; two halves of 32 bits, because BigInt is twenty times slower. */
export class Fnv1a64 {
  #high = 0xcbf29ce4;
  #low = 0x84222325;

  byte(byte: number): void {
    const low = (this.#low ^ byte) >>> 0;
    // The prime is 2^40 + 0x1b3.
    const product = low * 0x1b3;
    this.#high = (Math.imul(this.#high, 0x1b3) + Math.floor(product / 0x1_0000_0000) + (low << 8)) >>> 0;
    this.#low = product >>> 0;
  }

  /** The text's UTF-8 bytes. */
  text(text: string): void {
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit < 0x80) {
        this.byte(unit);
        continue;
      }
      const code = text.codePointAt(i) ?? unit;
      if (code > 0xffff) i++;
      if (code < 0x800) this.byte(0xc0 | (code >> 6));
      else if (code < 0x1_0000) {
        this.byte(0xe0 | (code >> 12));
        this.byte(0x80 | ((code >> 6) & 0x3f));
      } else {
        this.byte(0xf0 | (code >> 18));
        this.byte(0x80 | ((code >> 12) & 0x3f));
        this.byte(0x80 | ((code >> 6) & 0x3f));
      }
      this.byte(0x80 | (code & 0x3f));
    }
  }

  hex(): string {
    return this.#high.toString(16).padStart(8, '0') + this.#low.toString(16).padStart(8, '0');
  }
}

/**
 * 16 hex digits that stand for the label set.
 *
 *   F1  the order in which labels were given does not matter
 *   F2  it is what Alertmanager answers as `fingerprint` for the same labels (its answers are in the test)
 */
export function fingerprintOf(labels: LabelSet): string {
  const hash = new Fnv1a64();
  for (const name of labelNames(labels)) {
    hash.text(name);
    hash.byte(0xff);
    hash.text(labelValue(labels, name));
    hash.byte(0xff);
  }
  return hash.hex();
}
