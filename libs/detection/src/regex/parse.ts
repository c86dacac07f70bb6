// Regular expressions as their authors write them, of JavaScript or of PCRE's common part.
import { RuleFault } from '../fault.ts';
import { type CharSet, caseless, everything, lineEnds, negated, newline, single } from './char-set.ts';
import { classEscape, readClass } from './parse-class.ts';
import { Reader } from './reader.ts';
import { joinedHalves } from './surrogates.ts';
import type { Dialect, Flags, Regex } from './syntax.ts';

/** The longest expression that is read. */
export const maxPatternLength = 20_000;

/** Groups in groups: what reads, writes and runs them goes down one step for each. */
const maxDepth = 200;

/** @throws RuleFault what is wrong, and where in the expression */
export function parseRegex(source: string, flags: Flags, dialect: Dialect): Regex {
  if (source.length > maxPatternLength)
    throw new RuleFault(`a regular expression has at most ${maxPatternLength} characters (got ${source.length})`);
  const reader = new Reader(source);
  const parsed = alternatives(
    { reader, dialect, unicode: /\\u\{|\\p\{/i.test(source), named: source.includes('(?<'), depth: 0 },
    { ...flags },
  );
  if (!reader.done) throw reader.fault('there is a ) without its (');
  return parsed;
}

interface Context {
  readonly reader: Reader;
  readonly dialect: Dialect;
  readonly unicode: boolean;
  readonly named: boolean;
  /** Of the groups around. */
  readonly depth: number;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Flags set inside (`(?i)`) hold until the group ends, over alternatives too. */
function alternatives(context: Context, flags: Mutable<Flags>): Regex {
  const { reader } = context;
  const parts: Regex[] = [];
  do parts.push(sequence(context, flags));
  while (reader.take('|'));
  return parts.length === 1 ? (parts[0] as Regex) : { kind: 'either', parts };
}

function sequence(context: Context, flags: Mutable<Flags>): Regex {
  const { reader } = context;
  const parts: Regex[] = [];
  while (!reader.done && !reader.sees('|') && !reader.sees(')')) {
    const atom = readAtom(context, flags);
    if (atom !== undefined) parts.push(repeated(context, atom));
  }
  const joined = joinedHalves(parts);
  return joined.length === 1 ? (joined[0] as Regex) : joined.length === 0 ? { kind: 'empty' } : { kind: 'concat', parts: joined };
}

function readAtom(context: Context, flags: Mutable<Flags>): Regex | undefined {
  const { reader, dialect } = context;
  if (reader.take('(')) return readGroup(context, flags);
  if (reader.take('[')) return { kind: 'set', set: readClass(reader, dialect, flags.ignoreCase) };
  if (reader.take('.')) return { kind: 'set', set: flags.dotAll ? everything : negated(dialect === 'js' ? lineEnds : newline) };
  if (reader.take('^')) return { kind: 'at', place: flags.multiline ? 'line-start' : 'start' };
  if (reader.take('$')) return { kind: 'at', place: flags.multiline ? 'line-end' : 'end' };
  if (reader.take('\\')) return readEscape(context, flags);
  if (/[*+?]/.test(reader.peek())) throw reader.fault(`${reader.peek()} has nothing to repeat`);
  return { kind: 'set', set: cased(single(reader.next()), flags) };
}

function cased(set: CharSet, { ignoreCase }: Flags): CharSet {
  return ignoreCase ? caseless(set) : set;
}

function readEscape({ reader, dialect, named }: Context, flags: Flags): Regex {
  if (reader.take('b')) return { kind: 'at', place: 'word-edge' };
  if (reader.take('B')) return { kind: 'at', place: 'no-word-edge' };
  if (dialect === 'pcre') {
    if (reader.take('A')) return { kind: 'at', place: 'start' };
    if (reader.take('z') || reader.take('Z')) return { kind: 'at', place: 'end' };
    const unknown = reader.match(/[GKXRQECNk]/y);
    if (unknown !== undefined) throw reader.fault(`\\${unknown} is not of the regular expressions that Sigma allows`);
  }
  if (reader.match(/[1-9]\d*/y) !== undefined) return { kind: 'backreference' };
  if (named && reader.match(/k<\w+>/y) !== undefined) return { kind: 'backreference' };
  return { kind: 'set', set: cased(classEscape(reader, dialect), flags) };
}

function readGroup(context: Context, outer: Mutable<Flags>): Regex | undefined {
  const { reader, dialect } = context;
  const flags = { ...outer };
  let look: { ahead: boolean; negative: boolean } | undefined;
  if (reader.take('?')) {
    const set = reader.match(/[a-z]*(?:-[a-z]+)?(?=[:)])/y);
    if (set !== undefined) {
      applyFlags(reader, flags, set);
      if (reader.take(')')) {
        // `(?i)` alone holds for the rest of the group it stands in.
        if (dialect === 'js') throw reader.fault(`JavaScript has no flags like (?${set}) inside an expression`);
        Object.assign(outer, flags);
        return undefined;
      }
      reader.take(':');
    } else if (reader.match(/<?[=!]/y, false) !== undefined) {
      const behind = reader.take('<');
      look = { ahead: !behind, negative: reader.take('!') };
      if (!look.negative) reader.take('=');
    } else if (reader.match(/P?<[A-Za-z_]\w*>/y) === undefined) {
      throw reader.fault(`(?${reader.peek()} is no group that is run (atomic groups and conditions are not)`);
    }
  }
  const depth = context.depth + 1;
  if (depth > maxDepth) throw reader.fault(`groups nest at most ${maxDepth} deep`);
  const body = alternatives({ ...context, depth }, flags);
  if (!reader.take(')')) throw reader.fault('there is a ( without its )');
  return look === undefined ? body : { kind: 'look', ...look, body };
}

function applyFlags(reader: Reader, flags: Mutable<Flags>, set: string): void {
  let on = true;
  for (const flag of set) {
    if (flag === '-') on = false;
    else if (flag === 'i') flags.ignoreCase = on;
    else if (flag === 'm') flags.multiline = on;
    else if (flag === 's') flags.dotAll = on;
    else throw reader.fault(`there is no flag ${flag}; there are i, m and s`);
  }
}

function repeated({ reader, dialect }: Context, atom: Regex): Regex {
  let body = atom;
  for (;;) {
    const counted = reader.match(/[*+?]|\{\d+(?:,\d*)?\}/y);
    if (counted === undefined) return body;
    if (body !== atom) throw reader.fault(`${counted} has nothing to repeat`);
    const [, least = '', comma, most = ''] = /^\{(\d+)(,?)(\d*)\}$/.exec(counted) ?? [];
    const min = counted === '*' || counted === '?' ? 0 : counted === '+' ? 1 : Number(least);
    const max =
      counted === '?'
        ? 1
        : counted === '*' || counted === '+'
          ? Infinity
          : comma === ''
            ? min
            : most === ''
              ? Infinity
              : Number(most);
    if (max < min) throw reader.fault(`${counted} has its numbers in the wrong order`);
    // Whether it matches at all does not depend on being lazy.
    if (!reader.take('?') && dialect === 'pcre' && reader.take('+')) throw reader.fault('possessive repetitions are not run');
    body = { kind: 'repeat', body, min, max };
  }
}
