// The rules of the folders, read and put together: one automaton for those of Sigma, one for those of agents.
import {
  type AtrDetector,
  atrDetector,
  type AtrRule,
  type CorrelationRule,
  type Logsource,
  onlyCorrelated,
  type PresetRule,
  readAtrRules,
  readRules,
  type Refusal,
  type RuleHeader,
  type RuleText,
  type SigmaDetector,
  sigmaDetector,
  type SigmaRule,
} from '@tmws/detection';
import type { parsedAtr } from './atr-text.ts';
import { isStatistical } from './presets.ts';
import type { RuleKind, RunningRule } from './hit.ts';

/** What lies in folders. */
export interface RuleTexts {
  readonly texts: readonly RuleText[];
  /** Files that cannot be read. */
  readonly refused: readonly Refusal[];
}

/** Rules for agents, read. They know nothing of each other or of the rest, so they are read anew only when their texts change. */
export interface AtrPart {
  readonly texts: readonly RuleText[];
  readonly documents: ReadonlyMap<string, unknown>;
  readonly rules: readonly AtrRule[];
  readonly detector: AtrDetector;
  readonly refused: readonly Refusal[];
}

/** @param parsed  by `parsedAtr` of the texts */
export function atrPart(texts: readonly RuleText[], { documents, unreadable }: Awaited<ReturnType<typeof parsedAtr>>): AtrPart {
  const { rules, refused } = readAtrRules(documents);
  const lines = new Map(documents.map(({ source, lineOf }) => [source, lineOf]));
  const named = refused.map((each) => ({
    ...each,
    faults: each.faults.map((fault) => ({ ...fault, line: fault.line ?? lines.get(each.source)?.(fault.path.split('.')) })),
  }));
  return {
    texts,
    documents: new Map(documents.map(({ source, document }) => [source, document])),
    rules,
    detector: atrDetector(rules),
    refused: [...unreadable, ...named],
  };
}

type AnyRule = SigmaRule | CorrelationRule | PresetRule | AtrRule;

export interface DetectionRules {
  /** By id. */
  readonly running: ReadonlyMap<string, RunningRule>;
  /** As they are known to the detectors. */
  readonly runningOf: (rule: AnyRule) => RunningRule;
  /** Of rules, and of the filters of presets. */
  readonly sigma: SigmaDetector<SigmaRule | PresetRule>;
  readonly sigmaRules: readonly (SigmaRule | PresetRule)[];
  readonly presets: readonly PresetRule[];
  readonly atr: AtrDetector;
  readonly atrRules: readonly AtrRule[];
  readonly correlations: readonly CorrelationRule[];
  readonly refused: readonly Refusal[];
  /** As it lies in its file; undefined: there is none of the id. */
  readonly textOf: (id: string) => string | undefined;
}

/** Puts them together; a faulty one is refused alone. An id that two kinds of rule have is the second's with its kind behind it. */
export function ruleSetOf(texts: readonly RuleText[], atr: AtrPart, read = readRules(texts)): DetectionRules {
  const { rules, correlations, presets, refused } = read;
  const sigmaRules = [...rules, ...presets];
  const about = new Map<AnyRule, RunningRule>();
  const running = new Map<string, RunningRule>();
  const add = (rule: AnyRule, what: RunningRule): void => {
    const named = running.has(what.id) ? { ...what, id: `${what.id} (${what.kind}, ${what.source})` } : what;
    running.set(named.id, named);
    about.set(rule, named);
  };
  for (const rule of rules) {
    const raises = !onlyCorrelated(correlations, rule);
    add(rule, { ...headerOf(rule, 'sigma'), family: 'sigma', logsource: logsourceText(rule.logsource), raises });
  }
  for (const rule of correlations) {
    add(rule, { ...headerOf(rule, 'correlation'), family: 'count', logsource: '', raises: !onlyCorrelated(correlations, rule) });
  }
  for (const rule of presets) {
    const raises = !onlyCorrelated(correlations, rule);
    const logsource = logsourceText(rule.logsource);
    add(rule, { ...headerOf(rule, 'preset'), family: 'count', logsource, statistical: isStatistical(rule), raises });
  }
  for (const rule of atr.rules) add(rule, atrRunning(rule, atr.documents.get(rule.source)));
  const files = new Map([...texts, ...atr.texts].map(({ source, text }) => [source, text]));
  return {
    running,
    runningOf: (rule) => about.get(rule) ?? missing(rule),
    sigma: sigmaDetector(sigmaRules),
    sigmaRules,
    presets,
    atr: atr.detector,
    atrRules: atr.rules,
    correlations,
    refused: [...refused, ...atr.refused],
    textOf: (id) => {
      const rule = running.get(id);
      const text = rule === undefined ? undefined : files.get(rule.source);
      return rule === undefined || text === undefined ? undefined : documentOf(text, rule);
    },
  };
}

type Header = Omit<RunningRule, 'family' | 'logsource' | 'raises'>;

function headerOf(rule: RuleHeader, kind: RuleKind): Header {
  const { title, status = '', level = 'medium', description = '', tags, falsePositives, fields, source } = rule;
  const id = rule.id ?? rule.name ?? title;
  return { id, title, kind, status, level, description, tags, falsePositives, fields, source, statistical: false };
}

function atrRunning({ id, title, severity, maturity, agentSource, source }: AtrRule, document: unknown): RunningRule {
  const raw = (document ?? {}) as { description?: unknown; tags?: unknown; false_positives?: unknown; references?: unknown };
  const tags = typeof raw.tags === 'object' && raw.tags !== null ? raw.tags : {};
  return {
    id,
    title,
    kind: 'atr',
    family: 'atr',
    // How far its author trusts it decides what it may say.
    status: maturity,
    level: severity,
    description: typeof raw.description === 'string' ? raw.description.trim() : '',
    tags: [...Object.entries(tags).flatMap(([name, value]) => (typeof value === 'string' ? [`${name}.${value}`] : []))],
    falsePositives: textsIn(raw.false_positives),
    fields: [],
    source,
    logsource: agentSource,
    statistical: false,
    raises: true,
  };
}

const textsIn = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((each) => typeof each === 'string') : typeof value === 'string' ? [value] : [];

const logsourceText = (logsource: { readonly [K in keyof Logsource]?: string | undefined }): string =>
  [logsource.product, logsource.category, logsource.service].filter((part) => part !== undefined).join(' / ');

/** The document of a file of several, where it can be told; else the file. */
function documentOf(text: string, { id, title }: RunningRule): string {
  const parts = text.split(/^---[ \t]*$/m).filter((part) => part.trim() !== '');
  const own = (value: string) =>
    parts.filter((part) => part.split('\n').some((line) => /^(?:id|name|title):/.test(line) && line.includes(value)));
  const [found, ...others] = own(id).length > 0 ? own(id) : own(title);
  return (parts.length > 1 && others.length === 0 ? found : undefined) ?? text;
}

function missing(rule: { readonly title: string }): never {
  throw new Error(`the rule ${JSON.stringify(rule.title)} is of another set`);
}
