import fc from 'fast-check';
import { matcherOf, matchesAll, type MatchOperator } from './matcher.ts';
import { silenceIndex } from './silence-index.ts';

const silence = (id: string, ...matchers: [string, MatchOperator, string][]) => ({
  silence: { id },
  matchers: matchers.map(([name, operator, value]) => matcherOf(name, operator, value)),
});
const ids = (found: readonly { silence: { id: string } }[]) => found.map((each) => each.silence.id).sort();

test('a silence for another value of a label is not looked at', () => {
  const index = silenceIndex();
  index.set(silence('a', ['job', '=', 'api'], ['zone', '=~', 'eu.*']));
  index.set(silence('b', ['job', '=', 'db']));
  index.set(silence('c', ['job', '!=', 'db']));
  expect(ids(index.candidates({ job: 'api' }))).toEqual(['a', 'c']);
  expect(ids(index.candidates({ zone: 'eu' }))).toEqual(['c']);
});

test('a silence that was put again is found by what it asks for since, and one that was taken out is not', () => {
  const index = silenceIndex();
  index.set(silence('a', ['job', '=', 'api']));
  index.set(silence('a', ['job', '=', 'db']));
  expect(ids(index.candidates({ job: 'api' }))).toEqual([]);
  expect(ids(index.candidates({ job: 'db' }))).toEqual(['a']);
  index.delete('a');
  expect(index.candidates({ job: 'db' })).toEqual([]);
});

test('X1: a silence that matches the labels is among the candidates', () => {
  const text = fc.constantFrom('', 'a', 'b', 'constructor', '__proto__');
  const matcher = fc.tuple(text, fc.constantFrom<MatchOperator>('=', '!=', '=~', '!~'), text);
  fc.assert(
    fc.property(
      fc.array(fc.array(matcher, { minLength: 1, maxLength: 3 }), { maxLength: 6 }),
      fc.dictionary(text, text),
      (all, labels) => {
        const index = silenceIndex();
        const made = all.map((matchers, id) => silence(String(id), ...matchers));
        for (const each of made) index.set(each);
        const found = new Set(ids(index.candidates(labels)));
        for (const { silence: own, matchers } of made) if (matchesAll(matchers, labels)) expect(found).toContain(own.id);
      },
    ),
  );
});
