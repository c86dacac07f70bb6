// All ATR rules over each event: one pass of the automaton, then only the conditions whose literals are there.
import { Faults, type Refusal } from '../fault.ts';
import { gatesOf } from '../literals/gates.ts';
import { meetsCondition, type PlainText, requiredBy } from './condition.ts';
import { type AtrEvent, fieldOf, isForType, textsOf } from './event.ts';
import { plainText } from './plain-text.ts';
import { type AtrReadOptions, type AtrRule, readAtrRule } from './rule.ts';

export interface AtrDocument {
  readonly source: string;
  /** The parsed YAML. */
  readonly document: unknown;
  /** The line of a part of it, where it came as text. */
  readonly lineOf?: ((path: readonly string[]) => number | undefined) | undefined;
}

/** Every rule that can be run; the others with their faults. */
export function readAtrRules(
  documents: readonly AtrDocument[],
  options: AtrReadOptions = {},
): { rules: AtrRule[]; refused: Refusal[] } {
  const rules: AtrRule[] = [];
  const refused: Refusal[] = [];
  for (const { source, document, lineOf = () => undefined } of documents) {
    const faults = new Faults();
    const rule = faults.whole(() => readAtrRule(document, source, faults, options));
    const { id, title } = (document ?? {}) as { id?: unknown; title?: unknown };
    if (rule !== undefined && rules.some((other) => other.id === rule.id))
      faults.add(['id'], `the id ${rule.id} is another rule's already`);
    if (rule !== undefined && !faults.any) rules.push(rule);
    else refused.push({ source, document: 0, ...named(id, title), faults: faults.list((path) => lineOf(path.map(String))) });
  }
  return { rules, refused };
}

function named(id: unknown, title: unknown): Pick<Refusal, 'id' | 'title'> {
  return { ...(typeof id === 'string' ? { id } : {}), ...(typeof title === 'string' ? { title } : {}) };
}

export interface AtrDetector {
  /** The rules that match, in their order. */
  readonly detect: (event: AtrEvent) => AtrRule[];
}

/** A1  The same rules as asking every condition of each rule; the automaton only keeps away what cannot be met. */
export function atrDetector(rules: readonly AtrRule[]): AtrDetector {
  const units = rules.flatMap((rule, index) => rule.conditions.map((condition) => ({ index, rule, condition })));
  const gates = gatesOf(units.map(({ condition }) => requiredBy(condition)));
  return {
    detect(event) {
      const plain = new Map([...textsOf(event)].map((raw): [string, PlainText] => [raw, { raw, plain: plainText(raw) }]));
      gates.look([...plain.values()].flatMap(({ raw, plain: read }) => (raw === read ? [raw] : [raw, read])));
      const met = new Map<number, number>();
      for (const at of gates.candidates()) {
        const { index, rule, condition } = units[at] as (typeof units)[number];
        if ((met.has(index) && !rule.all) || !isForType(rule, event) || !gates.open(at)) continue;
        const text = plain.get(fieldOf(event, condition.field) ?? '');
        if (text === undefined) continue;
        if (meetsCondition(condition, text, rule.skipsCode)) met.set(index, (met.get(index) ?? 0) + 1);
      }
      return [...met.keys()]
        .sort((a, b) => a - b)
        .flatMap((index) => (isMatch(rules[index], met.get(index) ?? 0, event) ? (rules[index] ?? []) : []));
    },
  };
}

/** Of a document that is a skill, rules not made for skills want two conditions; those that are met by any one never are. */
function isMatch(rule: AtrRule | undefined, met: number, { scanContext }: AtrEvent): boolean {
  if (rule === undefined || (rule.all && met < rule.conditions.length)) return false;
  const forSkills = rule.scanTarget === 'skill' || rule.scanTarget === 'both';
  if (scanContext !== 'skill' || forSkills) return true;
  return (rule.all ? met : 1) >= Math.max(2, Math.ceil(rule.conditions.length * 0.3));
}
