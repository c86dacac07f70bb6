// Rules of Agent Threat Rules (ATR), read from their documents: what a conforming engine heeds, and what is refused.
// Source: the format's README and atr-method-v1.1 of the package `agent-threat-rules`.
import { type Faults, RuleFault } from '../fault.ts';
import { foldText } from '../literals/fold.ts';
import { requireLiteral } from '../literals/requirement.ts';
import { compileRegex } from '../regex/compile.ts';
import { isMap } from '../sigma/detection.ts';
import type { AtrCondition } from './condition.ts';

export const atrSeverities = ['critical', 'high', 'medium', 'low', 'informational'] as const;
export type AtrSeverity = (typeof atrSeverities)[number];

export interface AtrRule {
  readonly kind: 'atr';
  readonly id: string;
  readonly title: string;
  readonly severity: AtrSeverity;
  /** `stable`, `experimental`; drafts and deprecated ones are refused. */
  readonly status: string;
  /** How far its author trusts it: `stable test experimental draft`. */
  readonly maturity: string;
  readonly scanTarget?: string | undefined;
  /** What kind of event it is for, like `llm_io`. */
  readonly agentSource: string;
  /** Whether a match inside a block of code is none. */
  readonly skipsCode: boolean;
  readonly all: boolean;
  readonly conditions: readonly AtrCondition[];
  readonly source: string;
}

export interface AtrReadOptions {
  /** Statuses that are refused: deprecated and draft unless told otherwise. */
  readonly refuseStatuses?: readonly string[];
}

/** The rule of a document, or undefined with the faults noted. */
export function readAtrRule(document: unknown, source: string, faults: Faults, options: AtrReadOptions): AtrRule | undefined {
  if (!isMap(document) || !isMap(document.detection)) {
    faults.add([], 'the document is no rule; a rule is a map with id, title and detection');
    return undefined;
  }
  const { detection } = document;
  const tags = isMap(document.tags) ? document.tags : {};
  const id = text(document.id);
  const severity = atrSeverities.find((each) => each === document.severity);
  const status = text(document.status) ?? 'experimental';
  if (id === undefined) faults.add(['id'], 'there is no id, like ATR-2026-00001');
  if (severity === undefined)
    faults.add(['severity'], `severity is one of ${atrSeverities.join(', ')} (got ${JSON.stringify(document.severity)})`);
  if ((options.refuseStatuses ?? ['deprecated', 'draft']).includes(status))
    faults.add(['status'], `rules of status ${status} are not run`);
  const method = methodFault(detection);
  if (method !== undefined) faults.add(['detection', 'method'], method);
  const all = detection.condition === 'all';
  if (!all && detection.condition !== 'any' && detection.condition !== 'or')
    faults.add(['detection', 'condition'], `condition is any or all (got ${JSON.stringify(detection.condition)})`);
  const conditions = method === undefined ? readConditions(detection.conditions, faults) : [];
  if (faults.any || id === undefined || severity === undefined) return undefined;
  return {
    kind: 'atr',
    id,
    title: text(document.title) ?? id,
    severity,
    status,
    maturity: text(document.maturity) ?? 'experimental',
    scanTarget: text(tags.scan_target),
    agentSource: text(isMap(document.agent_source) ? document.agent_source.type : undefined) ?? '',
    skipsCode: tags.suppress_in_code_blocks === true,
    all,
    conditions,
    source,
  };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Why the rule's method is not run here; patterns are, and rules that fall back on them. */
function methodFault({ method, semantic }: Readonly<Record<string, unknown>>): string | undefined {
  if (method === undefined || method === 'pattern') return undefined;
  if (method === 'semantic' && isMap(semantic) && semantic.fallback_method === 'pattern') return undefined;
  const why: Readonly<Record<string, string>> = {
    semantic: 'a semantic rule without fallback_method: pattern needs a model to judge each event',
    trace: 'a trace rule needs a whole trace of spans, not an event',
    behavioral: 'a behavioral rule needs a measure over time; write a correlation rule',
    signature: 'a signature rule needs hashes that events do not carry',
  };
  return (typeof method === 'string' ? why[method] : undefined) ?? `there is no method ${JSON.stringify(method)}`;
}

function readConditions(value: unknown, faults: Faults): AtrCondition[] {
  if (!Array.isArray(value) || value.length === 0) {
    faults.add(['detection', 'conditions'], 'conditions is a list of maps with field, operator and value');
    return [];
  }
  return value.flatMap((each: unknown, i) => faults.at(['detection', 'conditions', i], () => readCondition(each)) ?? []);
}

function readCondition(condition: unknown): AtrCondition {
  if (!isMap(condition)) throw new RuleFault('a condition is a map with field, operator and value');
  const { field, operator, value, language } = condition;
  if (typeof field !== 'string' || field === '') throw new RuleFault('a condition has a field');
  if (typeof value !== 'string') throw new RuleFault(`value is a text (got ${JSON.stringify(value)})`);
  if (language !== undefined) throw new RuleFault('conditions for one language are not run');
  if (operator === 'regex') return { field, how: 'regex', regex: readRegex(value) };
  if (operator !== 'contains' && operator !== 'exact' && operator !== 'starts_with')
    throw new RuleFault(`operator is regex, contains, exact or starts_with (got ${JSON.stringify(operator)})`);
  return { field, how: operator, value, folded: value.toLowerCase(), required: requireLiteral([foldText(value)]) };
}

/** JavaScript's expressions without heed of case. Flags at their beginning are dropped, as the package's engine does. */
function readRegex(value: string) {
  return compileRegex(value.replace(/^\(\?[imsx]+\)/, ''), { ignoreCase: true, multiline: false, dotAll: false }, 'js');
}
