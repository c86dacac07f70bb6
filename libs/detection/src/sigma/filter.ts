// Filters: one exclusion for many rules. Sigma filters specification 2.0, with `rules: any` of 2.2.
import { isFor, type WantedLogsource } from '../event/logsource.ts';
import type { Faults } from '../fault.ts';
import { asked, isMap, readConditions, readIdentifier } from './detection.ts';
import { allOf, not, oneOf, type Predicate } from './predicate.ts';
import { type ReadOptions, readHeader, readLogsource, type RuleHeader, type SigmaRule } from './rule.ts';

export interface SigmaFilter extends RuleHeader {
  readonly kind: 'filter';
  readonly logsource: WantedLogsource;
  /** Ids or names of the rules, or all that its logsource is for. */
  readonly rules: readonly string[] | 'any';
  /** Met by events that the rules may still match. */
  readonly keeps: Predicate;
}

/**
 * The filter of a document, or undefined with the faults noted. What its condition finds is excluded; a condition that begins with
 * `not` says what is kept, as pySigma has it.
 */
export function readFilter(
  document: Readonly<Record<string, unknown>>,
  source: string,
  faults: Faults,
  options: ReadOptions,
): SigmaFilter | undefined {
  const header = readHeader(document, source, faults, options);
  const logsource = readLogsource(document.logsource, ['logsource'], faults);
  const { filter } = document;
  if (!isMap(filter)) {
    faults.add(['filter'], 'filter is a map with rules, a search identifier and a condition');
    return undefined;
  }
  const { rules, condition } = filter;
  const list = rules === 'any' ? 'any' : typeof rules === 'string' ? [rules] : rules;
  const named = Array.isArray(list) && list.length > 0 && list.every((each) => typeof each === 'string');
  if (list !== 'any' && !named) faults.add(['filter', 'rules'], 'rules is a list of ids or names of rules, or any');
  const names = Object.keys(filter).filter((name) => name !== 'rules' && name !== 'condition');
  const identifiers = new Map<string, Predicate>();
  for (const name of names) {
    const read = readIdentifier(filter[name], ['filter', name], faults, options.placeholders ?? {});
    if (read !== undefined) identifiers.set(name, read);
  }
  const conditions = readConditions(condition, names, ['filter', 'condition'], faults);
  if (faults.any) return undefined;
  const kept = conditions.map((each) => (each.op === 'not' ? asked(each, identifiers) : not(asked(each, identifiers))));
  return { kind: 'filter', ...header, logsource, rules: list as readonly string[] | 'any', keeps: allOf(kept) };
}

/** The rule with the filters that are for it. */
export function filtered(rule: SigmaRule, filters: readonly SigmaFilter[]): SigmaRule {
  const mine = filters.filter(({ rules, logsource }) =>
    rules === 'any' ? isFor(logsource, known(rule)) : rules.some((each) => isNamed(rule, each)),
  );
  if (mine.length === 0) return rule;
  return { ...rule, predicate: allOf([oneOf([rule.predicate]), ...mine.map(({ keeps }) => keeps)]) };
}

function known({ logsource }: SigmaRule): { category: string[]; product: string[]; service: string[] } {
  const one = (value: string | undefined): string[] => (value === undefined ? [] : [value]);
  return { category: one(logsource.category), product: one(logsource.product), service: one(logsource.service) };
}

export function isNamed({ id, name }: RuleHeader, reference: string): boolean {
  return id === reference || name === reference;
}
