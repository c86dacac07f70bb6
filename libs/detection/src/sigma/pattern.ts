// Strings of Sigma: wildcards `*` and `?`, their escapes, and how they meet a text. Sigma rules specification 2.0, "Escaping".
import type { FieldValue } from '../event/event-view.ts';
import { foldText } from '../literals/fold.ts';
import { type Requirement, requireAll, requireLiteral } from '../literals/requirement.ts';

/** A part of a string: plain text, any run of characters (`*`), one character (`?`), one of several texts of one character. */
export type Token = string | typeof anyRun | typeof anyOne | OneOf;
export const anyRun = Symbol('*');
export const anyOne = Symbol('?');
export interface OneOf {
  readonly oneOf: string;
}

/** `\*`, `\?` and `\\` are the character itself; any other backslash is one. */
export function parsePattern(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let plain = '';
  for (let i = 0; i < text.length; i += 1) {
    const char = text[i] as string;
    const after = text[i + 1];
    if (char === '\\' && (after === '*' || after === '?' || after === '\\')) {
      plain += after;
      i += 1;
    } else if (char === '*' || char === '?') {
      if (plain !== '') tokens.push(plain);
      plain = '';
      if (char === '?' || tokens.at(-1) !== anyRun) tokens.push(char === '*' ? anyRun : anyOne);
    } else plain += char;
  }
  return plain === '' ? tokens : [...tokens, plain];
}

/** Without wildcards: the text itself; undefined if there are any. */
export function plainText(tokens: readonly Token[]): string | undefined {
  return tokens.every((token) => typeof token === 'string') ? tokens.join('') : undefined;
}

export interface PatternMatcher {
  readonly test: (value: FieldValue) => boolean;
  readonly required: Requirement;
}

/** Whether the whole of a value is like the pattern; case matters only if `cased`. */
export function patternMatcher(tokens: readonly Token[], cased: boolean): PatternMatcher {
  const parts = cased ? tokens : tokens.map(folded);
  const required = requireAll(tokens.flatMap((token) => (typeof token === 'string' ? [requireLiteral([foldText(token)])] : [])));
  const matches = textMatcher(merged(parts));
  return { test: cased ? ({ text }) => matches(text) : (value) => matches(value.folded), required };
}

function folded(token: Token): Token {
  if (typeof token === 'string') return foldText(token);
  return typeof token === 'symbol' ? token : { oneOf: foldText(token.oneOf) };
}

/** Neighbouring texts as one, and `**` as `*`. */
function merged(tokens: readonly Token[]): Token[] {
  const out: Token[] = [];
  for (const token of tokens) {
    const last = out.at(-1);
    if (typeof token === 'string' && typeof last === 'string') out[out.length - 1] = last + token;
    else if (token !== anyRun || last !== anyRun) out.push(token);
  }
  return out;
}

function textMatcher(tokens: readonly Token[]): (text: string) => boolean {
  const [a, b, c] = tokens;
  if (tokens.length === 0) return (text) => text === '';
  if (tokens.length === 1 && typeof a === 'string') return (text) => text === a;
  if (tokens.length === 1 && a === anyRun) return () => true;
  if (tokens.length === 2 && a === anyRun && typeof b === 'string') return (text) => text.endsWith(b);
  if (tokens.length === 2 && typeof a === 'string' && b === anyRun) return (text) => text.startsWith(a);
  if (tokens.length === 3 && a === anyRun && typeof b === 'string' && c === anyRun) return (text) => text.includes(b);
  return segmentMatcher(tokens);
}

/** The parts between the `*`: the first at the start, the last at the end, the others each as early as it can be. */
function segmentMatcher(tokens: readonly Token[]): (text: string) => boolean {
  const segments: Token[][] = [[]];
  for (const token of tokens) {
    if (token === anyRun) segments.push([]);
    else (segments.at(-1) as Token[]).push(token);
  }
  const lengths = segments.map((segment) =>
    segment.reduce((sum, token) => sum + (typeof token === 'string' ? token.length : 1), 0),
  );
  const shortest = lengths.reduce((sum, length) => sum + length, 0);
  const [first = [], ...rest] = segments;
  const last = rest.pop();
  return (text) => {
    if (text.length < shortest || !liesAt(first, text, 0)) return false;
    let at = lengths[0] as number;
    if (last === undefined) return at === text.length;
    const end = text.length - (lengths.at(-1) as number);
    for (const [i, segment] of rest.entries()) {
      const length = lengths[i + 1] as number;
      while (at + length <= end && !liesAt(segment, text, at)) at += 1;
      at += length;
      if (at > end) return false;
    }
    return at <= end && liesAt(last, text, end);
  };
}

function liesAt(segment: readonly Token[], text: string, from: number): boolean {
  let at = from;
  for (const token of segment) {
    if (typeof token === 'string') {
      if (!text.startsWith(token, at)) return false;
      at += token.length;
    } else {
      if (at >= text.length || (typeof token === 'object' && !token.oneOf.includes(text[at] as string))) return false;
      at += 1;
    }
  }
  return true;
}
