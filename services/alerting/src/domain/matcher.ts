// Matchers: conditions on labels. A label that is not there has the value ''.
import { compareText, goQuote } from './go-text.ts';
import { type LabelSet, labelValue } from './label-set.ts';
import { anchored } from './pattern.ts';

export type MatchOperator = '=' | '!=' | '=~' | '!~';

export interface Matcher {
  readonly name: string;
  readonly operator: MatchOperator;
  readonly value: string;
  readonly matches: (value: string) => boolean;
}

/** The API's words for an operator. */
export const isRegex = ({ operator }: Pick<Matcher, 'operator'>): boolean => operator.endsWith('~');
export const isEqual = ({ operator }: Pick<Matcher, 'operator'>): boolean => operator.startsWith('=');
export const operatorOf = (of: { isEqual: boolean; isRegex: boolean }): MatchOperator =>
  of.isRegex ? (of.isEqual ? '=~' : '!~') : of.isEqual ? '=' : '!=';

/**
 * A matcher. Regular expressions are Go's and anchored at both ends. Throws PatternFault.
 *
 *   M1  `!=` says the opposite of `=`, and `!~` of `=~`, for every value
 */
export function matcherOf(name: string, operator: MatchOperator, value: string): Matcher {
  if (operator === '=') return { name, operator, value, matches: (text) => text === value };
  if (operator === '!=') return { name, operator, value, matches: (text) => text !== value };
  const whole = anchored(value);
  return { name, operator, value, matches: operator === '=~' ? whole : (text) => !whole(text) };
}

/** Whether all match; of no matcher, true. */
export const matchesAll = (matchers: readonly Matcher[], labels: LabelSet): boolean =>
  matchers.every((matcher) => matcher.matches(labelValue(labels, matcher.name)));

/** What a name may not hold unquoted. */
const reserved = /[\s{}!=~,\\"'`]/u;

/** `a="b"`, as Alertmanager writes it in group keys: names are quoted only if they must be. */
export function formatMatcher({ name, operator, value }: Pick<Matcher, 'name' | 'operator' | 'value'>): string {
  if (reserved.test(name)) return `${goQuote(name)}${operator}${goQuote(value)}`;
  return `${name}${operator}"${value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"')}"`;
}

/** `{a="b",c=~"d"}` */
export const formatMatchers = (matchers: readonly Matcher[]): string => `{${matchers.map(formatMatcher).join(',')}}`;

/** By name, then value, then operator: the order in which a route's matchers are written. */
export const sortMatchers = (matchers: readonly Matcher[]): Matcher[] =>
  matchers.toSorted(
    (a, b) => compareText(a.name, b.name) || compareText(a.value, b.value) || order(a.operator) - order(b.operator),
  );

const order = (operator: MatchOperator): number => ['=', '!=', '=~', '!~'].indexOf(operator);

/** Whether two lists hold the same matchers in the same order. */
export const sameMatchers = (a: readonly Matcher[], b: readonly Matcher[]): boolean => formatMatchers(a) === formatMatchers(b);
