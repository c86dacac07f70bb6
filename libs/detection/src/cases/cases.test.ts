import { readRules, type RuleReport, testRules } from '../index.ts';

const rule = (more: string, id = 'r1'): string =>
  `title: t\nid: ${id}\nname: n-${id}\nlogsource: {}\ndetection: {s: {type: login, ok: false}, condition: s}\n${more}`;

function tested(files: Readonly<Record<string, string>>) {
  return testRules(Object.entries(files).map(([source, text]) => ({ source, text })));
}

const told = ({ outcome, cases }: RuleReport): unknown => [outcome, cases.map(({ passed, got }) => [passed, got])];

test('a rule ships cases beside its detection; what came instead is told', () => {
  const { rules } = tested({
    'a.yml': rule(
      'tests:\n' +
        '- {name: failed, event: {type: login, ok: false}, match: true}\n' +
        '- {event: {type: login, ok: true}, match: false}\n' +
        '- {name: twice, events: [{type: login, ok: false}, {type: x}, {type: login, ok: false}], match: 2}\n',
    ),
    'b.yml': rule('tests: [{name: wrong, events: [{type: login, ok: false}], match: false}]', 'r2'),
  });
  expect(rules.map(told)).toEqual([
    [
      'ok',
      [
        [true, 1],
        [true, 0],
        [true, 2],
      ],
    ],
    ['failed', [[false, 1]]],
  ]);
  expect(rules[1]?.cases[0]).toEqual({ name: 'wrong', passed: false, expected: false, got: 1, at: [1] });
});

test('a correlation is tested with the rules it is about, its events at the times they say', () => {
  const correlation = (match: string, second: string): string =>
    `---\ntitle: c\nname: c\ncorrelation: {type: event_count, rules: [n-r1], group-by: [u], timespan: 1m, condition: {gte: 2}}\n` +
    `tests: [{events: [{type: login, ok: false, u: x}, {type: login, ok: false, u: x, time: ${second}}], match: ${match}}]`;
  const outcomes = (...given: [string, string]): string[] =>
    tested({ 'a.yml': `${rule('')}${correlation(...given)}` }).rules.map(({ title, outcome, testedBy = '' }) =>
      [title, outcome, testedBy].join(' ').trim(),
    );
  expect(outcomes('true', '+60s')).toEqual(['t ok c', 'c ok']);
  expect(outcomes('false', '+61s')).toEqual(['t ok c', 'c ok']);
  expect(outcomes('1', '2020-01-01T00:00:10Z')).toEqual(['t ok c', 'c ok']);
  expect(outcomes('true', '+61s')).toEqual(['t ok c', 'c failed']);
});

test('a preset that fires by silence is tested up to a time', () => {
  const { rules } = tested({
    'a.yml':
      'title: silent\npreset: flatline\nthreshold: 1\ntimeframe: 5m\ntests:\n' +
      '- {event: {a: 1}, until: +5m, match: false}\n- {event: {a: 1}, until: +301s, match: true}',
  });
  expect(rules.map(told)).toEqual([
    [
      'ok',
      [
        [true, 0],
        [true, 1],
      ],
    ],
  ]);
});

const info = (id: string, tests = '[{name: recorded, match_count: 1}]'): string =>
  `rule_metadata: [{id: ${id}}]\nregression_tests_info: ${tests}`;
const failed = '{"type": "login", "ok": false}';

test('events recorded beside a rule are its cases, as in SigmaHQ', () => {
  const { rules, faults } = tested({
    'x/rule.yml': rule(''),
    'x/info.yml': info('r1', '[{name: recorded, match_count: 2}]'),
    'x/match-1.json': `${failed}\n${failed}`,
    'y/rule.yml': rule('', 'r2'),
    'y/match-1.json': '{"type": "logout"}',
    'y/no-match-1.json': failed,
    'z/rule.yml': rule('', 'r3'),
  });
  expect(rules.map(told)).toEqual([
    ['ok', [[true, 2]]],
    [
      'failed',
      [
        [false, 0],
        [false, 1],
      ],
    ],
    ['untested', []],
  ]);
  expect(faults).toEqual([]);
});

test('recorded events may lie elsewhere and name their rule by its id; each test may have a recording of its own', () => {
  const { rules, faults } = tested({
    'rules/a.yml': rule(''),
    'rules/b.yml': rule('', 'r2'),
    'data/a/info.yml': info(
      'r1',
      '[{name: one, path: data/a/one.evtx, match_count: 1}, {name: none, path: data/a/two.evtx, match_count: 0}]',
    ),
    'data/a/one.json': failed,
    'data/a/two.json': '[{"type": "logout"}]',
    'data/b/info.yml': info('r9'),
    'data/b/x.json': failed,
    'data/c.json': failed,
    'data/d.json': '{"type": ',
  });
  expect(rules.map(told)).toEqual([
    [
      'ok',
      [
        [true, 1],
        [true, 0],
      ],
    ],
    ['untested', []],
  ]);
  expect(faults.map(({ source, message }) => `${source}: ${message}`)).toEqual([
    expect.stringContaining('data/d.json: the events cannot be read'),
    'data/b: the events of "recorded" are for nobody: no rule has the id r9',
    'data: the events of "c.json" are for nobody: no one rule lies beside them; name it by its id in an info.yml',
  ]);
});

test('rules of agents are tested by their labelled cases, and refused with their line', () => {
  const atr = (more: string): string =>
    'title: hi\nid: ATR-2026-00001\nseverity: high\nagent_source: {type: llm_io}\ndetection:\n' +
    '  condition: any\n  conditions: [{field: user_input, operator: contains, value: attack}]\n' +
    `test_cases:\n  true_positives: [{input: an attack}]\n  true_negatives: [{input: ${more}}]`;
  expect(tested({ 'a.yaml': atr('peace') }).rules.map(told)).toEqual([
    [
      'ok',
      [
        [true, 1],
        [true, 0],
      ],
    ],
  ]);
  expect(tested({ 'a.yaml': atr('attacks') }).rules.map(told)).toEqual([
    [
      'failed',
      [
        [true, 1],
        [false, 1],
      ],
    ],
  ]);
  const [refused] = tested({ 'a.yaml': atr('x').replace('contains', 'like') }).rules;
  expect([refused?.outcome, refused?.faults[0]?.line]).toEqual(['refused', 7]);
});

test.each([
  ['tests: {event: {}}', 'tests: tests is a list of cases'],
  ['tests: [{event: {a: 1}}]', 'tests.0: match is true, false or how often the rule matches (got undefined)'],
  ['tests: [{event: {a: 1}, match: yes}]', '(got "yes")'],
  ['tests: [{match: true}]', 'a case has either event, a map, or events, a list of maps'],
  ['tests: [{events: [x], match: true}]', 'an event is a map (got "x")'],
  ['tests: [{event: {a: 1}, expect: true}]', 'a case has no "expect"; it has name, event, events, match, until'],
  ['tests: [{event: {a: 1}, match: true, until: soon}]', 'until is a time like +10m'],
])('a case like %s is refused by name', (tests, fault) => {
  const { refused } = readRules([{ source: 't', text: rule(tests) }]);
  expect(refused.flatMap(({ faults }) => faults.map(({ path, message }) => `${path}: ${message}`)).join()).toContain(fault);
});
