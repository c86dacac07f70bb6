// Which executions the list shows, as the address has it, and each part of it as a chip that can be taken away.
import { list, oneOf, type Parameters, text } from '../state/url-state.ts';
import { boundsOf, rangeMs } from '../state/range.ts';
import type { Query } from '../api/url.ts';
import { type ColumnId, columnIds, type Sort, sorts } from './list-columns.ts';

export interface ListState {
  q: string;
  status: readonly string[];
  workflow: string;
  /** `24h`; else `from` and `to`. */
  range: string;
  from: string;
  to: string;
  sort: Sort;
  /** Empty: those a page has by itself. */
  cols: readonly ColumnId[];
}

export const listParameters: Parameters<ListState> = {
  q: text(),
  status: list(),
  workflow: text(),
  range: { read: (given) => (rangeMs(given ?? '') === undefined ? '' : (given ?? '')), write: (value) => value },
  from: text(),
  to: text(),
  sort: oneOf(sorts),
  cols: list<ColumnId>(columnIds),
};

/** The filter as the API takes it at a moment. */
export function filterQuery(state: ListState, nowMs: number) {
  const { from, to } = boundsOf(new URLSearchParams({ range: state.range, from: state.from, to: state.to }), nowMs);
  return { q: state.q.trim(), status: state.status.join(','), workflow: state.workflow, from, to } satisfies Query;
}

/** As words of `tmws run …`. */
export function filterWords(state: ListState, nowMs: number): string[] {
  const { from, to } = filterQuery(state, nowMs);
  const started = [from ? `started:>=${from}` : '', to ? `started:<${to}` : ''].filter(Boolean);
  const q = [...(state.q.trim() === '' ? [] : [state.q.trim()]), ...started].join(' ');
  return [
    ...(state.workflow === '' ? [] : ['--workflow', state.workflow]),
    ...(state.status.length === 0 ? [] : ['--status', state.status.join(',')]),
    ...(q === '' ? [] : ['--query', q]),
  ];
}

export interface Chip {
  id: string;
  words: string;
  /** Taking it away. Undefined: it is a default, which can only be replaced. */
  without: Partial<ListState> | undefined;
  /** It and nothing else; of several states all, as each of them lets through. */
  alone: Partial<ListState>;
}

const ranges: Readonly<Record<string, string>> = { m: 'min', h: 'h', d: 'd' };

/** Every active filter and default, so that none is hidden. @param terms  of `q`, as the server read it */
export function chipsOf(
  state: ListState,
  terms: readonly { start: number; end: number }[],
  instant: (text: string) => string,
): Chip[] {
  const chips: Chip[] = [];
  const known = terms.length > 0 ? terms : state.q.trim() === '' ? [] : [{ start: 0, end: state.q.length }];
  for (const { start, end } of known) {
    const q = `${state.q.slice(0, start).trimEnd()} ${state.q.slice(end).trimStart()}`.trim();
    const words = state.q.slice(start, end);
    chips.push({ id: `q${start}`, words, without: { q }, alone: { q: words } });
  }
  for (const status of state.status)
    chips.push({
      id: status,
      words: `state: ${status.replaceAll('_', ' ')}`,
      without: { status: state.status.filter((each) => each !== status) },
      alone: { status: state.status },
    });
  if (state.workflow !== '')
    chips.push({
      id: 'workflow',
      words: `workflow: ${state.workflow}`,
      without: { workflow: '' },
      alone: { workflow: state.workflow },
    });
  if (state.range !== '') {
    chips.push({
      id: 'range',
      words: `last ${state.range.slice(0, -1)} ${ranges[state.range.slice(-1)] ?? ''}`,
      without: { range: '' },
      alone: { range: state.range },
    });
  } else {
    if (state.from !== '')
      chips.push({ id: 'from', words: `from ${instant(state.from)}`, without: { from: '' }, alone: { from: state.from } });
    if (state.to !== '')
      chips.push({ id: 'to', words: `before ${instant(state.to)}`, without: { to: '' }, alone: { to: state.to } });
    if (state.from === '' && state.to === '') chips.push({ id: 'any', words: 'any time', without: undefined, alone: {} });
  }
  return chips;
}

export const nothingFiltered: Partial<ListState> = { q: '', status: [], workflow: '', range: '', from: '', to: '' };

export const isFiltered = (state: ListState): boolean =>
  [state.q.trim(), state.workflow, state.range, state.from, state.to].some((each) => each !== '') || state.status.length > 0;

/** What a filter hides by itself: "12", or "all"; undefined where that is not counted. @param through  how many it lets through; -1 of `all`: many */
export function hiddenBy(through: number, all: number): string | undefined {
  if (through === 0) return 'all';
  return all < 0 ? undefined : Math.max(0, all - through).toLocaleString('en');
}

const failures = ['failed', 'timed_out'];
export const failuresOnly = (state: ListState): boolean => state.status.join() === failures.join();

/** Failures only, or all again. */
export const toggleFailures = (state: ListState): Partial<ListState> => ({ status: failuresOnly(state) ? [] : failures });

/** A term more, unless it is there. The server reads what it says. */
export function withTerm(q: string, term: string): string {
  return ` ${q} `.includes(` ${term} `) ? q : `${q.trim()} ${term}`.trim();
}

/** A value of a facet as a term. */
export function facetTerm(key: string, value: string): string {
  if (value === '') return `-${key}:*`;
  return `${key}:${/^[^\s",*:\\-][^\s",*:\\]*$/.test(value) ? value : `"${value.replaceAll(/["\\*]/g, String.raw`\$&`)}"`}`;
}
