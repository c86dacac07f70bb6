import { type CharSet, maxCodePoint } from './char-set.ts';

/** The code points of a Unicode property, as `\p{…}` names it; undefined if there is none of this name. */
export function propertySet(name: string): CharSet | undefined {
  let pattern: RegExp;
  try {
    pattern = new RegExp(`^${name.startsWith('^') ? '\\P' : '\\p'}{${name.replace('^', '')}}$`, 'u');
  } catch {
    return undefined;
  }
  const set: number[] = [];
  let from = -1;
  for (let codePoint = 0; codePoint <= maxCodePoint + 1; codePoint += stepAt(codePoint)) {
    const member = codePoint <= maxCodePoint && pattern.test(String.fromCodePoint(codePoint));
    if (member && from < 0) from = codePoint;
    if (!member && from >= 0) {
      set.push(from, codePoint - 1);
      from = -1;
    }
  }
  return set;
}

/** Unassigned planes and those for private use are of one kind in blocks of 256. */
function stepAt(codePoint: number): number {
  const told = codePoint < 0x33000 || (codePoint >= 0xe0000 && codePoint < 0xe0200) || codePoint >= maxCodePoint - 0xff;
  return told ? 1 : 256;
}
