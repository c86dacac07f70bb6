import type { DetectionRuleJson, ListRulesResponseJson, ReloadRulesResponseJson } from '@tmws/contracts';
import type { Context } from '../context.ts';
import { type Column, printList, printObject } from '../output.ts';
import { statusStyle } from '../paint.ts';
import { falseText, refusedLines } from '../rule-words.ts';
import { timeText } from '../time-text.ts';

export interface RuleListOptions {
  readonly kind?: string;
  readonly limit: number;
  readonly all?: boolean;
}

export const rulesPath = '/api/v1/rules';
const pageSize = 2000;

/** `tmws rule list`: what runs; what was refused, and why, on standard error. */
export async function ruleList(
  context: Context,
  search: string | undefined,
  { kind, limit, all = false }: RuleListOptions,
): Promise<void> {
  const { terminal, time } = context;
  const nowMs = terminal.nowMs();
  const wanted = all ? Infinity : limit;
  const listed: DetectionRuleJson[] = [];
  let page: ListRulesResponseJson;
  let cursor: string | undefined;
  do {
    const asked = { kind, search, limit: Math.min(wanted - listed.length, pageSize), cursor };
    page = await context.client().get<ListRulesResponseJson>(rulesPath, asked);
    listed.push(...(page.items ?? []));
    cursor = page.nextCursor === '' ? undefined : page.nextCursor;
  } while (cursor !== undefined && listed.length < wanted);
  const columns: Column<DetectionRuleJson>[] = [
    { title: 'ID', text: ({ id = '' }) => id, shrinkTo: 16 },
    { title: 'KIND', text: ({ kind: is = '' }) => is },
    { title: 'SEVERITY', text: ({ severity = '' }) => severity, style: ({ severity = '' }) => statusStyle(severity) },
    { title: 'HITS', text: ({ hits = '0' }) => hits, align: 'right' },
    { title: 'LAST HIT', text: ({ lastHitAt }) => timeText(lastHitAt, time, nowMs) || '-' },
    { title: 'FALSE', text: ({ verdicts }) => falseText(verdicts) || '-' },
    { title: 'CASES', text: ({ caseCount = 0, failedCases = [] }) => casesText(caseCount, failedCases.length) },
    { title: 'TITLE', text: ({ title = '' }) => title, shrinkTo: 16 },
  ];
  await printList(context, columns, listed);
  for (const line of refusedLines(page.refused)) terminal.tell(`${line}\n`);
  const { refused = [], refusedCount = 0 } = page;
  if (refusedCount > refused.length) terminal.tell(`and ${refusedCount - refused.length} more were refused\n`);
  if (cursor !== undefined && terminal.errIsTty) terminal.tell(`there is more: --all\n`);
}

/** `tmws rule reload`: the folders are read again. */
export async function ruleReload(context: Context): Promise<void> {
  const made = await context.client().post<ReloadRulesResponseJson>(`${rulesPath}/reload`, {});
  const { running = 0, refusedCount = 0 } = made;
  await printObject(context, made, [
    ['running', String(running)],
    ['refused', String(refusedCount)],
  ]);
  if (refusedCount > 0) context.terminal.tell('`tmws rule list` says which were refused and why\n');
}

const casesText = (count: number, failed: number): string =>
  failed > 0 ? `${failed} of ${count} failed` : count === 0 ? '-' : String(count);
