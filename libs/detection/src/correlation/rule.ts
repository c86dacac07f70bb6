// A correlation rule read from its document. Sigma correlation rules specification 2.0 and 2.1.
import { type Faults, RuleFault } from '../fault.ts';
import { isMap } from '../sigma/detection.ts';
import { type ReadOptions, readHeader, type RuleHeader } from '../sigma/rule.ts';

export const correlationTypes = [
  'event_count',
  'value_count',
  'temporal',
  'temporal_ordered',
  'value_sum',
  'value_avg',
  'value_min',
  'value_max',
] as const;
export type CorrelationType = (typeof correlationTypes)[number];

/** Bounds of a count or value, all of which must hold. */
export type Bounds = Readonly<Partial<Record<'gt' | 'gte' | 'lt' | 'lte' | 'eq' | 'neq', number>>>;

export interface CorrelationRule extends RuleHeader {
  readonly kind: 'correlation';
  readonly type: CorrelationType;
  /** Ids or names, as written. */
  readonly rules: readonly string[];
  /** Fields, or aliases, whose values events must share. */
  readonly groupBy: readonly string[];
  /** Two events are within it if their times differ by at most this. */
  readonly timespanMs: number;
  readonly bounds: Bounds;
  /** What value_count counts the distinct values of, together; what the other value_… types compute from. */
  readonly valueFields: readonly string[];
  /** Alias → reference of a rule → the field it means in the events of that rule. */
  readonly aliases: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Whether the rules it refers to raise alerts of their own too. */
  readonly generate: boolean;
}

const unitMs: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const boundNames = ['gt', 'gte', 'lt', 'lte', 'eq', 'neq'] as const;

/** The correlation of a document, or undefined with the faults noted. */
export function readCorrelation(
  document: Readonly<Record<string, unknown>>,
  source: string,
  faults: Faults,
  options: ReadOptions,
): CorrelationRule | undefined {
  const header = readHeader(document, source, faults, options);
  const section = document.correlation;
  if (!isMap(section)) {
    faults.add(['correlation'], 'correlation is a map with type, rules, group-by, timespan and condition');
    return undefined;
  }
  const at = <T>(key: string, part: (value: unknown) => T): T | undefined =>
    faults.at(['correlation', key], () => part(section[key]));
  const type = at('type', readType);
  const rules = at('rules', (value) => words(value, 'rules', 'ids or names of the rules it is about'));
  const groupBy = at('group-by', (value) =>
    value === undefined || value === null ? [] : words(value, 'group-by', 'fields that events must share'),
  );
  const timespanMs = at('timespan', (value) => readTimespan(value ?? section.timeframe));
  const condition = type === undefined ? undefined : at('condition', (value) => readCondition(value, type, rules?.length ?? 0));
  const aliases = at('aliases', (value) => readAliases(value, rules ?? []));
  const generate = at('generate', (value) => flag(value ?? document.generate));
  if (type === 'temporal_ordered' && rules?.length === 1)
    faults.add(['correlation', 'rules'], 'an order needs at least two rules');
  if (faults.any || type === undefined || rules === undefined || groupBy === undefined || timespanMs === undefined)
    return undefined;
  if (condition === undefined || aliases === undefined || generate === undefined) return undefined;
  return { kind: 'correlation', ...header, type, rules, groupBy, timespanMs, ...condition, aliases, generate };
}

function readType(value: unknown): CorrelationType {
  const found = correlationTypes.find((type) => type === value);
  if (found === undefined) {
    const why = /^value_(percentile|median)$/.test(String(value))
      ? '; it needs the whole past of a field, which is not kept'
      : '';
    throw new RuleFault(`type is one of ${correlationTypes.join(', ')} (got ${JSON.stringify(value)})${why}`);
  }
  return found;
}

function words(value: unknown, key: string, what: string): readonly string[] {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  if (list.length === 0 || !list.every((each) => typeof each === 'string' && each !== ''))
    throw new RuleFault(`${key} is a list of ${what} (got ${JSON.stringify(value)})`);
  return [...new Set(list as string[])];
}

function readTimespan(value: unknown): number {
  const [, count = '', unit = ''] = /^(\d{1,9})([smhd])$/.exec(typeof value === 'string' ? value : '') ?? [];
  const ms = Number(count) * (unitMs[unit] ?? 0);
  if (!(ms > 0)) throw new RuleFault(`timespan is a number with s, m, h or d, like 90m (got ${JSON.stringify(value)})`);
  return ms;
}

function readCondition(
  value: unknown,
  type: CorrelationType,
  ruleCount: number,
): Pick<CorrelationRule, 'bounds' | 'valueFields'> {
  const temporal = type === 'temporal' || type === 'temporal_ordered';
  if (temporal && (value === undefined || value === null)) return { bounds: { gte: ruleCount }, valueFields: [] };
  if (typeof value === 'string')
    throw new RuleFault(
      'a condition over rules by name is not run; leave it out if all rules must occur, or give a count like gte: 2',
    );
  if (!isMap(value)) throw new RuleFault('condition is a map like gte: 5');
  const { field, ...given } = value;
  const bounds: Partial<Record<(typeof boundNames)[number], number>> = {};
  for (const [key, bound] of Object.entries(given)) {
    const name = boundNames.find((known) => known === key);
    if (name === undefined) throw new RuleFault(`condition has ${boundNames.join(', ')} and field (got ${JSON.stringify(key)})`);
    if (typeof bound !== 'number') throw new RuleFault(`${key} is a number (got ${JSON.stringify(bound)})`);
    bounds[name] = bound;
  }
  if (Object.keys(bounds).length === 0) throw new RuleFault('condition has no bound; give one like gte: 5');
  const valued = type.startsWith('value_');
  if (!valued && field !== undefined) throw new RuleFault(`field belongs to value_count, not to ${type}`);
  if (type === 'temporal_ordered' && !meets(ruleCount, bounds))
    throw new RuleFault('temporal_ordered wants all of its rules in order; leave the condition out');
  return { bounds, valueFields: valued ? words(field, 'field', 'fields whose values are counted') : [] };
}

function readAliases(value: unknown, rules: readonly string[]): CorrelationRule['aliases'] {
  if (value === undefined || value === null) return {};
  if (!isMap(value)) throw new RuleFault('aliases is a map: alias, then rule, then the field it means there');
  for (const [alias, fields] of Object.entries(value)) {
    if (!isMap(fields) || !Object.values(fields).every((field) => typeof field === 'string'))
      throw new RuleFault(`the alias ${alias} is a map of rules to fields`);
    const unknown = Object.keys(fields).find((rule) => !rules.includes(rule));
    if (unknown !== undefined)
      throw new RuleFault(
        `the alias ${alias} names the rule ${JSON.stringify(unknown)}, which is not among rules: ${rules.join(', ')}`,
      );
  }
  return value as CorrelationRule['aliases'];
}

function flag(value: unknown): boolean {
  if (value === undefined || value === null) return false;
  if (typeof value !== 'boolean') throw new RuleFault(`generate is true or false (got ${JSON.stringify(value)})`);
  return value;
}

/** Whether a count keeps all bounds. */
export function meets(count: number, { gt, gte, lt, lte, eq, neq }: Bounds): boolean {
  return (
    (gt === undefined || count > gt) &&
    (gte === undefined || count >= gte) &&
    (lt === undefined || count < lt) &&
    (lte === undefined || count <= lte) &&
    (eq === undefined || count === eq) &&
    (neq === undefined || count !== neq)
  );
}
