// Gates: one automaton for the requirements of all rules; after one pass over an event's texts it tells which gates are open.
import { type Automaton, automatonOf } from './automaton.ts';
import type { Requirement } from './requirement.ts';

/** Which gates an event opens. Valid until the next `look`. */
export interface Gates {
  /** Reads the texts of an event; afterwards `open` tells. */
  readonly look: (texts: Iterable<string>) => void;
  /** Whether the event has a literal of each clause of this requirement; true where nothing is required. */
  readonly open: (gate: number) => boolean;
  /** The gates that may be open: all that require nothing, and each whose best clause was found. Once each. */
  readonly candidates: () => Iterable<number>;
  readonly states: number;
}

/** @param requirements one a gate, its first clause the best */
export function gatesOf(requirements: readonly Requirement[]): Gates {
  const numbers = new Map<string, number>();
  const clauses = requirements.map((requirement) =>
    requirement.map((clause) =>
      Int32Array.from(clause, (literal) => {
        const known = numbers.get(literal) ?? numbers.size;
        numbers.set(literal, known);
        return known;
      }),
    ),
  );
  const gatesOfLiteral: number[][] = Array.from({ length: numbers.size }, () => []);
  const always: number[] = [];
  clauses.forEach(([first], gate) => {
    if (first === undefined) always.push(gate);
    else for (const literal of first) (gatesOfLiteral[literal] as number[]).push(gate);
  });
  return gateSearch(automatonOf([...numbers.keys()]), clauses, gatesOfLiteral, always);
}

function gateSearch(
  automaton: Automaton,
  clauses: readonly (readonly Int32Array[])[],
  gatesOfLiteral: readonly (readonly number[])[],
  always: readonly number[],
): Gates {
  const seen = new Int32Array(gatesOfLiteral.length);
  const named = new Int32Array(clauses.length);
  let round = 0;
  let hits: number[] = [];
  const found = (literal: number): void => {
    if (seen[literal] === round) return;
    seen[literal] = round;
    hits.push(literal);
  };
  return {
    states: automaton.states,
    look(texts) {
      round += 1;
      hits = [];
      for (const text of texts) automaton.scan(text, found);
    },
    open: (gate) => (clauses[gate] ?? []).every((clause) => clause.some((literal) => seen[literal] === round)),
    *candidates() {
      yield* always;
      for (const literal of hits) {
        for (const gate of gatesOfLiteral[literal] as readonly number[]) {
          if (named[gate] === round) continue;
          named[gate] = round;
          yield gate;
        }
      }
    },
  };
}
