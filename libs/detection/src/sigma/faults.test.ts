// What authors are told of a rule that cannot be run.
import { readRules } from '../index.ts';
import type { ReadOptions } from './rule.ts';

function faultsOf(text: string, options: ReadOptions = {}): string[] {
  const { refused } = readRules([{ source: 't', text }], options);
  return refused.flatMap(({ faults }) => faults.map(({ path, line, message }) => `${line ?? '-'} ${path}: ${message}`));
}

/** A rule with one line of detection; the line is the fifth. */
const rule = (item: string, condition = 's'): string =>
  `title: t\nlogsource: {product: p}\ndetection:\n  s:\n    ${item}\n  condition: ${condition}\n`;

test.each<[string, string, string]>([
  [
    'an unknown modifier',
    rule('a|containz: x'),
    '5 detection.s.a|containz: there is no modifier "containz"; did you mean contains?',
  ],
  ['a comparison with a text', rule("a|gt: '5'"), '5 detection.s.a|gt: gt wants a number without quotes (got "5")'],
  ['two meanings of one value', rule('a|re|cidr: x'), '5 detection.s.a|re|cidr: the modifiers re and cidr do not go together'],
  ['exists without a truth value', rule('a|exists: maybe'), '5 detection.s.a|exists: exists is true or false (got "maybe")'],
  [
    'a network that is none',
    rule('a|cidr: 10.0.0.0/33'),
    'cidr wants a network like 10.0.0.0/8 or 2001:db8::/32 (got "10.0.0.0/33")',
  ],
  [
    'an expression without its end',
    rule("a|re: '(x'"),
    '5 detection.s.a|re: the regular expression cannot be read at character 3',
  ],
  ['an atomic group', rule("a|re: '(?>x)'"), 'is no group that is run (atomic groups and conditions are not)'],
  ['a possessive repetition', rule("a|re: 'x++'"), 'possessive repetitions are not run'],
  [
    'encoded wildcards',
    rule("a|base64: 'x*'"),
    'base64 cannot encode the wildcards * and ?; escape them (\\*) or leave them out',
  ],
  ['a flag without re', rule('a|i: x'), '5 detection.s.a|i: the modifier i is one of re; write |re|i'],
  [
    'a placeholder without values',
    rule("a|expand: '%x%'"),
    'the placeholder %x% has no values here; define x among the placeholders',
  ],
  ['an empty list', rule('a: []'), '5 detection.s.a: the list of values is empty; give at least one value'],
  ['a map as value', rule('a: {b: c}'), 'a value is a string, a number, true, false or null (got a map inside the list)'],
  ['an unknown identifier', rule('a: x', 's and t'), '6 detection.condition: there is no search identifier "t"; there are s'],
  ['a pattern without of', rule('a: x', 's*'), '"s*"; write "1 of s*" or "all of s*"; there are s'],
  ['a pattern that means nothing', rule('a: x', '1 of f*'), '"1 of f*" means no search identifier; there are s'],
  ['an open bracket', rule('a: x', '(s'), 'a ( has no ) in "(s"'],
  ['a bracket too many', rule('a: x', 's)'), 'a ) has no ( in "s)"'],
  ['an end too early', rule('a: x', 's and'), 'the condition ends where a search identifier is due: "s and"'],
  ['two identifiers in a row', rule('a: x', 's s'), 'and, or or the end is due before "s"'],
  ['an aggregation of Sigma 1', rule('a: x', 's | count() > 5'), 'of Sigma 1; write a correlation rule'],
  ['no condition', 'title: t\nlogsource: {}\ndetection: {s: {a: 1}}', '3 detection.condition: there is no condition'],
  ['no detection', 'title: t\nlogsource: {}', '1 : there is no detection'],
  ['no title', 'logsource: {}\ndetection: {s: {a: 1}, condition: s}', '1 title: there is no title'],
  ['no logsource', 'title: t\ndetection: {s: {a: 1}, condition: s}', '1 logsource: there is no logsource'],
  [
    'a level that there is not',
    `${rule('a: x')}level: urgent`,
    '7 level: level is one of informational, low, medium, high, critical (got "urgent")',
  ],
  ['a deprecated rule', `${rule('a: x')}status: deprecated`, '7 status: the rule is deprecated: another replaces it'],
  ['a text that is no YAML', 'title: [x', '1 : the YAML cannot be read'],
  ['a key twice', 'title: a\ntitle: b', '2 : the YAML cannot be read'],
  ['a document that is no map', '- x', '1 : the document is no rule'],
  ['groups that nest too deep', rule(`a|re: ${'('.repeat(5_000)}x${')'.repeat(5_000)}`), 'groups nest at most 200 deep'],
  ['nested too deep', rule('a: x', `${'('.repeat(99)}s${')'.repeat(99)}`), 'the condition nests more than 64 deep'],
])('%s is named', (_what, text, fault) => {
  expect(faultsOf(text).join('\n')).toContain(fault);
});

test('all faults of a rule are told at once, and the other rules of its file are run', () => {
  const bad = rule('a|nope: x', 's or t');
  const { rules, refused } = readRules([{ source: 't', text: `${bad}---\n${rule('a: x')}` }]);
  expect(rules).toHaveLength(1);
  expect(refused.map(({ document, title, faults }) => [document, title, faults.map(({ line }) => line)])).toEqual([
    [0, 't', [5, 6]],
  ]);
});

test('of two rules with one id the second is refused', () => {
  const text = rule('a: x');
  const { rules, refused } = readRules([
    { source: 'one', text: `${text}id: x1` },
    { source: 'two', text: `${text}id: x1` },
  ]);
  expect(rules.map(({ source }) => source)).toEqual(['one']);
  expect(refused[0]?.faults[0]?.message).toBe('the id x1 is that of "t" (one) already');
});

test('deprecated rules are run where their status is allowed', () => {
  expect(faultsOf(`${rule('a: x')}status: deprecated`, { refuseStatuses: [] })).toEqual([]);
});

test('a collection shares what its global document says', () => {
  const text =
    'action: global\ntitle: shared\nlogsource: {product: p}\ndetection: {condition: s}\n---\ndetection: {s: {a: 1}}\n---\ndetection: {s: {a: 2}}';
  const { rules, refused } = readRules([{ source: 't', text }]);
  expect(refused).toEqual([]);
  expect(rules.map(({ title }) => title)).toEqual(['shared', 'shared']);
});

const correlation = (section: string): string =>
  `${rule('a: x')}name: base\n---\ntitle: c\nname: c\ncorrelation:\n${section.replace(/^/gm, '  ')}`;
const count = 'type: event_count\nrules: base\ngroup-by: [u]\ntimespan: 5m\ncondition: {gte: 3}';

test.each<[string, string, string]>([
  ['a type that there is not', count.replace('event_count', 'count'), 'type is one of event_count, value_count'],
  ['a percentile', count.replace('event_count', 'value_percentile'), 'it needs the whole past of a field'],
  ['a rule that there is not', count.replace('base', 'nobody'), 'the rule "nobody" is not among the rules'],
  ['a correlation of itself', count.replace('base', 'c'), 'leads back to itself'],
  ['a timespan without a unit', count.replace('5m', '5'), 'timespan is a number with s, m, h or d, like 90m (got 5)'],
  ['no bound', count.replace('{gte: 3}', '{}'), 'condition has no bound; give one like gte: 5'],
  ['a bound that there is not', count.replace('gte', 'min'), 'condition has gt, gte, lt, lte, eq, neq and field (got "min")'],
  [
    'value_count without a field',
    count.replace('event_count', 'value_count'),
    'field is a list of fields whose values are counted',
  ],
  [
    'an alias of a strange rule',
    `${count}\naliases: {x: {other: f}}`,
    'the alias x names the rule "other", which is not among rules: base',
  ],
])('%s is named', (_what, section, fault) => {
  expect(faultsOf(correlation(section)).join('\n')).toContain(fault);
});

test('a filter excludes what it finds, from the rules it names', () => {
  const filter = '---\ntitle: f\nlogsource: {product: p}\nfilter: {rules: [base], ours: {u: root}, condition: ours}';
  const { rules, filters, refused } = readRules([{ source: 't', text: `${rule('a: x')}name: base\n${filter}` }]);
  expect([rules.length, filters.length, refused.length]).toEqual([1, 1, 0]);
});

test('a document without anything is no rule and no fault, and merge keys of YAML are read', () => {
  const merged = rule('<<: *x\n    b: y');
  const { rules, refused } = readRules([{ source: 't', text: `---\n---\nx: &x {a: x}\n${merged}---\n` }]);
  expect([rules.length, refused]).toEqual([1, []]);
});
