// A folder of rules of whatever format with their cases: each rule, and what came of each of its cases.
import { readAtrRules } from '../atr/detector.ts';
import type { AtrRule } from '../atr/rule.ts';
import { onlyCorrelated } from '../correlation/correlator.ts';
import type { Fault, Refusal } from '../fault.ts';
import { readRules, type RuleText } from '../sigma/collection.ts';
import { isMap } from '../sigma/detection.ts';
import { type ReadDocument, readDocuments } from '../sigma/documents.ts';
import type { ReadOptions } from '../sigma/rule.ts';
import { atrCases, runAtrCases } from './atr-cases.ts';
import { type CaseFault, type CaseFile, folderOf, isEvents, isInfo, recordedCases, type RegressionCase } from './regression.ts';
import type { RuleCase } from './rule-case.ts';
import { type CaseOptions, type CaseResult, runCases, type RunnableRule } from './run.ts';

export interface RuleReport {
  readonly source: string;
  readonly id?: string | undefined;
  readonly title?: string | undefined;
  readonly kind: 'rule' | 'correlation' | 'preset' | 'atr' | 'refused';
  readonly outcome: 'ok' | 'failed' | 'refused' | 'untested';
  readonly cases: readonly CaseResult[];
  readonly faults: readonly Fault[];
  /** The correlation in whose cases the rule, which is only there for it, takes part. */
  readonly testedBy?: string | undefined;
}

export interface TestedRules {
  readonly rules: readonly RuleReport[];
  /** Files of events that could not be read, and recorded cases of rules that are not there. */
  readonly faults: readonly CaseFault[];
}

/**
 * Reads all files together and runs every case.
 *   K3  `*.json` and `*.jsonl` are recorded events, `info.yml` says whose; every other file is rules: Sigma's, presets, ATR's
 */
export function testRules(files: readonly CaseFile[], options: ReadOptions & CaseOptions = {}): TestedRules {
  const sigma: RuleText[] = [];
  const atr: { source: string; document: ReadDocument }[] = [];
  for (const file of files) {
    if (isEvents(file.source) || isInfo(file.source)) continue;
    if (/^test_cases:|^id:\s*['"]?ATR-/m.test(file.text))
      atr.push(...readDocuments(file.text).map((document) => ({ source: file.source, document })));
    else sigma.push(file);
  }
  const recorded = recordedCases(files);
  const set = readRules(sigma, options);
  const runnable: RunnableRule[] = [...set.rules, ...set.correlations, ...set.presets];
  const perFolder = Map.groupBy(runnable, ({ source }) => folderOf(source));
  const taken = new Set<RegressionCase>();
  const reports = runnable.map((rule): RuleReport => {
    const alone = perFolder.get(folderOf(rule.source))?.length === 1;
    const beside = recorded.cases.filter((each) =>
      each.ruleId === undefined ? alone && each.folder === folderOf(rule.source) : each.ruleId === rule.id,
    );
    for (const each of beside) taken.add(each);
    const cases: readonly RuleCase[] = [...rule.tests, ...beside];
    return reportOf(rule, rule.kind, runCases(set, rule, cases, options));
  });
  const tested = reports.map((report, i) => {
    const rule = runnable[i];
    if (report.outcome !== 'untested' || rule === undefined || !onlyCorrelated(set.correlations, rule)) return report;
    const by = set.correlations.find(
      ({ rules, source, title }) =>
        rules.some((each) => each === rule.id || each === rule.name) &&
        reports.some((each) => each.source === source && each.title === title && each.cases.length > 0),
    );
    return by === undefined ? report : { ...report, outcome: 'ok' as const, testedBy: by.title };
  });
  const missing = recorded.cases.filter(
    (each) =>
      !taken.has(each) &&
      !set.refused.some(({ id, source }) => (each.ruleId === undefined ? folderOf(source) === each.folder : id === each.ruleId)),
  );
  return {
    rules: [...tested, ...atrReports(atr), ...set.refused.map(refusedReport)].sort((a, b) =>
      a.source < b.source ? -1 : a.source > b.source ? 1 : 0,
    ),
    faults: [...recorded.faults, ...missing.map(missingRule)],
  };
}

function atrReports(documents: readonly { source: string; document: ReadDocument }[]): RuleReport[] {
  const readable = documents.filter(({ document }) => document.faults.length === 0);
  const { rules, refused } = readAtrRules(
    readable.map(({ source, document }) => ({ source, document: document.value, lineOf: document.lineOf })),
  );
  const unread = documents.flatMap(({ source, document: { faults } }): Refusal[] =>
    faults.length === 0 ? [] : [{ source, document: 0, faults }],
  );
  const reports = rules.map((rule: AtrRule): RuleReport => {
    const own = readable.find(
      ({ source, document: { value } }) => source === rule.source && isMap(value) && value.id === rule.id,
    );
    return reportOf(rule, 'atr', runAtrCases(rule, atrCases(own?.document.value)));
  });
  return [...reports, ...[...refused, ...unread].map(refusedReport)];
}

function reportOf(
  { source, id, title }: { source: string; id?: string | undefined; title: string },
  kind: RuleReport['kind'],
  cases: readonly CaseResult[],
): RuleReport {
  const outcome = cases.length === 0 ? 'untested' : cases.every(({ passed }) => passed) ? 'ok' : 'failed';
  return { source, id, title, kind, outcome, cases, faults: [] };
}

function refusedReport({ source, id, title, faults }: Refusal): RuleReport {
  return { source, id, title, kind: 'refused', outcome: 'refused', cases: [], faults };
}

/** An info.yml that names a rule which is elsewhere is no fault: part of a tree may be tested. */
function missingRule({ folder, ruleId, name }: RegressionCase): CaseFault {
  const which =
    ruleId === undefined ? 'no one rule lies beside them; name it by its id in an info.yml' : `no rule has the id ${ruleId}`;
  return {
    kind: 'unclaimed',
    source: folder === '' ? '.' : folder,
    message: `the events of ${JSON.stringify(name)} are for nobody: ${which}`,
  };
}
