// Aho and Corasick (1975): finds all of many literals in one pass over a text, whatever their number.
import { foldUnit } from './fold.ts';

/** Literals are cut to their last units: enough to keep events away, and the table stays small. */
const maxUnits = 8;
/** Units outside ASCII share this many columns: two that share one are told apart by whoever looks closer. */
const sharedColumns = 32;

/** Finds literals of ASCII exactly; a literal with other units may be reported where a text has different ones, never missed. */
export interface Automaton {
  /** Calls `found` with the index of each literal that lies in the text, at least once for each. */
  readonly scan: (text: string, found: (literal: number) => void) => void;
  readonly states: number;
}

/** @param literals folded texts of at least one unit; longer ones are looked for by their last units */
export function automatonOf(literals: readonly string[]): Automaton {
  const columnOf = columnsOf(literals);
  const columns = 1 + Math.max(0, ...columnOf);
  const next: Int32Array[] = [new Int32Array(columns).fill(-1)];
  const ends: number[][] = [[]];
  literals.forEach((literal, index) => {
    let state = 0;
    for (let i = Math.max(0, literal.length - maxUnits); i < literal.length; i += 1) {
      const row = next[state] as Int32Array;
      const column = columnOf[columnIndex(literal.charCodeAt(i))] as number;
      let to = row[column] as number;
      if (to < 0) {
        to = next.push(new Int32Array(columns).fill(-1)) - 1;
        ends.push([]);
        row[column] = to;
      }
      state = to;
    }
    (ends[state] as number[]).push(index);
  });
  return walkOf(completed(next, ends, columns), columnOf, columns);
}

/** Column of the table for each folded ASCII unit, and for each group of the others; 0 is every unit that no literal has. */
function columnsOf(literals: readonly string[]): Uint16Array {
  const columnOf = new Uint16Array(128 + sharedColumns);
  let columns = 1;
  for (const literal of literals) {
    for (let i = 0; i < literal.length; i += 1) {
      const at = columnIndex(literal.charCodeAt(i));
      if (columnOf[at] === 0) columnOf[at] = columns++;
    }
  }
  return columnOf;
}

function columnIndex(unit: number): number {
  return unit < 128 ? unit : 128 + (unit % sharedColumns);
}

interface Table {
  readonly next: Int32Array;
  /** Literals of state s: `ids` from `starts[s]` to `starts[s + 1]`, those of its suffixes too. */
  readonly starts: Int32Array;
  readonly ids: Int32Array;
}

/** The trie as a table without failures: each state has a successor for every column. */
function completed(rows: readonly Int32Array[], ends: readonly number[][], columns: number): Table {
  const next = new Int32Array(rows.length * columns);
  const suffix = new Int32Array(rows.length);
  const all: number[][] = ends.map((list) => [...list]);
  const queue = [0];
  for (const state of queue) {
    const row = rows[state] as Int32Array;
    const fallback = suffix[state] as number;
    if (state !== 0) (all[state] as number[]).push(...(all[fallback] as number[]));
    for (let column = 0; column < columns; column += 1) {
      const to = row[column] as number;
      const after = state === 0 ? 0 : (next[fallback * columns + column] as number);
      if (to < 0) next[state * columns + column] = after;
      else {
        suffix[to] = after;
        next[state * columns + column] = to;
        queue.push(to);
      }
    }
  }
  const starts = new Int32Array(rows.length + 1);
  all.forEach((list, state) => (starts[state + 1] = (starts[state] as number) + list.length));
  return { next, starts, ids: Int32Array.from(all.flat()) };
}

function walkOf({ next, starts, ids }: Table, columnOf: Uint16Array, columns: number): Automaton {
  // Unit → column, with the case of ASCII folded away; all other units are folded as they come.
  const ascii = new Uint16Array(128);
  for (let unit = 0; unit < 128; unit += 1) ascii[unit] = columnOf[foldUnit(unit)] as number;
  return {
    states: starts.length - 1,
    scan(text, found) {
      let state = 0;
      for (let i = 0; i < text.length; i += 1) {
        const unit = text.charCodeAt(i);
        const column = unit < 128 ? (ascii[unit] as number) : (columnOf[columnIndex(foldUnit(unit))] as number);
        state = next[state * columns + column] as number;
        const end = starts[state + 1] as number;
        for (let at = starts[state] as number; at < end; at += 1) found(ids[at] as number);
      }
    },
  };
}
