// An expression as steps of an automaton with many states at once (Thompson 1968), forwards or backwards.
import { RuleFault } from '../fault.ts';
import type { CharSet } from './char-set.ts';
import type { Place, Regex } from './syntax.ts';

/** Where to go after a step; a step without an end is the match. */
export type Step =
  | { readonly op: 'set'; readonly set: CharSet; next: number }
  | { readonly op: 'fork'; next: number; other: number }
  | { readonly op: 'at'; readonly place: Place; next: number }
  | { readonly op: 'look'; readonly look: Look; next: number }
  | { readonly op: 'match' };

/** An expression that looks around: whether it matches at a place does not depend on how one came there. */
export interface Look {
  readonly program: Program;
  readonly negative: boolean;
}

export interface Program {
  readonly steps: readonly Step[];
  readonly start: number;
  /** Steps go from the end of the text to its beginning. */
  readonly backwards: boolean;
}

const maxSteps = 40_000;

/**
 * @param backwards  true gives the program that finds where a match *begins*, running from the end
 * @throws RuleFault above 40,000 steps, repetitions written out
 */
export function programOf(regex: Regex, backwards: boolean): Program {
  const steps: Step[] = [{ op: 'match' }];
  const add = (step: Step): number => {
    if (steps.length >= maxSteps)
      throw new RuleFault(`the regular expression has more than ${maxSteps} steps once its repetitions are written out`);
    return steps.push(step) - 1;
  };
  const emit = (part: Regex, next: number): number => {
    switch (part.kind) {
      case 'empty':
        return next;
      case 'set':
        return add({ op: 'set', set: part.set, next });
      case 'at':
        return add({ op: 'at', place: part.place, next });
      case 'concat':
        return (backwards ? part.parts : part.parts.toReversed()).reduce((after, each) => emit(each, after), next);
      case 'either':
        return part.parts.map((each) => emit(each, next)).reduce((other, each) => add({ op: 'fork', next: each, other }));
      case 'look':
        // What lies ahead is found from the end backwards, what lies behind from the beginning.
        return add({ op: 'look', look: { program: programOf(part.body, part.ahead), negative: part.negative }, next });
      case 'repeat': {
        let at = next;
        if (part.max === Infinity) {
          const fork: Step = { op: 'fork', next: 0, other: next };
          at = add(fork);
          fork.next = emit(part.body, at);
        } else {
          for (let i = part.min; i < part.max; i += 1) at = add({ op: 'fork', next: emit(part.body, at), other: next });
        }
        for (let i = 0; i < part.min; i += 1) at = emit(part.body, at);
        return at;
      }
      case 'backreference':
        throw new RuleFault('a back-reference needs more than an automaton');
    }
  };
  const start = emit(regex, 0);
  return { steps, start, backwards };
}
