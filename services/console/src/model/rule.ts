// Rules over events: what runs, what does not, and what people said of it.
import type { DetectionRuleJson, RefusedRuleJson, VerdictsJson } from '@tmws/contracts/rules';
import { instantMs, type Labels } from './alert.ts';

export const ruleKinds = ['sigma', 'correlation', 'preset', 'atr', 'built_in'] as const;
export type RuleKind = (typeof ruleKinds)[number];
export const kindWords: Readonly<Record<string, string>> = {
  sigma: 'Sigma',
  correlation: 'Correlation',
  preset: 'Preset',
  atr: 'ATR',
  built_in: 'Built in',
};

export interface Rule {
  readonly id: string;
  readonly title: string;
  readonly kind: string;
  readonly status: string;
  readonly level: string;
  readonly severity: string;
  /** Why the severity is less than the level; empty: it is not. */
  readonly less: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly falsePositives: readonly string[];
  readonly source: string;
  readonly logsource: string;
  readonly cases: number;
  readonly failedCases: readonly string[];
  readonly hits: number;
  readonly hitMs: number | undefined;
  readonly verdicts: Verdicts;
}

export interface Verdicts {
  readonly right: number;
  readonly wrong: number;
  /** Of the rate of wrong ones, one-sided at 95 %. */
  readonly bound: number;
}

export interface Refused {
  readonly source: string;
  readonly title: string;
  /** Each with where it lies. */
  readonly faults: readonly { readonly place: string; readonly words: string }[];
}

/** What proto3 JSON writes for a double. */
export const realOf = (value: number | string | undefined): number => Number(value ?? 0);

export const readRule = (json: DetectionRuleJson): Rule => ({
  id: json.id ?? '',
  title: json.title ?? '',
  kind: json.kind ?? '',
  status: json.status ?? '',
  level: json.level ?? '',
  severity: json.severity ?? '',
  less: json.severityReason ?? '',
  description: json.description ?? '',
  tags: json.tags ?? [],
  falsePositives: json.falsePositives ?? [],
  source: json.source ?? '',
  logsource: json.logsource ?? '',
  cases: json.caseCount ?? 0,
  failedCases: json.failedCases ?? [],
  hits: Number(json.hits ?? 0),
  hitMs: instantMs(json.lastHitAt),
  verdicts: readVerdicts(json.verdicts),
});

const readVerdicts = ({ truePositives = 0, falsePositives = 0, falsePositiveBound }: VerdictsJson = {}): Verdicts => ({
  right: truePositives,
  wrong: falsePositives,
  bound: realOf(falsePositiveBound),
});

export const readRefused = ({ source = '', title, id, faults = [] }: RefusedRuleJson): Refused => ({
  source,
  title: [title, id].find(Boolean) ?? '',
  faults: faults.map(({ line = 0, path = '', message = '' }) => ({
    place: `${source}${line > 0 ? `:${line}` : ''}`,
    words: [path, message].filter(Boolean).join(': '),
  })),
});

/** `19 %`, below one with a digit more. */
export function percent(share: number): string {
  const value = share * 100;
  return `${value > 0 && value < 1 ? value.toFixed(1) : Math.round(value)} %`;
}

/** What people said of its alerts, and what it is worth. */
export function verdictWords({ right, wrong, bound }: Verdicts): string {
  const judged = right + wrong;
  if (judged === 0) return 'nobody judged an alert of it yet';
  return `${wrong} of ${judged} judged false; at most ${percent(bound)} at 95 %`;
}

export function caseWords({ cases, failedCases: { length } }: Pick<Rule, 'cases' | 'failedCases'>): string {
  if (cases === 0) return 'it brings no cases';
  const all = cases === 1 ? '1 case' : `${cases} cases`;
  return length === 0 ? `${all} as they say` : `${length} of ${all} failed`;
}

/** Whether an alert is one that people can judge: a rule made it. */
export const madeByRule = (labels: Readonly<Record<string, string>>): boolean =>
  labels.tmws_source === 'detection' || (labels.rule_id ?? '') !== '';

/** What all alerts of a rule are known by. */
export const labelsOf = ({ id, kind }: Pick<Rule, 'id' | 'kind'>): Labels =>
  kind === 'built_in' ? { alertname: id } : { rule_id: id };
