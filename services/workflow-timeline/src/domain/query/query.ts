// The query language of executions: `research status:failed,timed_out -workflow:nightly* duration:>30s`. docs/query.md describes it.
import { counts, instantsAt, lengths, parseRange, type Range } from './query-values.ts';
import { type Place, QueryFault, type QueryValue, type QueryWord, queryWords } from './query-words.ts';

/** What an execution is asked. Texts are compared without regard to case; the pieces of a pattern stand around its stars. */
export type QueryTest =
  | { readonly on: 'text'; readonly patterns: readonly Pattern[] }
  | { readonly on: 'status'; readonly statuses: readonly string[] }
  | { readonly on: TextKey; readonly patterns: readonly Pattern[] }
  | { readonly on: 'id'; readonly prefixes: readonly string[] }
  | { readonly on: RangeKey; readonly ranges: readonly Range[] };

export type Pattern = readonly string[];

/** One term of a query: all must hold, `not` turned round. */
export interface QueryTerm extends Place {
  readonly not: boolean;
  readonly test: QueryTest;
}

const textKeys = ['workflow', 'version', 'name', 'parent', 'origin', 'error', 'message', 'failed-at'] as const;
const rangeKeys = ['duration', 'started', 'steps'] as const;
type TextKey = (typeof textKeys)[number];
type RangeKey = (typeof rangeKeys)[number];

/** What may stand before the colon, in the order it is offered, with what it means. */
export const queryKeys: Readonly<Record<string, string>> = {
  status: 'planned, running, completed, failed, cancelled, timed_out, unknown',
  workflow: 'name of the workflow',
  version: 'version of the workflow',
  name: 'name of the run',
  duration: '>30s, <=1h30m, 10s..1m',
  started: '>2h, <2026-03-01, a day',
  steps: '>100, 7, 10..20',
  error: 'type of the error',
  message: 'part of the error message',
  'failed-at': 'name of the step that failed first',
  id: 'beginning of the id',
  parent: 'id of the run that started it',
  origin: 'format it was imported from',
};

export const executionStatuses = ['planned', 'running', 'completed', 'failed', 'cancelled', 'timed_out', 'unknown'] as const;
const maxTerms = 50;

/**
 * The terms of a query.
 *
 *   Q1  every term stands where it says; terms do not overlap
 *   Q2  a text written by `quoted` is found as itself: q = quoted(text) asks for just that text
 *   Q3  a term with `-` before it asks the contrary of the same term without
 *
 * @param nowNs  what "2h ago" counts from
 * @throws QueryFault with the place of what is wrong, what is allowed there and how to go on
 */
export function parseQuery(q: string, nowNs: bigint): QueryTerm[] {
  const words = queryWords(q);
  const beyond = words[maxTerms];
  if (beyond !== undefined) throw new QueryFault({ start: beyond.start, end: q.length }, `a query has at most ${maxTerms} terms`);
  return words.map((word) => ({ start: word.start, end: word.end, not: word.not, test: testOf(word, nowNs) }));
}

function testOf({ key, values, ...place }: QueryWord, nowNs: bigint): QueryTest {
  if (key === undefined) return freeText(values, place);
  const empty = values.find(({ pieces, quoted }) => !quoted && pieces.length === 1 && pieces[0] === '');
  if (!Object.hasOwn(queryKeys, key)) {
    throw new QueryFault(
      { start: place.start + (place.not ? 1 : 0), end: (values[0]?.start ?? place.end) - 1 },
      `there is no key ${JSON.stringify(key.slice(0, 40))}; keys are ${Object.keys(queryKeys).join(', ')}. To find the text itself put it in quotes`,
    );
  }
  if (empty !== undefined) throw new QueryFault(place, `a value is missing: ${key} takes ${queryKeys[key]}`);
  if (key === 'status') return { on: key, statuses: values.map(statusOf) };
  if (key === 'id') return { on: key, prefixes: values.map(prefixOf) };
  const text = textKeys.find((each) => each === key);
  if (text !== undefined) return { on: text, patterns: values.map(({ pieces }) => pieces) };
  const range = rangeKeys.find((each) => each === key) ?? 'steps';
  const amount = { duration: lengths, started: instantsAt(nowNs), steps: counts }[range];
  return { on: range, ranges: values.map((value) => parseRange(range, value.pieces.join('*'), amount, value)) };
}

const operators: Readonly<Record<string, string>> = {
  OR: 'a comma means "any of", as in status:failed,timed_out',
  AND: 'terms one after another must all hold',
  NOT: 'a minus before a term turns it round, as in -status:completed',
};

function freeText(values: readonly QueryValue[], place: Place): QueryTest {
  const [{ pieces, quoted } = { pieces: [''], quoted: false }] = values;
  const remedy = quoted || pieces.length > 1 ? undefined : operators[pieces[0] ?? ''];
  if (remedy !== undefined)
    throw new QueryFault(place, `there is no ${pieces[0] ?? ''} here: ${remedy}. To find the word itself put it in quotes`);
  if (pieces.length === 1 && (pieces[0] === '' || (pieces[0] === '-' && !quoted)))
    throw new QueryFault(place, 'there is no text here; write what to find, or take this away');
  return { on: 'text', patterns: [pieces] };
}

function statusOf({ pieces, ...place }: QueryValue): string {
  const given = pieces.join('*');
  if (executionStatuses.some((status) => status === given)) return given;
  throw new QueryFault(
    place,
    `status must be one of ${executionStatuses.join(', ')} (got ${JSON.stringify(given.slice(0, 40))})`,
  );
}

/** The star at the end of `run-*` says what is so anyway. */
function prefixOf({ pieces, ...place }: QueryValue): string {
  const [prefix = '', after, ...more] = pieces;
  if ((after ?? '') === '' && more.length === 0) return prefix;
  throw new QueryFault(
    place,
    `id takes the beginning of an id, without a star inside (got ${JSON.stringify(pieces.join('*').slice(0, 60))})`,
  );
}
