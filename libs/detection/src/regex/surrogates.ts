import { type CharSet, union } from './char-set.ts';
import type { Regex } from './syntax.ts';

/**
 * Halves of characters that stand one after the other as the characters they make: authors without the flag u write
 * `\uDB40[\uDC00-\uDC7F]` for U+E0000 to U+E007F.
 */
export function joinedHalves(parts: readonly Regex[]): readonly Regex[] {
  const out: Regex[] = [];
  for (const part of parts) {
    const before = out.at(-1);
    if (before?.kind === 'set' && part.kind === 'set' && within(before.set, 0xd800, 0xdbff) && within(part.set, 0xdc00, 0xdfff))
      out[out.length - 1] = { kind: 'set', set: characters(before.set, part.set) };
    else out.push(part);
  }
  return out;
}

function within(set: CharSet, from: number, to: number): boolean {
  return set.length > 0 && (set[0] as number) >= from && (set.at(-1) as number) <= to;
}

function characters(highs: CharSet, lows: CharSet): CharSet {
  const sets: CharSet[] = [];
  for (let i = 0; i < highs.length; i += 2)
    for (let high = highs[i] as number; high <= (highs[i + 1] as number); high += 1)
      sets.push(lows.map((low) => (high - 0xd800) * 0x400 + (low - 0xdc00) + 0x10000));
  return union(...sets);
}
