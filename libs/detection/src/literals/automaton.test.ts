import fc from 'fast-check';
import { automatonOf } from './automaton.ts';
import { foldText } from './fold.ts';
import { gatesOf } from './gates.ts';
import { requireAll, requireLiteral, requireOne } from './requirement.ts';

const word = fc.string({ unit: fc.constantFrom('a', 'b', 'C', '-', 'é'), minLength: 1, maxLength: 6 });

function found(literals: readonly string[], text: string): number[] {
  const all = new Set<number>();
  automatonOf(literals).scan(text, (literal) => all.add(literal));
  return [...all].sort((a, b) => a - b);
}

test('the automaton finds exactly the literals that lie in a text, whatever their case', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(word.map(foldText), { maxLength: 12 }),
      fc.string({ unit: fc.constantFrom('A', 'b', 'c', '-', 'É', 'x'), maxLength: 40 }),
      (literals, text) => {
        expect(found(literals, text)).toEqual(literals.flatMap((literal, i) => (foldText(text).includes(literal) ? [i] : [])));
      },
    ),
    { numRuns: 300 },
  );
});

test('a literal that is long is found by its end', () => {
  expect(found(['\\windows\\system32\\cmd.exe'], 'C:\\WINDOWS\\system32\\CMD.EXE /c')).toEqual([0]);
});

test('folding keeps places, and no letter becomes one of ASCII', () => {
  expect(foldText('AΣςΣ\u212aİıſ')).toBe('aσσσ\u212aİıſ');
});

test('a gate is open if each of its clauses has a literal in some text', () => {
  const gates = gatesOf([
    requireAll([requireLiteral(['one', 'two']), requireLiteral(['three'])]),
    [],
    requireOne([requireLiteral(['four']), requireLiteral(['five'])]),
  ]);
  const open = (...texts: string[]): number[] => {
    gates.look(texts);
    return [...gates.candidates()].filter((gate) => gates.open(gate)).sort();
  };
  expect(open('nothing')).toEqual([1]);
  expect(open('TWO', 'x three')).toEqual([0, 1]);
  expect(open('three')).toEqual([1]);
  expect(open('five')).toEqual([1, 2]);
});
