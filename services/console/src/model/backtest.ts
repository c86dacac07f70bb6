// What a backtest answers, and how it is said.
import { formatDuration } from '@tmws/duration';
import type { BacktestedRuleJson, BacktestHitJson, BacktestReportJson } from '@tmws/contracts/rules';
import { instantMs } from './alert.ts';
import { percent, readRefused, realOf, type Refused } from './rule.ts';

export interface Report {
  readonly events: number;
  readonly unreadable: number;
  readonly fromMs: number | undefined;
  readonly toMs: number | undefined;
  readonly tookSeconds: number;
  /** The log was longer than is read at once. */
  readonly truncated: boolean;
  /** Those that were met most come first. */
  readonly rules: readonly Tested[];
  readonly refused: readonly Refused[];
}

export interface Tested {
  readonly id: string;
  readonly title: string;
  readonly severity: string;
  readonly hits: number;
  readonly alerts: number;
  readonly pagesPerWeek: number;
  /** Hits on events that are labelled. */
  readonly labelled: number;
  readonly precision: number;
  /** Of the precision, at 95 %. */
  readonly precisionAtLeast: number;
  readonly missed: number;
  readonly examples: readonly Example[];
}

export interface Example {
  readonly atMs: number;
  readonly source: string;
  readonly id: string;
  readonly label: string;
  readonly group: Readonly<Record<string, string>>;
}

export const readReport = (json: BacktestReportJson): Report => ({
  events: Number(json.events ?? 0),
  unreadable: Number(json.unreadable ?? 0),
  fromMs: instantMs(json.from),
  toMs: instantMs(json.to),
  tookSeconds: realOf(json.tookSeconds),
  truncated: json.truncated ?? false,
  rules: (json.rules ?? []).map(readTested).toSorted((a, b) => b.hits - a.hits),
  refused: (json.refused ?? []).map(readRefused),
});

function readTested(json: BacktestedRuleJson): Tested {
  return {
    id: json.id ?? '',
    title: json.title ?? '',
    severity: json.severity ?? '',
    hits: Number(json.hits ?? 0),
    alerts: Number(json.alerts ?? 0),
    pagesPerWeek: realOf(json.pagesPerWeek),
    labelled: Number(json.truePositives ?? 0) + Number(json.falsePositives ?? 0),
    precision: realOf(json.precision),
    precisionAtLeast: 1 - realOf(json.falsePositiveBound),
    missed: Number(json.missed ?? 0),
    examples: (json.examples ?? []).map(readExample),
  };
}

const readExample = (json: BacktestHitJson): Example => ({
  atMs: instantMs(json.at) ?? 0,
  source: json.source ?? '',
  id: json.id ?? '',
  label: json.label ?? '',
  group: json.group ?? {},
});

const counted = (count: number, word: string): string => `${count.toLocaleString('en')} ${word}${count === 1 ? '' : 's'}`;

/** `0`, `0.4`, `1.5`, `120`: as much as it says. */
export const pagesText = (pages: number): string =>
  pages === 0 || pages >= 10 ? Math.round(pages).toLocaleString('en') : String(Number(pages.toPrecision(2)));

export const precisionWords = ({ labelled, precision, precisionAtLeast }: Tested): string =>
  labelled === 0 ? '' : `${precision.toFixed(2)} of ${labelled} labelled, at least ${percent(precisionAtLeast)} at 95 %`;

/** It all in a sentence: "312,440 events in 7 d: 3 hits, 1 alert, 1 page a week; precision 1.00 of 3 labelled, at least 37 % at 95 %". */
export function reportWords({ events, fromMs, toMs, rules }: Report): string {
  const sum = (of: (rule: Tested) => number): number => rules.reduce((all, rule) => all + of(rule), 0);
  const span = fromMs === undefined || toMs === undefined ? '' : ` in ${formatDuration((toMs - fromMs) * 1e6)}`;
  const hits = sum((rule) => rule.hits);
  const met = rules.filter((rule) => rule.hits > 0).length;
  const by = rules.length > 1 ? ` by ${met.toLocaleString('en')} of ${counted(rules.length, 'rule')}` : '';
  const pages = sum((rule) => rule.pagesPerWeek);
  const alerts = counted(
    sum((rule) => rule.alerts),
    'alert',
  );
  const said = [`${counted(hits, 'hit')}${by}, ${alerts}, ${pagesText(pages)} page${pagesText(pages) === '1' ? '' : 's'} a week`];
  const [only] = rules;
  if (rules.length === 1 && only !== undefined) {
    if (only.labelled > 0) said.push(`precision ${precisionWords(only)}`);
    if (only.missed > 0) said.push(`${counted(only.missed, 'malicious event')} missed`);
  }
  return `${counted(events, 'event')}${span}: ${said.join('; ')}`;
}
