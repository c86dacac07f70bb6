// Order of the table's rows, for 100,000 of them within a frame: radix sort over single-precision numbers, in place of a million comparisons.
import type { InParts } from './in-parts.ts';

/** Places 0 … n - 1 in the order of their values; equal ones keep their order; NaN comes last either way. */
export function orderBy(values: Float32Array, descending: boolean): Int32Array {
  const n = values.length;
  const bits = new Uint32Array(values.buffer, values.byteOffset, n);
  const keys = new Uint32Array(n);
  for (let i = 0; i < n; i++) {
    const raw = bits[i] ?? 0;
    // Floats sort as integers once the sign is turned round (of negative ones all bits).
    const key = raw >>> 31 === 1 ? ~raw >>> 0 : (raw | 0x8000_0000) >>> 0;
    keys[i] = Number.isNaN(values[i] ?? NaN) ? 0xffff_ffff : descending ? ~key >>> 0 : key;
  }
  let order = Int32Array.from({ length: n }, (_, i) => i);
  let spare = new Int32Array(n);
  for (const shift of [0, 11, 22]) {
    const counts = new Int32Array(2_049);
    for (let i = 0; i < n; i++) {
      const digit = ((keys[i] ?? 0) >>> shift) & 2_047;
      counts[digit + 1] = (counts[digit + 1] ?? 0) + 1;
    }
    for (let digit = 0; digit < 2_048; digit++) counts[digit + 1] = (counts[digit + 1] ?? 0) + (counts[digit] ?? 0);
    for (let i = 0; i < n; i++) {
      const at = order[i] ?? 0;
      const digit = ((keys[at] ?? 0) >>> shift) & 2_047;
      const to = counts[digit] ?? 0;
      spare[to] = at;
      counts[digit] = to + 1;
    }
    [order, spare] = [spare, order];
  }
  return order;
}

/** Places in the order of whole numbers from 0 to 2⁵³, pass by pass; equal ones keep their order. */
export function* orderByTime(values: Float64Array): InParts<Int32Array> {
  const n = values.length;
  const [low, high] = [new Uint32Array(n), new Uint32Array(n)];
  let most = 0;
  for (let i = 0; i < n; i++) {
    const value = values[i] ?? 0;
    low[i] = value >>> 0;
    high[i] = Math.floor(value / 2 ** 32);
    if (value > most) most = value;
  }
  let order = new Int32Array(n);
  for (let i = 0; i < n; i++) order[i] = i;
  let spare = new Int32Array(n);
  for (let shift = 0; 2 ** shift <= most; shift += shift === 22 ? 10 : 11) {
    yield;
    const [words, by] = shift < 32 ? [low, shift] : [high, shift - 32];
    const counts = new Int32Array(2_049);
    for (let i = 0; i < n; i++) {
      const digit = ((words[i] ?? 0) >>> by) & 2_047;
      counts[digit + 1] = (counts[digit + 1] ?? 0) + 1;
    }
    for (let digit = 0; digit < 2_048; digit++) counts[digit + 1] = (counts[digit + 1] ?? 0) + (counts[digit] ?? 0);
    for (let i = 0; i < n; i++) {
      const at = order[i] ?? 0;
      const digit = ((words[at] ?? 0) >>> by) & 2_047;
      const to = counts[digit] ?? 0;
      spare[to] = at;
      counts[digit] = to + 1;
    }
    [order, spare] = [spare, order];
  }
  return order;
}
