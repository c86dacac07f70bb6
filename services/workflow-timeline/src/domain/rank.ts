import { type Fact, isTerminal, type Stamp } from './fact.ts';

/**
 * Which of two facts about the same thing has the say; negative if `a` yields to `b`.
 *
 *   R1  a plan yields to anything that happened
 *   R2  an open state yields to a terminal one
 *   R3  else the later event time, then the greater id, then the greater source (as UTF-8 bytes)
 *
 * A total order over facts that differ in (source, id), so the outcome never depends on the order of arrival.
 */
export function compareFacts(a: Fact, b: Fact): number {
  return level(a) - level(b) || compareStamps(a.stamp, b.stamp);
}

/** By time, then id, then source. */
function compareStamps(a: Stamp, b: Stamp): number {
  if (a.timeNs !== b.timeNs) return a.timeNs < b.timeNs ? -1 : 1;
  return compareUtf8(a.id, b.id) || compareUtf8(a.source, b.source);
}

function level({ type }: Fact): number {
  if (type === 'planned') return 0;
  return isTerminal(type) ? 2 : 1;
}

/** Compares as UTF-8 bytes do: by code points, which UTF-16 order is not above U+FFFF. */
export function compareUtf8(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return aboveSurrogates(x) - aboveSurrogates(y);
  }
  return a.length - b.length;
}

// Surrogates (U+D800 to U+DFFF) stand for code points above U+FFFF, so they sort after U+E000 to U+FFFF.
function aboveSurrogates(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}
