import fc from 'fast-check';
import { foldText } from '../literals/fold.ts';
import { compileRegex } from './compile.ts';
import { parseRegex } from './parse.ts';
import { programOf } from './program.ts';
import { matchesAnywhere, matchPlaces } from './simulate.ts';

const caseless = { ignoreCase: true, multiline: false, dotAll: false };

/** Expressions of small parts, with what looks around. */
const { regex } = fc.letrec<{ regex: string; atom: string; piece: string }>((tie) => ({
  atom: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom('a', 'b', 'C', '.', '[ab]', '[^a]', '\\w', '\\s', '\\b', '^', '$', '\\d', '-'),
    tie('regex').map((inner) => `(?:${inner})`),
    tie('regex').map((inner) => `(?=${inner})`),
    tie('regex').map((inner) => `(?!${inner})`),
    tie('regex').map((inner) => `(?<=${inner})`),
    tie('regex').map((inner) => `(?<!${inner})`),
  ),
  piece: fc
    .tuple(tie('atom'), fc.constantFrom('', '', '', '*', '+', '?', '{2}', '{1,3}'))
    .map(([atom, times]) => (/^(?:\^|\$|\\b|\(\?<?[=!])/.test(atom) ? atom : atom + times)),
  regex: fc.oneof(
    { depthSize: 'small' },
    tie('piece'),
    fc.tuple(tie('piece'), tie('piece')).map((two) => two.join('')),
    fc.tuple(tie('piece'), tie('piece')).map((two) => two.join('|')),
  ),
}));
const text = fc.string({ unit: fc.constantFrom('a', 'B', 'c', '-', ' ', '1', '\n'), maxLength: 12 });

test('an expression matches the texts that it matches in JavaScript', () => {
  fc.assert(
    fc.property(regex, fc.array(text, { minLength: 1, maxLength: 4 }), (source, texts) => {
      const ours = compileRegex(source, caseless, 'js');
      const theirs = new RegExp(source, 'i');
      for (const each of texts) expect([source, each, ours.test(each)]).toEqual([source, each, theirs.test(each)]);
    }),
    { numRuns: 500 },
  );
});

test('both automata agree, and the first match begins where JavaScript finds it', () => {
  fc.assert(
    fc.property(regex, text, (source, each) => {
      const parsed = parseRegex(source, caseless, 'js');
      expect(matchesAnywhere(programOf(parsed, false), each)).toBe(new RegExp(source, 'i').test(each));
      expect(matchPlaces(programOf(parsed, true), each).indexOf(1)).toBe(each.search(new RegExp(source, 'i')));
    }),
    { numRuns: 300 },
  );
});

test('a text that matches holds a literal of every clause', () => {
  fc.assert(
    fc.property(regex, regex, text, (one, other, each) => {
      const source = `(?:${one}ab${other}|b-${one})c?`;
      const { required, test: matches } = compileRegex(source, caseless, 'js');
      if (!matches(each)) return;
      for (const clause of required) expect(clause.some((literal) => foldText(each).includes(literal))).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test.each<[string, string, string[]]>([
  ['how\\s+to\\s+hack', 'hack', ['how', 'hack', 'to']],
  ['(?:ignore|forget) all', '', ['ignore all', 'forget all']],
  ['colou?r', '', ['color', 'colour']],
])('of %s the literals are known', (source, _best, literals) => {
  expect(new Set(compileRegex(source, caseless, 'js').required.flat())).toEqual(new Set(literals));
});

test.each([
  ['(a+)+$', `${'a'.repeat(20_000)}!`],
  ['(?=[\\s\\S]*x1)(?=[\\s\\S]*y1)', 'ab '.repeat(3000)],
  ['(?<!\\w)(?:a|aa)+b', 'a'.repeat(20_000)],
  ['(.*){1,32}[bc]', 'a'.repeat(5000)],
])('%s takes time that grows with the text alone', (source, evil) => {
  const before = process.cpuUsage().user;
  expect(compileRegex(source, caseless, 'js').test(evil)).toBe(false);
  expect(process.cpuUsage().user - before).toBeLessThan(5_000_000);
});

test('halves of a character stand for the character', () => {
  const { test: matches } = compileRegex('(?:\\uDB40[\\uDC00-\\uDC7F]){3}', caseless, 'js');
  expect(['\u{e0041}\u{e0042}\u{e0043}', '\u{e0041}\u{e0100}\u{e0043}', 'abc'].map((each) => matches(each))).toEqual([
    true,
    false,
    false,
  ]);
});

test('back-references are run on short texts only', () => {
  const { engine, test: matches } = compileRegex('(ab+)-\\1', caseless, 'js');
  expect([engine, matches('abb-ABB'), matches('abb-ab'), matches(`${' '.repeat(5000)}ab-ab`)]).toEqual([
    'v8',
    true,
    false,
    false,
  ]);
});
