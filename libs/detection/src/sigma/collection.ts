// Rules of many texts, together: collections, references between rules, and what is refused and why.
import { type CorrelationRule, readCorrelation } from '../correlation/rule.ts';
import { type Fault, Faults, type PathPart, type Refusal } from '../fault.ts';
import { readPreset } from '../presets/read.ts';
import type { PresetRule } from '../presets/rule.ts';
import { isMap } from './detection.ts';
import { type ReadDocument, readDocuments } from './documents.ts';
import { filtered, readFilter, type SigmaFilter } from './filter.ts';
import { readRule, type ReadOptions, type RuleHeader, type SigmaRule } from './rule.ts';

export interface RuleText {
  /** What people call the place it comes from, like the path of the file. */
  readonly source: string;
  readonly text: string;
}

export interface RuleSet {
  /** With their filters. */
  readonly rules: readonly SigmaRule[];
  /** Those they refer to before them. */
  readonly correlations: readonly CorrelationRule[];
  readonly presets: readonly PresetRule[];
  readonly filters: readonly SigmaFilter[];
  readonly refused: readonly Refusal[];
}

type AnyRule = SigmaRule | CorrelationRule | PresetRule | SigmaFilter;
interface Placed {
  readonly rule: AnyRule;
  readonly document: number;
  readonly lineOf: ReadDocument['lineOf'];
}

/**
 * Every rule of the texts that can be run; a faulty one is refused alone, with every fault it has.
 *   R1  ids and names are unique over all texts: the second of a kind is refused
 *   R2  a correlation whose rules are not all there, or which leads back to itself, is refused
 *   R3  `action: global`, `reset` and `repeat` of collections are heeded, as pySigma does
 */
export function readRules(texts: readonly RuleText[], options: ReadOptions = {}): RuleSet {
  const steps = readingRules(texts, options);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** As `readRules`, a text at a step: thousands of rules take seconds. */
export function* readingRules(texts: readonly RuleText[], options: ReadOptions = {}): Generator<undefined, RuleSet> {
  const refused: Refusal[] = [];
  const placed: Placed[] = [];
  const taken = new Map<string, RuleHeader>();
  for (const { source, text } of texts) {
    yield;
    for (const [index, document] of merged(readDocuments(text))) {
      const refuse = (faults: readonly Fault[]): void => {
        const named = isMap(document.value) ? document.value : {};
        refused.push({ source, document: index, ...names(named), faults });
      };
      if (document.faults.length > 0) {
        refuse(document.faults);
        continue;
      }
      const faults = new Faults();
      const rule = faults.whole(() => readAny(document.value, source, faults, options));
      if (rule !== undefined && !faults.any) checkUnique(rule, taken, faults);
      if (rule === undefined || faults.any) refuse(faults.list(document.lineOf));
      else {
        placed.push({ rule, document: index, lineOf: document.lineOf });
        for (const reference of [rule.id, rule.name]) if (reference !== undefined) taken.set(reference, rule);
      }
    }
  }
  return resolved(placed, refused);
}

function names({ id, title }: Readonly<Record<string, unknown>>): Pick<Refusal, 'id' | 'title'> {
  return { ...(typeof id === 'string' ? { id } : {}), ...(typeof title === 'string' ? { title } : {}) };
}

function readAny(value: unknown, source: string, faults: Faults, options: ReadOptions): AnyRule | undefined {
  if (!isMap(value)) {
    faults.add([], 'the document is no rule; a rule is a map with title, logsource and detection');
    return undefined;
  }
  // In a bundle a rule may have a name alone.
  const document = value.title === undefined && typeof value.name === 'string' ? { ...value, title: value.name } : value;
  if (document.correlation !== undefined) return readCorrelation(document, source, faults, options);
  // A preset may have a filter of its own.
  if (document.preset !== undefined) return readPreset(document, source, faults, options);
  if (document.filter !== undefined) return readFilter(document, source, faults, options);
  return readRule(document, source, faults, options);
}

function checkUnique(rule: RuleHeader, taken: ReadonlyMap<string, RuleHeader>, faults: Faults): void {
  for (const key of ['id', 'name'] as const) {
    const own = rule[key];
    const other = own === undefined ? undefined : taken.get(own);
    if (other !== undefined)
      faults.add([key], `the ${key} ${own ?? ''} is that of ${JSON.stringify(other.title)} (${other.source}) already`);
  }
}

/** Documents with the parts that collections share; each with its number. */
function* merged(documents: readonly ReadDocument[]): Generator<[number, ReadDocument]> {
  let global: unknown = {};
  let previous: unknown = {};
  for (const [index, document] of documents.entries()) {
    const { action, ...own } = isMap(document.value) ? document.value : ({} as Record<string, unknown>);
    if (!isMap(document.value)) yield [index, document];
    else if (action === 'global') global = deeply(global, own);
    else if (action === 'reset') global = {};
    else if (action === undefined || action === 'repeat') {
      previous = deeply(action === 'repeat' ? previous : global, own);
      yield [index, { ...document, value: previous }];
    } else {
      const message = `action is global, reset or repeat (got ${JSON.stringify(action)})`;
      yield [index, { ...document, faults: [{ path: 'action', line: document.lineOf(['action']), message }] }];
    }
  }
}

function deeply(under: unknown, over: unknown): unknown {
  if (!isMap(under) || !isMap(over)) return over;
  return Object.fromEntries(
    [...new Set([...Object.keys(under), ...Object.keys(over)])].map((key) => [
      key,
      key in over ? deeply(under[key], over[key]) : under[key],
    ]),
  );
}

function resolved(placed: readonly Placed[], refused: Refusal[]): RuleSet {
  const byReference = new Map<string, Placed>();
  for (const each of placed) for (const key of [each.rule.id, each.rule.name]) if (key !== undefined) byReference.set(key, each);
  const known = new Map<Placed, string | undefined>();
  const ordered: CorrelationRule[] = [];
  /** Why a rule cannot be referred to; undefined if it can. */
  const check = (each: Placed, chain: readonly Placed[]): string | undefined => {
    const { rule } = each;
    if (chain.includes(each))
      return `leads back to itself by way of ${chain.map((link) => JSON.stringify(link.rule.title)).join(', ')}`;
    if (rule.kind === 'filter') return 'is a filter, which matches nothing by itself';
    if (rule.kind === 'rule' || rule.kind === 'preset') return undefined;
    if (known.has(each)) return known.get(each);
    const faults = rule.rules.flatMap((reference, i): Fault[] => {
      const path: PathPart[] = ['correlation', 'rules', i];
      const found = byReference.get(reference);
      const why = found === undefined ? whyMissing(reference, refused) : check(found, [...chain, each]);
      return why === undefined
        ? []
        : [{ path: path.join('.'), line: each.lineOf(path), message: `the rule ${JSON.stringify(reference)} ${why}` }];
    });
    if (faults.length > 0) refused.push({ source: rule.source, document: each.document, ...names({ ...rule }), faults });
    else ordered.push(rule);
    known.set(each, faults.length > 0 ? 'is refused itself' : undefined);
    return known.get(each);
  };
  for (const each of placed) check(each, []);
  const filters = placed.flatMap(({ rule }) => (rule.kind === 'filter' ? [rule] : []));
  for (const { rule, document, lineOf } of placed) {
    if (rule.kind !== 'filter' || rule.rules === 'any') continue;
    const missing = rule.rules.filter((reference) => !byReference.has(reference));
    if (missing.length === 0) continue;
    const path = ['filter', 'rules'];
    const message = `there is no rule ${missing.join(', ')}; the others it names are filtered`;
    refused.push({
      source: rule.source,
      document,
      ...names({ ...rule }),
      faults: [{ path: path.join('.'), line: lineOf(path), message }],
    });
  }
  const rules = placed.flatMap(({ rule }) => (rule.kind === 'rule' ? [filtered(rule, filters)] : []));
  const presets = placed.flatMap(({ rule }) => (rule.kind === 'preset' ? [rule] : []));
  return { rules, correlations: ordered, presets, filters, refused };
}

function whyMissing(reference: string, refused: readonly Refusal[]): string {
  const found = refused.find(({ id, title }) => id === reference || title === reference);
  return found === undefined
    ? 'is not among the rules; give the id or name of one'
    : `is refused itself: ${found.faults[0]?.message ?? ''}`;
}
