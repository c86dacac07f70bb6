// One regular expression, ready to run, in time that grows only with the text.
import { RE2JS } from 're2js';
import { RuleFault } from '../fault.ts';
import type { Requirement } from '../literals/requirement.ts';
import { parseRegex } from './parse.ts';
import { programOf } from './program.ts';
import { requiredLiterals } from './required-literals.ts';
import { matchesAnywhere, matchPlaces } from './simulate.ts';
import { type Dialect, type Flags, holds, needsBeyondAscii, type Regex } from './syntax.ts';
import { toRe2 } from './to-re2.ts';

const beyondAscii = /[\u0080-\uffff]/;

export interface CompiledRegex {
  /** Whether it matches anywhere in the text. */
  readonly test: (text: string) => boolean;
  /** Where the first match begins, or -1. */
  readonly firstPlace: (text: string) => number;
  /** What a text must hold to be worth the test. */
  readonly required: Requirement;
  /**
   * What runs it. `re2`: RE2's automata. `states`: the automaton of this lib, for expressions that look around. `v8`: the engine
   * of JavaScript, for back-references, which no automaton has; texts above `backreferenceUnits` are not matched by it.
   */
  readonly engine: 're2' | 'states' | 'v8';
}

/** The longest text that an expression with back-references is tried on: no automaton runs these, so the time must be bounded so. */
export const backreferenceUnits = 4096;

/**
 * Reads an expression; the automaton itself is made at the first text, since most rules never see one that gets so far.
 *
 * @throws RuleFault why it cannot be run
 */
export function compileRegex(source: string, flags: Flags, dialect: Dialect): CompiledRegex {
  const regex = parseRegex(source, flags, dialect);
  const required = requiredLiterals(regex);
  if (holds(regex, 'backreference')) return byV8(source, flags, required);
  const re2 = toRe2(regex);
  const compiled = re2 === undefined ? byStates(regex, required) : byRe2(regex, re2, required);
  if (!needsBeyondAscii(regex)) return compiled;
  return { ...compiled, test: (text) => beyondAscii.test(text) && compiled.test(text) };
}

function byRe2(regex: Regex, spelled: string, required: Requirement): CompiledRegex {
  let compiled: CompiledRegex | RE2JS | undefined;
  const get = (): { readonly test: (text: string) => boolean } => {
    try {
      return (compiled ??= RE2JS.compile(spelled));
    } catch {
      // Written out, its repetitions are more than RE2 takes.
      return (compiled = byStates(regex, required));
    }
  };
  return { test: (text) => get().test(text), firstPlace: (text) => firstPlace(regex, text), required, engine: 're2' };
}

function byStates(regex: Regex, required: Requirement): CompiledRegex {
  const program = programOf(regex, false);
  return {
    test: (text) => matchesAnywhere(program, text),
    firstPlace: (text) => firstPlace(regex, text),
    required,
    engine: 'states',
  };
}

/** Run from the end, every place where a match begins is known. */
function firstPlace(regex: Regex, text: string): number {
  return matchPlaces(programOf(regex, true), text).indexOf(1);
}

function byV8(source: string, { ignoreCase, multiline, dotAll }: Flags, required: Requirement): CompiledRegex {
  let compiled: RegExp;
  try {
    compiled = new RegExp(source, `${ignoreCase ? 'i' : ''}${multiline ? 'm' : ''}${dotAll ? 's' : ''}`);
  } catch (error) {
    throw new RuleFault(Error.isError(error) ? error.message : String(error));
  }
  const short = (text: string): boolean => text.length <= backreferenceUnits;
  return {
    test: (text) => short(text) && compiled.test(text),
    firstPlace: (text) => (short(text) ? text.search(compiled) : -1),
    required,
    engine: 'v8',
  };
}
