// Go's template text, cut into text and actions, and actions into tokens (pkg.go.dev/text/template, "Text and spaces", "Actions").
import { goUnquote } from '../go-text.ts';
import { TemplateFault } from './template-fault.ts';

export type Token =
  | { readonly kind: 'word' | 'field' | 'variable' | 'string'; readonly value: string; readonly glued: boolean }
  | { readonly kind: 'number'; readonly value: number; readonly glued: boolean }
  | { readonly kind: 'dot' | '(' | ')' | '|' | '=' | ':=' | ','; readonly glued: boolean };

/** `text` between actions; an action with the line it begins on. Comments are gone. */
export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'action'; readonly tokens: readonly Token[]; readonly line: number };

/** Cuts a text. `{{- ` and ` -}}` trim the white space beside them. Throws TemplateFault. */
export function cut(name: string, source: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  let line = 1;
  let trimNext = false;
  const linesIn = (text: string): number => text.split('\n').length - 1;
  for (;;) {
    const open = source.indexOf('{{', at);
    const raw = source.slice(at, open < 0 ? source.length : open);
    const trimsBefore = open >= 0 && /^\{\{-[ \t\r\n]/.test(source.slice(open, open + 4));
    let text = trimNext ? raw.replace(/^[ \t\r\n]+/, '') : raw;
    if (trimsBefore) text = text.replace(/[ \t\r\n]+$/, '');
    if (text !== '') pieces.push({ kind: 'text', text });
    if (open < 0) return pieces;
    line += linesIn(raw);
    const start = open + (trimsBefore ? 4 : 2);
    const comment = /^\/\*[\s\S]*?\*\/([ \t\r\n]+-)?\}\}/.exec(source.slice(start));
    if (comment !== null) {
      trimNext = comment[1] !== undefined;
      line += linesIn(source.slice(open, start + comment[0].length));
      at = start + comment[0].length;
      continue;
    }
    if (source.startsWith('/*', start)) throw new TemplateFault(name, line, 'a comment is not closed: it ends with */}}');
    const { tokens, end, trims } = tokensOf(name, source, start, line);
    pieces.push({ kind: 'action', tokens, line });
    line += linesIn(source.slice(open, end));
    trimNext = trims;
    at = end;
  }
}

const space = /[ \t\r\n]+/y;
const end = /([ \t\r\n]-)?\}\}/y;
const shapes: readonly [RegExp, (found: RegExpExecArray, glued: boolean) => Token | undefined][] = [
  [/"((?:[^"\\\n]|\\.)*)"/y, ([, inner = ''], glued) => textToken(goUnquote(inner), glued)],
  [/`([^`]*)`/y, ([, inner = ''], glued) => textToken(inner.replaceAll('\r', ''), glued)],
  [/'((?:[^'\\\n]|\\.[^']*))'/y, ([, inner = ''], glued) => charToken(inner, glued)],
  [
    /[+-]?(?:0[xX][0-9a-fA-F_]+|(?:\d[\d_]*)?\.?\d[\d_]*(?:[eE][+-]?\d+)?)(?![\p{L}\p{N}_])/uy,
    ([all], glued) => numberToken(all, glued),
  ],
  [/\.([\p{L}_][\p{L}\p{N}_]*)/uy, ([, value = ''], glued) => ({ kind: 'field', value, glued })],
  [/\$([\p{L}\p{N}_]*)/uy, ([, value = ''], glued) => ({ kind: 'variable', value, glued })],
  [/[\p{L}_][\p{L}\p{N}_]*/uy, ([value], glued) => ({ kind: 'word', value, glued })],
  [/:=|[=(),|]/y, ([kind], glued) => ({ kind: kind as '(' | ')' | '|' | '=' | ':=' | ',', glued })],
  [/\./y, (_, glued) => ({ kind: 'dot', glued })],
];

const textToken = (value: string | undefined, glued: boolean): Token | undefined =>
  value === undefined ? undefined : { kind: 'string', value, glued };

function charToken(inner: string, glued: boolean): Token | undefined {
  const text = inner === "\\'" ? "'" : inner === '"' ? '"' : goUnquote(inner);
  return text === undefined || Array.from(text).length !== 1
    ? undefined
    : { kind: 'number', value: text.codePointAt(0) ?? 0, glued };
}

function numberToken(text: string, glued: boolean): Token | undefined {
  const plain = text.replaceAll('_', '');
  const value = /^[+-]/.test(plain) ? Number(plain.slice(1)) * (plain.startsWith('-') ? -1 : 1) : Number(plain);
  return Number.isNaN(value) ? undefined : { kind: 'number', value, glued };
}

function tokensOf(name: string, source: string, from: number, line: number): { tokens: Token[]; end: number; trims: boolean } {
  const tokens: Token[] = [];
  let at = from;
  let glued = false;
  const match = (shape: RegExp): RegExpExecArray | null => {
    shape.lastIndex = at;
    return shape.exec(source);
  };
  while (at < source.length) {
    const closing = match(end);
    if (closing !== null) return { tokens, end: at + closing[0].length, trims: closing[1] !== undefined };
    const gap = match(space);
    if (gap !== null) {
      at += gap[0].length;
      glued = false;
      // The white space before -}} belongs to it.
      at--;
      const trimmed = match(end);
      if (trimmed?.[1] !== undefined) return { tokens, end: at + trimmed[0].length, trims: true };
      at++;
      continue;
    }
    const found = shapes.flatMap(([shape, make]) => {
      const hit = match(shape);
      return hit === null ? [] : [{ length: hit[0].length, token: make(hit, glued) }];
    })[0];
    if (found?.token === undefined) {
      throw new TemplateFault(name, line, `${JSON.stringify(source.slice(at, at + 10))} is nothing an action can hold`);
    }
    tokens.push(found.token);
    at += found.length;
    glued = true;
  }
  throw new TemplateFault(name, line, 'an action is not closed: it ends with }}');
}
