import type { MessageInitShape } from '@bufbuild/protobuf';
import type { BacktestedRuleSchema, BacktestReportSchema, Handlers, RuleService } from '@tmws/contracts';
import { Problem } from '@tmws/problems';
import type { EventVerdict } from '../../domain/detection/backtest-tally.ts';
import { eventName } from '../../domain/detection/observed-event.ts';
import type { backtestRules, BacktestReport } from '../../usecases/backtest-rules.ts';
import { instant } from './alert-messages.ts';
import { instantOf } from './requests.ts';
import { refusedMessage } from './rule-handlers.ts';

const mostText = 1_048_576;
const [mostIds, mostLabels] = [2_000, 100_000];

/** RuleService.BacktestRules over the use case. */
export function backtestHandler(run: ReturnType<typeof backtestRules>): Handlers<typeof RuleService.method>['backtestRules'] {
  return async function* ({ ids, text, from, to, labels }, { caller, signal }) {
    if (Buffer.byteLength(text) > mostText) throw tooMuch('text', '1 MiB');
    if (ids.length > mostIds) throw tooMuch('ids', `${mostIds} of them`);
    if (labels.length > mostLabels) throw tooMuch('labels', `${mostLabels} of them`);
    const fromMs = from === undefined ? undefined : instantOf(from, 'from');
    const toMs = to === undefined ? undefined : instantOf(to, 'to');
    if (fromMs !== undefined && toMs !== undefined && fromMs >= toMs)
      throw new Problem('invalid', 'from must be before to', { field: 'from' });
    const verdicts = labels.map(({ malicious, ...named }): [string, EventVerdict] => [
      eventName(named),
      malicious ? 'malicious' : 'benign',
    ]);
    for await (const news of run(caller.namespace, { ids, text, fromMs, toMs, labels: new Map(verdicts) }, signal)) {
      if (news.what === 'report') yield { what: { case: 'report', value: reportMessage(news) } };
      else yield { what: { case: 'progress', value: { events: BigInt(news.events), share: news.share } } };
    }
  };
}

const tooMuch = (field: string, most: string): Problem => new Problem('too_large', `${field} must be at most ${most}`, { field });

function reportMessage(report: BacktestReport): MessageInitShape<typeof BacktestReportSchema> {
  const { fromMs, toMs, events, unreadable, tookMs, rules, refused, truncated } = report;
  return {
    from: instant(fromMs),
    to: instant(toMs),
    events: BigInt(events),
    unreadable: BigInt(unreadable),
    tookSeconds: tookMs / 1000,
    rules: rules.map(ruleMessage),
    refused: refused.map(refusedMessage),
    truncated,
  };
}

function ruleMessage(rule: BacktestReport['rules'][number]): MessageInitShape<typeof BacktestedRuleSchema> {
  const { id, title, severity, hits, alerts, pagesPerWeek, truePositives, falsePositives, precision, falsePositiveBound } = rule;
  return {
    ...{ id, title, severity, pagesPerWeek, precision, falsePositiveBound },
    hits: BigInt(hits),
    alerts: BigInt(alerts),
    truePositives: BigInt(truePositives),
    falsePositives: BigInt(falsePositives),
    missed: BigInt(rule.missed),
    examples: rule.examples.map(({ atMs, source, id: event, label, group }) => ({
      ...{ at: instant(atMs), source, id: event, label },
      group: { ...group },
    })),
  };
}
