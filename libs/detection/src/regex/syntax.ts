import type { CharSet } from './char-set.ts';

/** A regular expression taken apart. Groups that nothing refers to are only their body; case is in the sets. */
export type Regex =
  | { readonly kind: 'empty' }
  | { readonly kind: 'set'; readonly set: CharSet }
  | { readonly kind: 'concat'; readonly parts: readonly Regex[] }
  | { readonly kind: 'either'; readonly parts: readonly Regex[] }
  | { readonly kind: 'repeat'; readonly body: Regex; readonly min: number; readonly max: number }
  | { readonly kind: 'at'; readonly place: Place }
  | { readonly kind: 'look'; readonly ahead: boolean; readonly negative: boolean; readonly body: Regex }
  | { readonly kind: 'backreference' };

export type Place = 'start' | 'end' | 'line-start' | 'line-end' | 'word-edge' | 'no-word-edge';

/** `js`: ECMA-262 without flags but i, m, s. `pcre`: the flavor of Sigma's `re`. */
export type Dialect = 'js' | 'pcre';

export interface Flags {
  readonly ignoreCase: boolean;
  readonly multiline: boolean;
  readonly dotAll: boolean;
}

/** Whether a part of this kind is somewhere in it. */
export function holds(regex: Regex, kind: 'look' | 'backreference'): boolean {
  if (regex.kind === kind) return true;
  if (regex.kind === 'concat' || regex.kind === 'either') return regex.parts.some((part) => holds(part, kind));
  return regex.kind === 'repeat' || regex.kind === 'look' ? holds(regex.body, kind) : false;
}

/** The largest number that a repetition counts to. */
export function largestCount(regex: Regex): number {
  if (regex.kind === 'concat' || regex.kind === 'either') return Math.max(0, ...regex.parts.map(largestCount));
  if (regex.kind === 'look') return largestCount(regex.body);
  if (regex.kind !== 'repeat') return 0;
  return Math.max(regex.min, regex.max === Infinity ? 0 : regex.max, largestCount(regex.body));
}

/** Whether every match holds a character outside ASCII, so that plain texts need not be tried. */
export function needsBeyondAscii(regex: Regex): boolean {
  switch (regex.kind) {
    case 'set':
      return (regex.set[0] ?? 0) > 0x7f;
    case 'concat':
      return regex.parts.some(needsBeyondAscii);
    case 'either':
      return regex.parts.every(needsBeyondAscii);
    case 'repeat':
      return regex.min > 0 && needsBeyondAscii(regex.body);
    default:
      return false;
  }
}
