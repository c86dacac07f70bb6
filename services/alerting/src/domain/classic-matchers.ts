// The matcher syntax of Alertmanager before 0.27: classic label names, values with or without quotes, three escapes.
import { type Matcher, matcherOf, type MatchOperator } from './matcher.ts';
import { MatcherFault } from './matcher-fault.ts';

// RE2 counts only these as white space.
const shape = /^[\t\n\f\r ]*([a-zA-Z_:][a-zA-Z0-9_:]*)[\t\n\f\r ]*(=~|!=|!~|=)[\t\n\f\r ]*([\s\S]*?)[\t\n\f\r ]*$/;

/** A list, split at commas outside of quotes. One closing comma is nothing more; a lone one is a fault. */
export function classicMatchers(text: string): Matcher[] {
  const parts = splitAtCommas(text.replace(/^\{/, '').replace(/\}$/, ''));
  const last = parts.at(-1);
  return (last?.trim() === '' ? parts.slice(0, -1) : parts).map((part, index, all) =>
    classicMatcher(index === all.length - 1 ? part.trim() : part),
  );
}

function splitAtCommas(text: string): string[] {
  const parts: string[] = [];
  let from = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (char === '\\') i++;
    else if (char === '"') quoted = !quoted;
    else if (char === ',' && !quoted) {
      parts.push(text.slice(from, i));
      from = i + 1;
    }
  }
  return [...parts, text.slice(from)];
}

/** One matcher. Throws MatcherFault or PatternFault. */
export function classicMatcher(text: string): Matcher {
  const found = shape.exec(text);
  if (found === null) throw new MatcherFault(text, 'it is not a label name, an operator and a value');
  const [, name = '', operator = '=', raw = ''] = found;
  return matcherOf(name, operator as MatchOperator, unquoted(text, raw));
}

/** `\n`, `\"` and `\\` are escapes; any other backslash is itself. A quote stands only at both ends. */
function unquoted(text: string, raw: string): string {
  if (!raw.isWellFormed()) throw new MatcherFault(text, 'its value is not valid UTF-8');
  const opened = raw.startsWith('"');
  const inner = opened ? raw.slice(1) : raw;
  let value = '';
  let closed = false;
  for (let i = 0; i < inner.length; i++) {
    const char = inner[i] ?? '';
    const next = inner[i + 1];
    if (char === '\\' && next !== undefined) {
      i++;
      value += next === 'n' ? '\n' : next === '"' || next === '\\' ? next : `\\${next}`;
    } else if (char === '"') {
      if (!opened || i < inner.length - 1)
        throw new MatcherFault(text, 'its value holds a double quote without a backslash before it');
      closed = true;
    } else value += char;
  }
  if (opened && !closed) throw new MatcherFault(text, 'its value has an opening double quote and no closing one');
  return value;
}
