// A step's key as the server makes it: the first 32 hex digits of SHA-256 over the UTF-8 JSON [path, stepId, iteration]. Here, so that the
// columns need not carry 100,000 keys that no compression makes smaller. `crypto.subtle` would need a promise for each, and HTTPS.
import { pathOf, stepIdOf, type Steps } from './steps.ts';

const primes = (count: number): number[] => {
  const found: number[] = [];
  for (let n = 2; found.length < count; n++) if (found.every((each) => n % each !== 0)) found.push(n);
  return found;
};
const fraction = (value: number): number => ((value - Math.floor(value)) * 2 ** 32) | 0;
// FIPS 180-4, 4.2.2 and 5.3.3: of the cube and square roots of the first primes.
const rounds = Int32Array.from(primes(64), (prime) => fraction(Math.cbrt(prime)));
const begin = Int32Array.from(primes(8), (prime) => fraction(Math.sqrt(prime)));
const turn = (x: number, by: number): number => (x >>> by) | (x << (32 - by));

/** Makes a function from a text to the first 16 bytes of its SHA-256 as 32 hex digits; it keeps its buffers from text to text. */
export function createHasher(): (text: string) => string {
  const encoder = new TextEncoder();
  const w = new Int32Array(64);
  const hash = new Int32Array(8);
  let padded = new Uint8Array(1_024);
  const compress = (view: DataView, block: number): void => {
    for (let i = 0; i < 16; i++) w[i] = view.getInt32(block + i * 4);
    for (let i = 16; i < 64; i++) {
      const a = w[i - 15] as number;
      const b = w[i - 2] as number;
      const s0 = turn(a, 7) ^ turn(a, 18) ^ (a >>> 3);
      const s1 = turn(b, 17) ^ turn(b, 19) ^ (b >>> 10);
      w[i] = (w[i - 16] as number) + s0 + (w[i - 7] as number) + s1;
    }
    let a = hash[0] as number;
    let b = hash[1] as number;
    let c = hash[2] as number;
    let d = hash[3] as number;
    let e = hash[4] as number;
    let f = hash[5] as number;
    let g = hash[6] as number;
    let h = hash[7] as number;
    for (let i = 0; i < 64; i++) {
      const mixed = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25);
      const t1 = (h + mixed + ((e & f) ^ (~e & g)) + (rounds[i] as number) + (w[i] as number)) | 0;
      const t2 = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + t1) | 0;
      d = c;
      c = b;
      b = a;
      a = (t1 + t2) | 0;
    }
    hash[0] = (hash[0] as number) + a;
    hash[1] = (hash[1] as number) + b;
    hash[2] = (hash[2] as number) + c;
    hash[3] = (hash[3] as number) + d;
    hash[4] = (hash[4] as number) + e;
    hash[5] = (hash[5] as number) + f;
    hash[6] = (hash[6] as number) + g;
    hash[7] = (hash[7] as number) + h;
  };
  /** Most ids are ASCII, for which asking the encoder costs more than the hash. */
  const encode = (text: string): number => {
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code > 127) return encoder.encodeInto(text, padded).written;
      padded[i] = code;
    }
    return text.length;
  };
  return (text) => {
    if (text.length * 3 + 72 > padded.length) padded = new Uint8Array(text.length * 3 + 72);
    const written = encode(text);
    const length = Math.ceil((written + 9) / 64) * 64;
    padded.fill(0, written, length);
    padded[written] = 0x80;
    const view = new DataView(padded.buffer);
    view.setUint32(length - 8, Math.floor(written / 2 ** 29));
    view.setUint32(length - 4, written << 3);
    hash.set(begin);
    for (let block = 0; block < length; block += 64) compress(view, block);
    let hex = '';
    for (let i = 0; i < 4; i++) hex += ((hash[i] as number) >>> 0).toString(16).padStart(8, '0');
    return hex;
  };
}

/** The key of a row. */
export function stepKeyAt(steps: Steps, row: number, hash = createHasher()): string {
  const given = steps.keys.get(row);
  return given ?? hash(JSON.stringify([pathOf(steps, row), stepIdOf(steps, row), steps.rows.iteration[row] ?? 0]));
}

/** Finds rows by their keys. */
export interface KeyIndex {
  get(key: string): number | undefined;
  /** A row that came later. */
  set(key: string, row: number): void;
  /** Hashes on while there is time. @returns whether all are known */
  work(hasTime: () => boolean): boolean;
}

/** @param soon  rows whose keys are wanted first */
export function indexKeys(steps: Steps, soon: readonly number[] = []): KeyIndex {
  const rows = new Map<string, number>();
  const hash = createHasher();
  for (const row of soon) rows.set(stepKeyAt(steps, row, hash), row);
  const known = steps.rows.count;
  let done = 0;
  const one = (): void => {
    rows.set(stepKeyAt(steps, done, hash), done);
    done++;
  };
  return {
    get: (key) => rows.get(key),
    set: (key, row) => void rows.set(key, row),
    work(hasTime) {
      while (done < known) {
        for (let i = 0; i < 64 && done < known; i++) one();
        if (!hasTime()) break;
      }
      return done >= known;
    },
  };
}
