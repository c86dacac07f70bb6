import type { GetRuleResponseJson } from '@tmws/contracts';
import type { Context } from '../context.ts';
import { printObject } from '../output.ts';
import { falseText } from '../rule-words.ts';
import { timeText } from '../time-text.ts';
import { rulesPath } from './rule-list.ts';

/** `tmws rule get ID`: one rule, its facts, then its text. */
export async function ruleGet(context: Context, id: string): Promise<void> {
  const found = await context.client().get<GetRuleResponseJson>(`${rulesPath}/${encodeURIComponent(id)}`);
  const { rule = {}, text = '' } = found;
  const { caseCount = 0, failedCases = [] } = rule;
  const less = rule.severityReason ?? '';
  await printObject(context, found, [
    ['id', rule.id ?? ''],
    ['title', rule.title ?? ''],
    ['kind', rule.kind ?? ''],
    ['status', rule.status ?? ''],
    ['level', rule.level ?? ''],
    ['severity', [rule.severity ?? '', less].filter(Boolean).join(': ')],
    ['description', rule.description ?? ''],
    ['looks at', rule.logsource ?? ''],
    ['file', rule.source ?? ''],
    ['tags', (rule.tags ?? []).join(', ')],
    ['may be wrong', (rule.falsePositives ?? []).join('; ')],
    ['hits', rule.hits ?? '0'],
    ['last hit', timeText(rule.lastHitAt, context.time, context.terminal.nowMs())],
    ['judged false', falseText(rule.verdicts)],
    ['cases', caseCount === 0 ? 'none' : `${caseCount - failedCases.length} of ${caseCount} as they say`],
    ...failedCases.map((each): [string, string] => ['failed case', each]),
  ]);
  if (text !== '' && (context.format === 'table' || context.format === 'plain')) {
    await context.terminal.print(`\n${text}${text.endsWith('\n') ? '' : '\n'}`);
  }
}
