import { type CharSet, caseless, digits, maxCodePoint, negated, plainSpace, single, space, union, word } from './char-set.ts';
import { propertySet } from './property-set.ts';
import type { Reader } from './reader.ts';
import type { Dialect } from './syntax.ts';

const controls: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13, a: 7, e: 27 };
const horizontal: CharSet = union(single(9), single(0x20), single(0xa0));

const posix: Readonly<Record<string, CharSet>> = {
  alpha: [0x41, 0x5a, 0x61, 0x7a],
  digit: digits,
  alnum: [0x30, 0x39, 0x41, 0x5a, 0x61, 0x7a],
  upper: [0x41, 0x5a],
  lower: [0x61, 0x7a],
  space: plainSpace,
  blank: [9, 9, 0x20, 0x20],
  punct: [0x21, 0x2f, 0x3a, 0x40, 0x5b, 0x60, 0x7b, 0x7e],
  xdigit: [0x30, 0x39, 0x41, 0x46, 0x61, 0x66],
  word,
  print: [0x20, 0x7e],
  graph: [0x21, 0x7e],
  cntrl: [0, 0x1f, 0x7f, 0x7f],
};

/** What stands in brackets, after the `[`. */
export function readClass(reader: Reader, dialect: Dialect, ignoreCase: boolean): CharSet {
  const negative = reader.take('^');
  const sets: CharSet[] = [];
  // In PCRE a ] that comes first is itself; in JavaScript it ends a class of nothing.
  let first = dialect === 'pcre';
  while (first || !reader.take(']')) {
    const named = dialect === 'pcre' ? reader.match(/\[:\^?[a-z]+:\]/y) : undefined;
    if (named !== undefined) sets.push(posixClass(reader, named));
    else sets.push(readRange(reader, dialect));
    first = false;
  }
  const set = ignoreCase ? caseless(union(...sets)) : union(...sets);
  return negative ? negated(set) : set;
}

function readRange(reader: Reader, dialect: Dialect): CharSet {
  const from = readMember(reader, dialect);
  if (from.length !== 2 || from[0] !== from[1] || !reader.sees('-') || reader.sees('-]')) return from;
  reader.take('-');
  const to = readMember(reader, dialect);
  if (to.length !== 2 || to[0] !== to[1]) return union(from, single(0x2d), to);
  const [low, high] = [from[0] as number, to[0] as number];
  if (high < low) throw reader.fault('a range has its ends in the wrong order');
  return [low, high];
}

function readMember(reader: Reader, dialect: Dialect): CharSet {
  if (!reader.take('\\')) return single(reader.next());
  if (reader.take('b')) return single(8);
  return classEscape(reader, dialect);
}

function posixClass(reader: Reader, named: string): CharSet {
  const name = named.replace(/[^a-z]/g, '');
  const set = posix[name];
  if (set === undefined) throw reader.fault(`there is no class ${named}; there are ${Object.keys(posix).join(', ')}`);
  return named.startsWith('[:^') ? negated(set) : set;
}

/** What an escape stands for, in brackets or outside, after the `\`. */
export function classEscape(reader: Reader, dialect: Dialect): CharSet {
  const space_ = dialect === 'js' ? space : plainSpace;
  if (reader.take('d')) return digits;
  if (reader.take('D')) return negated(digits);
  if (reader.take('w')) return word;
  if (reader.take('W')) return negated(word);
  if (reader.take('s')) return space_;
  if (reader.take('S')) return negated(space_);
  if (dialect === 'pcre' && reader.take('h')) return horizontal;
  const code = reader.match(/x[0-9a-f]{2}|u[0-9a-f]{4}|[xu]\{[0-9a-f]{1,6}\}|0[0-7]{0,2}|c[a-z]/iy);
  if (code !== undefined) return codeEscape(reader, code);
  const property = reader.match(/p\{\^?[\w=]+\}|p[A-Z]/iy);
  if (property !== undefined) {
    const set = propertySet(property.replace(/^[pP]\{?|\}$/g, ''));
    if (set === undefined) throw reader.fault(`there is no property \\${property}`);
    return property.startsWith('P') ? negated(set) : set;
  }
  const control = reader.match(dialect === 'pcre' ? /[tnvfrae]/y : /[tnvfr]/y);
  return single(control === undefined ? reader.next() : (controls[control] as number));
}

function codeEscape(reader: Reader, code: string): CharSet {
  if (/^c/i.test(code)) return single(code.charCodeAt(1) % 32);
  const value = code.startsWith('0') ? parseInt(code, 8) : parseInt(code.replace(/[^0-9a-f]/gi, ''), 16);
  if (value > maxCodePoint) throw reader.fault(`\\${code} is no character`);
  // A pair of surrogates written as two escapes is one character.
  const low = value >= 0xd800 && value < 0xdc00 ? reader.match(/\\ud[c-f][0-9a-f]{2}/iy) : undefined;
  if (low === undefined) return single(value);
  return single((value - 0xd800) * 0x400 + (parseInt(low.slice(2), 16) - 0xdc00) + 0x10000);
}
