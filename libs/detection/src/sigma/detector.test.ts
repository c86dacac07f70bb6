import fc from 'fast-check';
import { readRules, sigmaDetector, sigmaView } from '../index.ts';

const word = fc.string({ unit: fc.constantFrom('a', 'b', 'C', '*', '?', 'é'), minLength: 1, maxLength: 6 });
const item = fc.record({
  field: fc.constantFrom('x', 'y', ''),
  how: fc.constantFrom('', '|contains', '|endswith', '|contains|all', '|neq'),
  words: fc.array(word, { minLength: 1, maxLength: 3 }),
});
const rule = fc.record({
  one: item,
  two: item,
  condition: fc.constantFrom('one', 'one and two', 'one or two', 'one and not two', '1 of them', 'not one'),
});
const value = fc.string({ unit: fc.constantFrom('A', 'b', 'c', 'É', '-'), maxLength: 10 });

test('D1: all rules at once match what each rule by itself does', () => {
  fc.assert(
    fc.property(
      fc.array(rule, { maxLength: 6 }),
      fc.record({ x: value, y: fc.array(value, { maxLength: 2 }) }),
      (rules, event) => {
        const texts = rules.map(({ one, two, condition }, i) => {
          const named = ({ field, how, words }: typeof one): object => ({ [`${field}${how}`]: words });
          return {
            source: String(i),
            text: JSON.stringify({ title: 't', logsource: {}, detection: { one: named(one), two: named(two), condition } }),
          };
        });
        const set = readRules(texts);
        expect(set.refused).toEqual([]);
        const alone = set.rules.filter(({ predicate }) => predicate.test(sigmaView(event)));
        expect(sigmaDetector(set.rules).detect(sigmaView(event))).toEqual(alone);
      },
    ),
    { numRuns: 200 },
  );
});

test('of a huge text the beginning and the end are looked at, and it is told', () => {
  const text = 'title: t\nlogsource: {}\ndetection: {s: {a|startswith: begin, a|endswith: end}, condition: s}'.replace(
    'a|endswith',
    'b|endswith',
  );
  const { rules } = readRules([{ source: 't', text }]);
  const huge = `begin${'x'.repeat(400_000)}end`;
  const view = sigmaView({ a: huge, b: huge });
  expect(sigmaDetector(rules).detect(view)).toHaveLength(1);
  expect([view.cut(), sigmaView({ a: 'x' }).cut(), sigmaView(Array.from({ length: 10_001 }, () => 1)).cut()]).toEqual([
    true,
    false,
    true,
  ]);
});
