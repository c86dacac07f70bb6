// The words of a query: text between spaces, `key:value,value` and quotes, each with where it stands.

/** Where something stands in a query, in UTF-16 units: from `start` up to `end`. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

/** A query that cannot be read: what is wrong and where, in words for who wrote it. */
export class QueryFault extends Error {
  override readonly name = 'QueryFault';
  readonly place: Place;

  constructor(place: Place, message: string) {
    super(message);
    this.place = place;
  }
}

/** A value, in pieces between its stars: `a*b` is `a` and `b`. One piece: the value has no star. */
export interface QueryValue extends Place {
  readonly pieces: readonly string[];
  readonly quoted: boolean;
}

/** One word. `key` is undefined for free text, which has one value. */
export interface QueryWord extends Place {
  readonly not: boolean;
  readonly key: string | undefined;
  readonly values: readonly QueryValue[];
}

const keyBefore = /[A-Za-z][A-Za-z_-]*:/y;

/**
 * The words of a query, in order.
 *
 *   W1  every character that is not a space lies in exactly one word
 *   W2  in quotes everything is text, `\"`, `\\` and `\*` too; outside them a star stands for anything
 *
 * @throws QueryFault for a quote that is not closed
 */
export function queryWords(q: string): QueryWord[] {
  const words: QueryWord[] = [];
  let at = 0;
  for (;;) {
    while (/\s/.test(q.charAt(at))) at++;
    if (at >= q.length) return words;
    const word = wordAt(q, at);
    words.push(word);
    at = word.end;
  }
}

function wordAt(q: string, start: number): QueryWord {
  const not = q[start] === '-' && start + 1 < q.length && !/\s/.test(q.charAt(start + 1));
  let at = not ? start + 1 : start;
  keyBefore.lastIndex = at;
  const key = keyBefore.exec(q)?.[0].slice(0, -1);
  if (key === undefined) {
    const value = valueAt(q, at, false);
    return { start, end: value.end, not, key, values: [value] };
  }
  at += key.length + 1;
  const values: QueryValue[] = [];
  for (;;) {
    const value = valueAt(q, at, true);
    values.push(value);
    at = value.end;
    if (q[at] !== ',') return { start, end: at, not, key, values };
    at++;
  }
}

/** From `start` to the next space, or to the next comma where they part values. */
function valueAt(q: string, start: number, commas: boolean): QueryValue {
  const pieces = [''];
  const add = (text: string): void => void pieces.push((pieces.pop() ?? '') + text);
  let quoted = false;
  let at = start;
  for (; at < q.length && !/\s/.test(q.charAt(at)) && !(commas && q[at] === ','); at++) {
    if (q[at] === '"') {
      quoted = true;
      at = readQuoted(q, at, pieces);
    } else if (q[at] === '*') pieces.push('');
    else add(q.charAt(at));
  }
  return { start, end: at, pieces, quoted };
}

/** Adds what is in quotes to the pieces. @returns where the closing quote stands */
function readQuoted(q: string, open: number, pieces: string[]): number {
  for (let at = open + 1; at < q.length; at++) {
    if (q[at] === '"') return at;
    if (q[at] === '*') {
      pieces.push('');
      continue;
    }
    if (q[at] === '\\' && /["\\*]/.test(q.charAt(at + 1))) at++;
    pieces.push((pieces.pop() ?? '') + q.charAt(at));
  }
  throw new QueryFault({ start: open, end: q.length }, 'the quote is not closed; put a " at the end of the text');
}

/** The text as it must be written to mean itself: in quotes where it needs them. */
export function quoted(text: string): string {
  return /^[^\s",*:\\-][^\s",*:\\]*$/.test(text) ? text : `"${text.replaceAll(/["\\*]/g, String.raw`\$&`)}"`;
}
