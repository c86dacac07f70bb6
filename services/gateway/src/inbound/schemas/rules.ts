import type {
  BacktestedRuleJson,
  BacktestHitJson,
  BacktestProgressJson,
  BacktestReportJson,
  BacktestRulesResponseJson,
  DetectionRuleJson,
  GetRuleResponseJson,
  ListRulesResponseJson,
  RefusedRuleJson,
  ReloadRulesResponseJson,
  RuleFaultJson,
  VerdictsJson,
} from '@tmws/contracts';
import { z } from 'zod';
import { count, instant, int64, messageJson, real, texts, word } from './message-json.ts';

const verdicts = messageJson<VerdictsJson>()({
  truePositives: count('Alerts that people called right'),
  falsePositives: count('Alerts that people called wrong'),
  falsePositiveRate: real('False ones among those judged', 0.25),
  falsePositiveBound: real('One-sided 95 % upper bound of that rate (Clopper-Pearson)', 0.75),
}).meta({ id: 'Verdicts', description: 'What people said of the alerts of a rule, and what follows' });

export const detectionRule = messageJson<DetectionRuleJson>()({
  id: word("The rule's id, or its name or title where it has none", '1a9bd6f7-3a2c-4f0e-9b0a-3c1f5f5f0a11'),
  title: word('What people call it', 'Many failed sign-ins, then one that worked'),
  kind: word('sigma, correlation, preset, atr, built_in', 'correlation'),
  family: word('What it is counted as where two independent families are asked for: sigma, atr, count', 'sigma'),
  status: word('stable, test, experimental, …; empty: it does not say', 'stable'),
  level: word('What the rule says: informational, low, medium, high, critical', 'high'),
  severity: word('What its alerts say: critical only where the rule is deterministic and stable', 'high'),
  severityReason: word('Why severity is less than level; empty: it is not'),
  description: word('What it looks for', 'Guessed passwords'),
  tags: texts('As the rule has them', ['attack.t1110']),
  falsePositives: texts('What else may look like it', ['A service with an old password']),
  source: word('The file it lies in, below its folder', 'sign-in/guessed.yml'),
  logsource: word('Events it looks at', 'product: tmws, service: security'),
  caseCount: count('Cases it brings'),
  failedCases: texts('Cases that did not come out as they say, at the last loading'),
  hits: int64('Since the process began', '12'),
  lastHitAt: instant('When it was met last').optional(),
  verdicts: verdicts.optional(),
}).meta({ id: 'DetectionRule', description: 'A rule over events that runs' });

const ruleFault = messageJson<RuleFaultJson>()({
  line: count('From 1; 0: not known'),
  path: word('Where in the rule', 'detection.condition'),
  message: word('What is wrong, and what to do', 'there is no selection "sel"'),
}).meta({ id: 'RuleFault' });

const refusedRule = messageJson<RefusedRuleJson>()({
  source: word('The file it lies in, below its folder', 'sign-in/guessed.yml'),
  document: count('Which document of the file, from 0'),
  id: word("The rule's id, if it has one"),
  title: word('Its title, if it has one', 'Guessed'),
  faults: z.array(ruleFault),
}).meta({ id: 'RefusedRule', description: 'A rule that does not run, and why' });

export const ruleList = messageJson<ListRulesResponseJson>()({
  items: z.array(detectionRule),
  nextCursor: word('Empty at the end'),
  running: count('Of all rules, whatever was asked for'),
  refused: z.array(refusedRule).meta({ description: 'At most 100; refusedCount has all' }),
  refusedCount: count('Rules that do not run'),
  loadedAt: instant('When they were read').optional(),
  topics: texts('Topics that rules see', ['tmws.security']),
}).meta({ id: 'RuleList' });

export const foundRule = messageJson<GetRuleResponseJson>()({
  rule: detectionRule.optional(),
  text: word('As it lies in its file; empty for those that are built in', 'title: Guessed\n'),
}).meta({ id: 'FoundRule' });

export const reloadedRules = messageJson<ReloadRulesResponseJson>()({
  running: count('Rules that run'),
  refusedCount: count('Rules that were refused; the list says why'),
  loadedAt: instant('When they were read').optional(),
}).meta({ id: 'ReloadedRules' });

const backtestHit = messageJson<BacktestHitJson>()({
  at: instant('When the event happened').optional(),
  source: word('Of the event', '/gateway'),
  id: word('Of the event', 'e-1'),
  label: word('malicious, benign, or empty: not labelled', 'malicious'),
  group: z
    .record(z.string(), z.string())
    .meta({ description: 'What the events of a correlation share', examples: [{ principal: 'ann' }] }),
}).meta({ id: 'BacktestHit' });

const backtestedRule = messageJson<BacktestedRuleJson>()({
  id: word('Of the rule', 'guessed'),
  title: word('Of the rule', 'Guessed passwords'),
  severity: word('Of its alerts', 'high'),
  hits: int64('Events that met it; for a correlation, windows that it completed', '3'),
  alerts: int64('Alerts that would have begun to fire', '1'),
  pagesPerWeek: real('Messages that receivers would have got, per week of the time looked at', 1),
  truePositives: int64('Hits on events labelled malicious', '3'),
  falsePositives: int64('Hits on events labelled benign', '0'),
  precision: real('Malicious ones among hits on labelled events; 0 where none is labelled', 1),
  falsePositiveBound: real('One-sided 95 % upper bound of the rate of false ones among them (Clopper-Pearson)', 0.632),
  missed: int64('Malicious ones it did not find, of those it could have met', '0'),
  examples: z.array(backtestHit).meta({ description: 'At most 5' }),
}).meta({ id: 'BacktestedRule' });

const backtestProgress = messageJson<BacktestProgressJson>()({
  events: int64('Looked at', '100000'),
  share: real('Of the time asked for, 0 to 1', 0.32),
}).meta({ id: 'BacktestProgress' });

const backtestReport = messageJson<BacktestReportJson>()({
  from: instant('The time looked at').optional(),
  to: instant('Up to then').optional(),
  events: int64('Looked at', '312440'),
  unreadable: int64('Records of the topics that are no events', '0'),
  tookSeconds: real('How long it took', 4.2),
  rules: z.array(backtestedRule),
  refused: z.array(refusedRule).meta({ description: 'Rules of `text` that were not run, and why' }),
  truncated: z.boolean().meta({ description: 'The log was longer than is read at once: `from` is where it began' }),
}).meta({ id: 'BacktestReport' });

export const backtestLine = messageJson<BacktestRulesResponseJson>()({
  progress: backtestProgress.optional(),
  report: backtestReport.optional(),
}).meta({ id: 'BacktestLine', description: 'How far it is, or what came of it' });
