// Runs a program over a text with all its states at once: time grows with the text times the steps, whatever the expression.
import { has } from './char-set.ts';
import type { Look, Program, Step } from './program.ts';
import type { Place } from './syntax.ts';

/**
 * For every place of the text whether the program reaches its match there, having started anywhere before it (after it, for a
 * program that runs backwards). Places lie between units: 0 to the text's length.
 */
export function matchPlaces(program: Program, text: string): Uint8Array {
  const places = new Uint8Array(text.length + 1);
  run(program, text, (place) => {
    places[place] = 1;
    return false;
  });
  return places;
}

/** Whether the program matches anywhere in the text. */
export function matchesAnywhere(program: Program, text: string): boolean {
  return run(program, text, () => true);
}

function run(program: Program, text: string, matched: (place: number) => boolean): boolean {
  const { steps, start, backwards } = program;
  const looks = new Map<Look, Uint8Array>();
  const stamp = new Int32Array(steps.length);
  let round = 0;
  let now: number[] = [];
  let later: number[] = [];
  const stack: number[] = [];

  /** Puts a step and all that it leads to without reading among the states; says whether the match is among them. */
  const enter = (first: number, place: number, states: number[]): boolean => {
    let found = false;
    stack.push(first);
    while (stack.length > 0) {
      const at = stack.pop() as number;
      if (stamp[at] === round) continue;
      stamp[at] = round;
      const step = steps[at] as Step;
      if (step.op === 'match') found = true;
      else if (step.op === 'set') states.push(at);
      else if (step.op === 'fork') stack.push(step.other, step.next);
      else if (step.op === 'at' ? isAt(step.place, text, place) : looksRight(step.look, place)) stack.push(step.next);
    }
    return found;
  };
  const looksRight = (look: Look, place: number): boolean => {
    let table = looks.get(look);
    if (table === undefined) looks.set(look, (table = matchPlaces(look.program, text)));
    return (table[place] === 1) !== look.negative;
  };

  let place = backwards ? text.length : 0;
  for (;;) {
    round += 1;
    let found = false;
    [now, later] = [later, now];
    const states = later;
    states.length = 0;
    for (const at of now) found = enter(at, place, states) || found;
    found = enter(start, place, states) || found;
    if (found && matched(place)) return true;
    if (place === (backwards ? 0 : text.length)) return false;
    const codePoint = backwards ? codePointBefore(text, place) : (text.codePointAt(place) ?? 0);
    place += (backwards ? -1 : 1) * (codePoint > 0xffff ? 2 : 1);
    let kept = 0;
    for (const at of states) {
      const step = steps[at] as Step & { op: 'set' };
      if (has(step.set, codePoint)) states[kept++] = step.next;
    }
    states.length = kept;
  }
}

function codePointBefore(text: string, place: number): number {
  const pair = place > 1 ? (text.codePointAt(place - 2) ?? 0) : 0;
  return pair > 0xffff ? pair : text.charCodeAt(place - 1);
}

function isAt(where: Place, text: string, place: number): boolean {
  switch (where) {
    case 'start':
      return place === 0;
    case 'end':
      return place === text.length;
    case 'line-start':
      return place === 0 || /[\n\r\u2028\u2029]/.test(text[place - 1] as string);
    case 'line-end':
      return place === text.length || /[\n\r\u2028\u2029]/.test(text[place] as string);
    case 'word-edge':
      return isWord(text, place - 1) !== isWord(text, place);
    case 'no-word-edge':
      return isWord(text, place - 1) === isWord(text, place);
  }
}

function isWord(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return (unit >= 0x61 && unit <= 0x7a) || (unit >= 0x41 && unit <= 0x5a) || (unit >= 0x30 && unit <= 0x39) || unit === 0x5f;
}
