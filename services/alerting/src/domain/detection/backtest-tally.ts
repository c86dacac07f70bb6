// What rules would have found, counted by rule.
import { parseInstant } from '../instant.ts';
import { upperBound } from '../rules/clopper-pearson.ts';
import type { HitSeen, MadeAlert } from '../rules/rule.ts';
import type { RunningRule } from './hit.ts';
import type { PageCount } from './page-count.ts';
import { severityOf } from './severity-policy.ts';

export interface BacktestExample {
  readonly atMs: number;
  readonly source: string;
  readonly id: string;
  readonly label: EventVerdict | '';
  /** What the events of a correlation share. */
  readonly group: Readonly<Record<string, string>>;
}

export type EventVerdict = 'malicious' | 'benign';

export interface BacktestedRule {
  readonly id: string;
  readonly title: string;
  readonly severity: string;
  readonly hits: number;
  readonly alerts: number;
  readonly pages: number;
  readonly truePositives: number;
  readonly falsePositives: number;
  /** 0 = nothing it hit is labelled. */
  readonly precision: number;
  readonly falsePositiveBound: number;
  readonly missed: number;
  readonly examples: readonly BacktestExample[];
}

interface Tally {
  readonly title: string;
  readonly severity: string;
  hits: number;
  alerts: number;
  pages: number;
  truePositives: number;
  falsePositives: number;
  readonly found: Set<string>;
  readonly examples: BacktestExample[];
}

const mostExamples = 5;

export interface BacktestTally {
  /** A labelled event was looked at. `asked` says of a rule's id whether it could have met it. */
  looked(event: string, asked: (rule: string) => boolean): void;
  hit(seen: HitSeen): void;
  /** An alert as a rule says it from `atMs` on. */
  says(made: MadeAlert, atMs: number): void;
  /** Those chosen, most hits first. */
  rules(): BacktestedRule[];
}

/**
 * Counts for each rule.
 *
 *   T1  hits on labelled events are right or wrong; a correlation's by its events: malicious if one is, benign if all that are labelled are
 *   T2  an alert begins when it is said and did not fire
 *   T3  missed: malicious events that it was asked about and did not hit
 *
 * @param chosen  whether a rule is reported
 */
export function backtestTally(given: {
  readonly running: ReadonlyMap<string, RunningRule>;
  readonly chosen: (id: string) => boolean;
  readonly labels: ReadonlyMap<string, EventVerdict>;
  readonly pages: PageCount;
}): BacktestTally {
  const { running, chosen, labels, pages } = given;
  const tallies = new Map<string, Tally>();
  const malicious: { readonly event: string; readonly asked: (rule: string) => boolean }[] = [];
  const untilMs = new Map<string, number>();
  const tallyOf = (id: string, title: string, severity: string): Tally => {
    const counts = { hits: 0, alerts: 0, pages: 0, truePositives: 0, falsePositives: 0 };
    const tally = tallies.get(id) ?? { title, severity, ...counts, found: new Set<string>(), examples: [] };
    tallies.set(id, tally);
    return tally;
  };
  const ofRule = (rule: RunningRule): Tally => tallyOf(rule.id, rule.title, severityOf(rule, false).severity);
  for (const rule of running.values()) if (chosen(rule.id)) ofRule(rule);
  const labelOf = (events: readonly string[]): EventVerdict | '' => {
    const found = events.map((event) => labels.get(event));
    return found.includes('malicious') ? 'malicious' : found.includes('benign') ? 'benign' : '';
  };
  return {
    looked(event, asked) {
      if (labels.get(event) === 'malicious') malicious.push({ event, asked });
    },
    hit({ hit, atMs, source, id }) {
      if (!chosen(hit.rule.id)) return;
      const tally = ofRule(hit.rule);
      const label = labelOf(hit.events);
      tally.hits += 1;
      if (label === 'malicious') tally.truePositives += 1;
      if (label === 'benign') tally.falsePositives += 1;
      if (labels.size > 0) for (const event of hit.events) tally.found.add(event);
      if (tally.examples.length >= mostExamples) return;
      const group = hit.rule.kind === 'correlation' || hit.rule.kind === 'preset' ? hit.fields : {};
      tally.examples.push({ atMs, source, id, label, group });
    },
    says({ namespace, posted }, atMs) {
      const { labels: labelled, endsAt = '' } = posted;
      const { rule_id: id = labelled.alertname ?? '', alertname = '', severity = '' } = labelled;
      const name = JSON.stringify([namespace, Object.entries(labelled).toSorted(([a], [b]) => (a < b ? -1 : 1))]);
      const end = parseInstant(endsAt);
      const endMs = typeof end === 'number' ? end : atMs;
      const fires = (untilMs.get(name) ?? -Infinity) > atMs;
      untilMs.set(name, endMs);
      if (fires || endMs <= atMs) return;
      const made = pages.begins({ namespace, labels: labelled, atMs, untilMs: endMs });
      if (!chosen(id)) return;
      const tally = tallyOf(id, alertname, severity);
      tally.alerts += 1;
      tally.pages += made;
      // Rules that are always there tell of alerts only.
      if (!running.has(id)) tally.hits += 1;
    },
    rules: () =>
      [...tallies]
        .map(([id, { found, ...tally }]): BacktestedRule => {
          const { truePositives, falsePositives } = tally;
          const judged = truePositives + falsePositives;
          return {
            id,
            ...tally,
            precision: judged === 0 ? 0 : truePositives / judged,
            falsePositiveBound: judged === 0 ? 0 : upperBound(falsePositives, judged),
            missed: malicious.filter(({ event, asked }) => asked(id) && !found.has(event)).length,
          };
        })
        .sort((a, b) => b.hits - a.hits || b.alerts - a.alerts || (a.title < b.title ? -1 : 1)),
  };
}
