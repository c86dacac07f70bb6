// Matchers as amtool writes them: severity="critical", job=~"api.*". The server reads them; this page takes them apart into chips.
import type { MatcherJson } from '@tmws/contracts/silences';
import type { Labels } from './alert.ts';

export const operators = ['=', '!=', '=~', '!~'] as const;
export type Operator = (typeof operators)[number];

export interface Matcher {
  readonly name: string;
  readonly operator: Operator;
  readonly value: string;
}

export const operatorWords: Readonly<Record<Operator, string>> = {
  '=': 'is',
  '!=': 'is not',
  '=~': 'matches',
  '!~': 'does not match',
};

const quoted = (text: string): string => `"${text.replaceAll(/["\\]/g, String.raw`\$&`).replaceAll('\n', String.raw`\n`)}"`;
const plainName = /^[a-zA-Z_][\w:]*$/;

export const matcherText = ({ name, operator, value }: Matcher): string =>
  `${plainName.test(name) ? name : quoted(name)}${operator}${quoted(value)}`;

/** The parts between commas that are outside of quotes, and outside of braces around all. */
export function splitMatchers(text: string): string[] {
  const inner = text.trim().replace(/^\{(.*)\}$/s, '$1');
  const parts = inner.match(/(?:"(?:\\.|[^"\\])*"?|[^,"])+/gs) ?? [];
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

/** One matcher; undefined of what is none: then the server says what is wrong with it. A word alone is none. */
export function parseMatcher(text: string): Matcher | undefined {
  const found = /^\s*("(?:\\.|[^"\\])*"|[^\s"=!~{},]+)\s*(=~|!~|!=|=)\s*("(?:\\.|[^"\\])*"|[^"{},]*)\s*$/s.exec(text);
  const [, name = '', operator, value = ''] = found ?? [];
  if (operator === undefined) return undefined;
  return { name: unquoted(name), operator: operator as Operator, value: unquoted(value.trim()) };
}

const unquoted = (text: string): string =>
  text.startsWith('"') ? text.slice(1, -1).replaceAll(/\\(.)/gs, (_, sign: string) => (sign === 'n' ? '\n' : sign)) : text;

/** The filter with a matcher more; one it has already is not added again. */
export function withMatcher(filter: string, matcher: Matcher): string {
  const parts = splitMatchers(filter);
  const text = matcherText(matcher);
  const known = parts.some((part) => {
    const other = parseMatcher(part);
    return other !== undefined && matcherText(other) === text;
  });
  return (known ? parts : [...parts, text]).join(', ');
}

/** The filter without its part at a place. */
export const withoutMatcher = (filter: string, place: number): string =>
  splitMatchers(filter)
    .filter((_, at) => at !== place)
    .join(', ');

/** What matches these labels and no other values of them. */
export const exactly = (labels: Labels): Matcher[] =>
  Object.entries(labels)
    .toSorted(([a], [b]) => (a === 'alertname' ? -1 : b === 'alertname' ? 1 : a < b ? -1 : 1))
    .map(([name, value]) => ({ name, operator: '=', value }));

const mostValues = 12;
const literal = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);

/** Matchers of several label sets: what all have alike, and what few values tell apart. It may match more than these: the preview says. */
export function matchersOf(all: readonly Labels[]): Matcher[] {
  const [first, ...others] = all;
  if (first === undefined) return [];
  if (others.length === 0) return exactly(first);
  return exactly(first).flatMap((matcher): Matcher[] => {
    const values = [...new Set(all.map((labels) => labels[matcher.name]))];
    if (values.length === 1) return [matcher];
    if (values.includes(undefined) || values.length > mostValues) return [];
    return [{ ...matcher, operator: '=~', value: values.map((value = '') => literal(value)).join('|') }];
  });
}

export const readMatcher = ({ name = '', operator = '=', value = '' }: MatcherJson): Matcher => ({
  name,
  value,
  operator: operators.find((each) => each === operator) ?? '=',
});
