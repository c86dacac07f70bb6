// Sets of code points as sorted ranges that do not touch: [from, to, from, to, …], both ends included.
import { foldUnit } from '../literals/fold.ts';

export type CharSet = readonly number[];

export const maxCodePoint = 0x10ffff;

export function single(codePoint: number): CharSet {
  return [codePoint, codePoint];
}

export function union(...sets: readonly CharSet[]): CharSet {
  const pairs: [number, number][] = [];
  for (const set of sets) for (let i = 0; i < set.length; i += 2) pairs.push([set[i] as number, set[i + 1] as number]);
  pairs.sort(([a], [b]) => a - b);
  const out: number[] = [];
  for (const [from, to] of pairs) {
    const last = out.length - 1;
    if (last > 0 && from <= (out[last] as number) + 1) out[last] = Math.max(out[last] as number, to);
    else out.push(from, to);
  }
  return out;
}

export function negated(set: CharSet): CharSet {
  const out: number[] = [];
  let from = 0;
  for (let i = 0; i < set.length; i += 2) {
    if ((set[i] as number) > from) out.push(from, (set[i] as number) - 1);
    from = (set[i + 1] as number) + 1;
  }
  if (from <= maxCodePoint) out.push(from, maxCodePoint);
  return out;
}

export function has(set: CharSet, codePoint: number): boolean {
  let low = 0;
  let high = set.length / 2 - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (codePoint < (set[2 * middle] as number)) high = middle - 1;
    else if (codePoint > (set[2 * middle + 1] as number)) low = middle + 1;
    else return true;
  }
  return false;
}

export function sizeOf(set: CharSet): number {
  let size = 0;
  for (let i = 0; i < set.length; i += 2) size += (set[i + 1] as number) - (set[i] as number) + 1;
  return size;
}

/** Ranges above this are of scripts without case, or hold both cases already. */
const widest = 3000;

/** The set with every other case of its members. */
export function caseless(set: CharSet): CharSet {
  const more: number[] = [];
  for (let i = 0; i < set.length; i += 2) {
    const [from, to] = [set[i] as number, set[i + 1] as number];
    if (from <= 0x7a && to >= 0x41) {
      for (let unit = Math.max(from, 0x41); unit <= Math.min(to, 0x7a); unit += 1)
        if (/[a-z]/i.test(String.fromCharCode(unit))) more.push(unit ^ 0x20, unit ^ 0x20);
    }
    if (to < 0x80 || to > 0xffff || to - from > widest) continue;
    for (let unit = Math.max(from, 0x80); unit <= to; unit += 1) for (const other of casesOf(unit)) more.push(other, other);
  }
  return more.length === 0 ? set : union(set, more);
}

function casesOf(unit: number): number[] {
  const text = String.fromCharCode(unit);
  return [text.toLowerCase(), text.toUpperCase(), text.toUpperCase().toLowerCase()]
    .filter((other) => other.length === 1)
    .map((other) => other.charCodeAt(0))
    .filter((other) => other !== unit && foldUnit(other) === foldUnit(unit));
}

const asciiSpace: CharSet = [0x09, 0x0d, 0x20, 0x20];
const unicodeSpace: CharSet = [0x1680, 0x1680, 0x2000, 0x200a, 0x2028, 0x2029, 0x202f, 0x202f, 0x205f, 0x205f, 0x3000, 0x3000];

export const digits: CharSet = [0x30, 0x39];
export const word: CharSet = [0x30, 0x39, 0x41, 0x5a, 0x5f, 0x5f, 0x61, 0x7a];
/** `\s` of JavaScript; of PCRE it is the ASCII part. */
export const space: CharSet = union(asciiSpace, [0xa0, 0xa0], unicodeSpace, [0xfeff, 0xfeff]);
export const plainSpace: CharSet = asciiSpace;
export const lineEnds: CharSet = [0x0a, 0x0a, 0x0d, 0x0d, 0x2028, 0x2029];
export const newline: CharSet = single(0x0a);
export const everything: CharSet = [0, maxCodePoint];
