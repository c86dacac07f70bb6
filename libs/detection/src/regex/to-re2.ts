import { type CharSet, maxCodePoint } from './char-set.ts';
import type { Place, Regex } from './syntax.ts';

/** The expression as RE2 spells it, or undefined if RE2 has no such thing (looking around, back-references, counts above 1000). */
export function toRe2(regex: Regex): string | undefined {
  const parts: string[] = [];
  return print(regex, parts) ? parts.join('') : undefined;
}

const places: Readonly<Record<Place, string>> = {
  start: '\\A',
  end: '\\z',
  'line-start': '(?m:^)',
  'line-end': '(?m:$)',
  'word-edge': '\\b',
  'no-word-edge': '\\B',
};

function print(regex: Regex, out: string[]): boolean {
  switch (regex.kind) {
    case 'empty':
      return true;
    case 'set':
      out.push(printSet(regex.set));
      return true;
    case 'at':
      out.push(places[regex.place]);
      return true;
    case 'concat':
      return regex.parts.every((part) => print(part, out));
    case 'either':
      out.push('(?:');
      if (!regex.parts.every((part, i) => (i > 0 && out.push('|'), print(part, out)))) return false;
      out.push(')');
      return true;
    case 'repeat':
      return printRepeat(regex, out);
    case 'look':
    case 'backreference':
      return false;
  }
}

function printRepeat({ body, min, max }: Regex & { readonly kind: 'repeat' }, out: string[]): boolean {
  if (min > 1000 || (max !== Infinity && max > 1000)) return false;
  out.push('(?:');
  if (!print(body, out)) return false;
  out.push(')');
  if (min === 0 && max === 1) out.push('?');
  else if (max === Infinity && min <= 1) out.push(min === 0 ? '*' : '+');
  else if (min !== 1 || max !== 1) out.push(`{${min}${min === max ? '' : `,${max === Infinity ? '' : max}`}}`);
  return true;
}

function printSet(set: CharSet): string {
  if (set.length === 0) return `[^\\x{0}-\\x{${maxCodePoint.toString(16)}}]`;
  if (set.length === 2 && set[0] === set[1]) return printChar(set[0] as number);
  const ranges = [];
  for (let i = 0; i < set.length; i += 2) {
    const [from, to] = [set[i] as number, set[i + 1] as number];
    ranges.push(from === to ? printChar(from) : `${printChar(from)}-${printChar(to)}`);
  }
  return `[${ranges.join('')}]`;
}

function printChar(codePoint: number): string {
  const text = String.fromCodePoint(codePoint);
  return /[A-Za-z0-9 _]/.test(text) ? text : `\\x{${codePoint.toString(16)}}`;
}
