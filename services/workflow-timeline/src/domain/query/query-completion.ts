import { executionStatuses, queryKeys } from './query.ts';
import { type Place, QueryFault, type QueryWord, queryWords } from './query-words.ts';

/** What is being written at a place of a query: a key, or a value of one. `place` is what a choice replaces. */
export type Unfinished =
  | { readonly of: 'key'; readonly place: Place; readonly prefix: string }
  | { readonly of: 'value'; readonly key: string; readonly place: Place; readonly prefix: string };

/** What stands before the cursor, as far as it is written. A cursor between words begins a new one. */
export function unfinishedAt(q: string, cursor: number): Unfinished {
  const at = Math.min(Math.max(0, cursor), q.length);
  const word = closedWords(q.slice(0, at)).at(-1);
  if (word === undefined || word.end < at) return { of: 'key', place: { start: at, end: at }, prefix: '' };
  if (word.key === undefined) {
    const start = word.start + (word.not ? 1 : 0);
    return { of: 'key', place: { start, end: at }, prefix: q.slice(start, at) };
  }
  const value = word.values.at(-1);
  return { of: 'value', key: word.key, place: { start: value?.start ?? at, end: at }, prefix: value?.pieces.join('*') ?? '' };
}

/** The words, where a quote that is not closed ends with the text. */
function closedWords(q: string): QueryWord[] {
  try {
    return queryWords(q);
  } catch (error) {
    if (!(error instanceof QueryFault)) throw error;
    return queryWords(`${q}"`).map((word) => ({ ...word, end: Math.min(word.end, q.length) }));
  }
}

export interface Completion {
  /** What takes the place: `status:` or `failed`. */
  readonly text: string;
  /** What it means, or of how many executions it is true. */
  readonly note: string;
}

/** Keys that begin so. */
export function keyCompletions(prefix: string): Completion[] {
  const begins = prefix.toLowerCase();
  return Object.entries(queryKeys)
    .filter(([key]) => key.startsWith(begins))
    .map(([key, note]) => ({ text: `${key}:`, note }));
}

const examples: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  duration: [
    ['>1s', 'longer than a second'],
    ['>30s', 'longer than 30 s'],
    ['>5m', 'longer than 5 minutes'],
    ['<1s', 'shorter than a second'],
    ['10s..1m', 'from 10 s to 1 minute'],
  ],
  started: [
    ['>15m', 'in the last 15 minutes'],
    ['>2h', 'in the last 2 hours'],
    ['>1d', 'in the last 24 hours'],
    ['>7d', 'in the last 7 days'],
    ['<1d', 'more than a day ago'],
  ],
  steps: [
    ['>100', 'more than 100 steps'],
    ['>1000', 'more than 1000 steps'],
    ['1..10', '1 to 10 steps'],
  ],
};

/** Values of keys that are known without looking; undefined for the others. */
export function fixedCompletions(key: string, prefix: string): Completion[] | undefined {
  if (key === 'status') {
    return executionStatuses.filter((status) => status.startsWith(prefix.toLowerCase())).map((text) => ({ text, note: '' }));
  }
  if (!Object.hasOwn(examples, key)) return undefined;
  return examples[key]?.filter(([text]) => text.startsWith(prefix)).map(([text, note]) => ({ text, note }));
}
