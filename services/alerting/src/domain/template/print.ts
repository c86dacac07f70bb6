// Values as text: Go's %v and printf.
import { goQuote } from '../go-text.ts';
import { spanText, timeText } from './go-time.ts';
import { List, Markup, Span, StringMap, Struct, Time, typeOf, type Value } from './values.ts';

/** Go's `%v`. */
export function printed(value: Value): string {
  if (value === null) return '<nil>';
  if (typeof value === 'number') return numberText(value);
  if (typeof value !== 'object') return String(value);
  if (value instanceof Time) return timeText(value);
  if (value instanceof Span) return spanText(value);
  if (value instanceof Markup) return value.text;
  if (value instanceof StringMap) {
    const first = value.entries.get('alertname');
    const rest = [...value.entries].filter(([name]) => name !== 'alertname').map(([name, each]) => `${name}=${each}`);
    return [...(first === undefined ? [] : [`alertname=${first}`]), ...rest].join(', ');
  }
  if (value instanceof List) {
    const own = value.methods.String;
    return own === undefined ? `[${value.items.map(printed).join(' ')}]` : printed(own());
  }
  const fields = [...value.fields.values()].filter((each) => typeof each !== 'function');
  return `{${fields.map(printed).join(' ')}}`;
}

function numberText(value: number): string {
  if (value !== 0 && Math.abs(value) < 1e-4) return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
  if (Number.isInteger(value) && Math.abs(value) < 1e21) return String(value);
  return value
    .toString()
    .replace(/e([+-])(\d)$/, 'e$10$2')
    .replace('Infinity', '+Inf')
    .replace('-+', '-');
}

/** Widths and precisions above this are refused, as they are in Go. */
const widest = 10_000;

const verb = /%([-+# 0]*)(\d+)?(?:\.(\d*))?([\s\S])?/gu;

/** Go's `fmt.Sprintf`, with its own words for what does not fit: `%!d(string=x)`, `%!d(MISSING)`, `%!(EXTRA int=1)`. */
export function sprintf(format: string, args: readonly Value[]): string {
  let at = 0;
  const text = format.replaceAll(verb, (_, flags: string, width?: string, precision?: string, letter?: string) => {
    if (letter === undefined) return '%!(NOVERB)';
    if (letter === '%') return '%';
    if (Number(width ?? 0) > widest || Number(precision ?? 0) > widest) return `%!(BADWIDTH)`;
    if (at >= args.length) return `%!${letter}(MISSING)`;
    const value = args[at++] ?? null;
    const body = formatted(letter, value, flags, precision);
    if (body === undefined) return `%!${letter}(${value === null ? '<nil>' : `${typeOf(value)}=${printed(value)}`})`;
    return padded(body, flags, Number(width ?? 0), typeof value === 'number' && letter !== 'q' && letter !== 'c');
  });
  const extra = args.slice(at).map((each) => (each === null ? '<nil>' : `${typeOf(each)}=${printed(each)}`));
  return extra.length === 0 ? text : `${text}%!(EXTRA ${extra.join(', ')})`;
}

function padded(body: string, flags: string, width: number, numeric: boolean): string {
  const missing = width - Array.from(body).length;
  if (missing <= 0) return body;
  if (flags.includes('-')) return body + ' '.repeat(missing);
  if (flags.includes('0') && numeric) {
    const sign = /^[+-]/.test(body) ? 1 : 0;
    return body.slice(0, sign) + '0'.repeat(missing) + body.slice(sign);
  }
  return ' '.repeat(missing) + body;
}

function formatted(letter: string, value: Value, flags: string, precision: string | undefined): string | undefined {
  const cut = (text: string): string => (precision === undefined ? text : Array.from(text).slice(0, Number(precision)).join(''));
  const plus = (text: string): string => (flags.includes('+') && !text.startsWith('-') ? `+${text}` : text);
  const isText = typeof value === 'string' || (typeof value === 'object' && value !== null);
  switch (letter) {
    case 'v':
      return typeof value === 'number' ? plus(printed(value)) : printed(value);
    case 's':
      return isText && !(value instanceof Struct) ? cut(printed(value)) : undefined;
    case 'q':
      return typeof value === 'string' ? goQuote(cut(value)) : undefined;
    case 't':
      return typeof value === 'boolean' ? String(value) : undefined;
    case 'T':
      return typeOf(value);
    case 'd':
      if (value instanceof Span) return plus(String(value.ms * 1_000_000));
      return typeof value === 'number' && Number.isInteger(value) ? plus(String(value)) : undefined;
    case 'x':
    case 'X': {
      const bytes =
        typeof value === 'string'
          ? Array.from(new TextEncoder().encode(value), (byte) => byte.toString(16).padStart(2, '0')).join('')
          : undefined;
      const hex = typeof value === 'number' && Number.isInteger(value) ? value.toString(16) : bytes;
      return letter === 'x' ? hex : hex?.toUpperCase();
    }
    case 'c':
      return typeof value === 'number' && value >= 0 && value <= 0x10ffff ? String.fromCodePoint(value) : undefined;
    case 'f':
    case 'F':
      return typeof value === 'number' ? plus(value.toFixed(Math.min(100, Number(precision ?? 6)))) : undefined;
    case 'e':
      return typeof value === 'number'
        ? plus(value.toExponential(Math.min(100, Number(precision ?? 6))).replace(/e([+-])(\d)$/, 'e$10$2'))
        : undefined;
    case 'g':
      return typeof value === 'number' ? plus(shortest(value, precision)) : undefined;
    case 'U':
      return typeof value === 'number' ? `U+${value.toString(16).toUpperCase().padStart(4, '0')}` : undefined;
    case 'b':
    case 'o':
      return typeof value === 'number' && Number.isInteger(value) ? plus(value.toString(letter === 'b' ? 2 : 8)) : undefined;
    default:
      return undefined;
  }
}

/** With an exponent below 1e-4 and from 1e21 on, as Go's `%g`. */
function shortest(value: number, precision: string | undefined): string {
  const rounded = precision === undefined ? value : Number(value.toPrecision(Math.max(1, Math.min(100, Number(precision)))));
  return numberText(rounded);
}

/** Go's `fmt.Sprint`: a space between two values of which neither is text. */
export const sprint = (args: readonly Value[]): string =>
  args
    .map((each, index) =>
      index > 0 && typeof each !== 'string' && typeof args[index - 1] !== 'string' ? ` ${printed(each)}` : printed(each),
    )
    .join('');
