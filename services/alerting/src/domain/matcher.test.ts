import fc from 'fast-check';
import { formatMatcher, formatMatchers, matcherOf, matchesAll, type MatchOperator, sortMatchers } from './matcher.ts';
import { MatcherFault } from './matcher-fault.ts';
import { type MatcherMode, parseMatcher, parseMatchers } from './matcher-text.ts';
import { compilePattern, PatternFault } from './pattern.ts';

const read = (text: string, mode: MatcherMode) => {
  try {
    return formatMatchers(parseMatchers(text, mode));
  } catch (error) {
    if (error instanceof MatcherFault || error instanceof PatternFault) return 'fault';
    throw error;
  }
};

/** What amtool 0.28.1 made of each, in modes fallback, classic and utf8. */
test.each([
  ['a=b', '{a="b"}', '{a="b"}', '{a="b"}'],
  ['{a="b",c=~"d"}', '{a="b",c=~"d"}', '{a="b",c=~"d"}', '{a="b",c=~"d"}'],
  ['a="b",c="d",', '{a="b",c="d"}', '{a="b",c="d"}', '{a="b",c="d"}'],
  ['{}', '{}', '{}', '{}'],
  ['', '{}', '{}', '{}'],
  ['a="b"}', '{a="b"}', '{a="b"}', 'fault'],
  ['a=b c', '{a="b c"}', '{a="b c"}', 'fault'],
  ['a="\\d"', '{a="\\\\d"}', '{a="\\\\d"}', 'fault'],
  ['a="b\\tc"', '{a="b\\\\tc"}', '{a="b\\\\tc"}', '{a="b\tc"}'],
  ['日本="x"', '{日本="x"}', 'fault', '{日本="x"}'],
  ['"a b"="c"', '{"a b"="c"}', 'fault', '{"a b"="c"}'],
  ['a=', '{a=""}', '{a=""}', 'fault'],
  ['a="b,c"', '{a="b,c"}', '{a="b,c"}', '{a="b,c"}'],
  ['a=~"(b"', 'fault', 'fault', 'fault'],
  ['a=~"(?=x)"', 'fault', 'fault', 'fault'],
  ['a=~"x)(y"', '{a=~"x)(y"}', '{a=~"x)(y"}', '{a=~"x)(y"}'],
  ['=b', 'fault', 'fault', 'fault'],
  ['""="b"', 'fault', 'fault', 'fault'],
])('%s is %s, classic %s, UTF-8 %s', (text, fallback, classic, utf8) => {
  expect([read(text, 'fallback'), read(text, 'classic'), read(text, 'utf8')]).toEqual([fallback, classic, utf8]);
});

test('a matcher that was written reads back', () => {
  const operator = fc.constantFrom<MatchOperator>('=', '!=');
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), operator, fc.string({ unit: 'grapheme' }), (name, op, value) => {
      expect(parseMatcher(formatMatcher({ name, operator: op, value }), 'utf8')).toMatchObject({ name, operator: op, value });
    }),
  );
});

test('M1 != is the opposite of =, and !~ of =~', () => {
  const pattern = fc.constantFrom('a|b', 'a.*', '', '(?i)A', '[^a]+', 'x)(y');
  fc.assert(
    fc.property(pattern, fc.constantFrom('', 'a', 'A', 'b', 'ab', 'xy', 'a\nb'), (value, label) => {
      expect(matcherOf('l', '!=', value).matches(label)).toBe(!matcherOf('l', '=', value).matches(label));
      expect(matcherOf('l', '!~', value).matches(label)).toBe(!matcherOf('l', '=~', value).matches(label));
    }),
  );
});

test.each([
  ['a=~"x"', { a: 'xx' }, false],
  ['a=~"x.*"', { a: 'xx' }, true],
  ['a=~"x|y"', { a: 'zy' }, false],
  ['a=~".*"', {}, true],
  ['a=""', {}, true],
  ['a!=""', {}, false],
  ['a!="b"', {}, true],
  ['constructor=""', {}, true],
  ['a="1",b="2"', { a: '1' }, false],
  ['a=~"."', { a: '\n' }, false],
])('%s of %j is %s', (text, labels, matches) => {
  expect(matchesAll(parseMatchers(text, 'fallback'), labels)).toBe(matches);
});

test('matchers are written in order of name, value and operator', () => {
  const shuffled = parseMatchers('b="1",a=~"2",a="2",a="1"', 'utf8');
  expect(formatMatchers(sortMatchers(shuffled))).toBe('{a="1",a="2",a=~"2",b="1"}');
});

test('a pattern that would hang a backtracking engine answers at once', () => {
  const started = process.cpuUsage().user;
  for (const bomb of ['(a+)+$', '(a|aa)+', '(x+x+)+y', '(.*a){12}']) {
    expect(matcherOf('l', '=~', bomb).matches(`${'a'.repeat(8000)}!`)).toBe(false);
  }
  expect((process.cpuUsage().user - started) / 1000).toBeLessThan(5000);
});

test('a pattern too large to run in reasonable time is refused by name', () => {
  expect(() => compilePattern('a'.repeat(4097))).toThrow('a regular expression has at most 4096 characters (got 4097)');
  expect(() => compilePattern('([a-z]{500}){2}[a-z]{1000}[0-9]{1000}[a-z]{1000}[0-9]{1000}')).toThrow(
    /at most 4000 instructions/,
  );
  expect(() => matcherOf('l', '=~', 'a{1001}')).toThrow(PatternFault);
});

test('a fault shows the text and says what to write', () => {
  expect(() => parseMatcher('a b', 'utf8')).toThrow(
    'bad matcher "a b": an operator is missing after "a"; write name="value", with = != =~ or !~',
  );
});
