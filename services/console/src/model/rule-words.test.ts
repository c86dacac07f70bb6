import { pagesText, readReport, reportWords } from './backtest.ts';
import { caseWords, labelsOf, madeByRule, percent, readRefused, verdictWords } from './rule.ts';

test('what people said of a rule comes with what it is worth', () => {
  expect(verdictWords({ right: 0, wrong: 0, bound: 0 })).toBe('nobody judged an alert of it yet');
  expect(verdictWords({ right: 14, wrong: 0, bound: 0.193 })).toBe('0 of 14 judged false; at most 19 % at 95 %');
  expect([percent(0), percent(0.004), percent(1)]).toEqual(['0 %', '0.4 %', '100 %']);
});

test('a refused rule says file and line, where the line is known', () => {
  const faults = [{ line: 3, path: 'detection.condition', message: 'there is no selection "x"' }, { message: 'not YAML' }];
  expect(readRefused({ source: 'bad.yml', id: 'b', faults })).toEqual({
    source: 'bad.yml',
    title: 'b',
    faults: [
      { place: 'bad.yml:3', words: 'detection.condition: there is no selection "x"' },
      { place: 'bad.yml', words: 'not YAML' },
    ],
  });
});

test('cases are told with those that failed', () => {
  expect(caseWords({ cases: 0, failedCases: [] })).toBe('it brings no cases');
  expect(caseWords({ cases: 1, failedCases: [] })).toBe('1 case as they say');
  expect(caseWords({ cases: 3, failedCases: ['x'] })).toBe('1 of 3 cases failed');
});

test('a backtest of one rule is a sentence with its precision and bound', () => {
  const rule = { id: 'r', hits: '3', alerts: '1', pagesPerWeek: 1, truePositives: '3', precision: 1, falsePositiveBound: 0.632 };
  const span = { from: '2026-02-22T12:00:00Z', to: '2026-03-01T12:00:00Z' };
  expect(reportWords(readReport({ events: '312440', ...span, rules: [rule] }))).toBe(
    '312,440 events in 7 d: 3 hits, 1 alert, 1 page a week; precision 1.00 of 3 labelled, at least 37 % at 95 %',
  );
  expect(reportWords(readReport({ events: '1', rules: [{ ...rule, missed: '2' }, { id: 'quiet' }] }))).toBe(
    '1 event: 3 hits by 1 of 2 rules, 1 alert, 1 page a week',
  );
});

test('the rules that were met most come first, and what is nothing is 0', () => {
  expect(readReport({ rules: [{ id: 'a', hits: '9' }, { id: 'b' }, { id: 'c', hits: '10' }] }).rules.map(({ id }) => id)).toEqual(
    ['c', 'a', 'b'],
  );
  expect([0, 0.04, 1, 9.96, 1234.5].map(pagesText)).toEqual(['0', '0.04', '1', '10', '1,235']);
});

test('alerts of a rule are known by its id, those of a built-in one by their name', () => {
  expect(labelsOf({ id: 'r', kind: 'sigma' })).toEqual({ rule_id: 'r' });
  expect(labelsOf({ id: 'FailedSignIns', kind: 'built_in' })).toEqual({ alertname: 'FailedSignIns' });
});

test('alerts that a rule made can be judged, others cannot', () => {
  expect(madeByRule({ tmws_source: 'detection' })).toBe(true);
  expect(madeByRule({ rule_id: 'x' })).toBe(true);
  expect(madeByRule({ alertname: 'Down', tmws_source: 'auth' })).toBe(false);
});
