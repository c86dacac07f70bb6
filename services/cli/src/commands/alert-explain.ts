import type { ExplainAlertResponseJson, GroupOutlookJson } from '@tmws/contracts';
import type { Context } from '../context.ts';
import { exitCodes, Failure } from '../failure.ts';
import { isFingerprint, labelsText, matcherOf } from '../label-words.ts';
import { painter } from '../paint.ts';
import { printable } from '../text-width.ts';
import { timeText } from '../time-text.ts';
import { alertsPath } from './alert-list.ts';

/** `tmws alert explain`: who hears of an alert, or would of one with these labels. */
export async function alertExplain(context: Context, given: readonly string[]): Promise<void> {
  const { terminal, format } = context;
  const [first = ''] = given;
  const client = context.client();
  const told =
    given.length === 1 && isFingerprint(first)
      ? await client.get<ExplainAlertResponseJson>(`${alertsPath}/${first}/explain`)
      : await client.post<ExplainAlertResponseJson>(`${alertsPath}/explain`, { labels: labelsOf(given) });
  if (format === 'json') return terminal.print(`${JSON.stringify(told, null, 2)}\n`);
  if (format === 'jsonl') return terminal.print(`${JSON.stringify(told)}\n`);
  await terminal.print(explanationText(context, told));
}

function labelsOf(given: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    given.map((word) => {
      const { name, operator, value } = matcherOf(word);
      if (operator === '=') return [name, value];
      throw Failure.of('invalid', `${JSON.stringify(word)} is no label; write name=value`, undefined, exitCodes.usage);
    }),
  );
}

function explanationText({ terminal, time }: Context, told: ExplainAlertResponseJson): string {
  const paint = painter(terminal.color);
  const nowMs = terminal.nowMs();
  const { labels = {}, summary = '', routes = [], muted = [], groups = [] } = told;
  const lines = [
    paint(printable(summary), 'bold'),
    '',
    `alert   {${printable(labelsText(labels))}}${told.alert === undefined ? ', which is not known' : ''}`,
    '',
    'routes',
    ...routes.map(({ route = '', depth = 0, outcome = '', reason = '', receiver = '' }) => {
      const mark = outcome === 'takes' ? paint('takes', 'green') : paint(outcome, 'dim');
      const last = route.split('/{').at(-1) ?? route;
      const name = depth === 0 ? '{}' : `{${last}`;
      return `${'  '.repeat(depth + 1)}${printable(name)} → ${printable(receiver)}: ${mark}; ${printable(reason)}`;
    }),
    ...(muted.length === 0 ? [] : ['', 'muted', ...muted.map(({ reason = '' }) => `  ${printable(reason)}`)]),
    '',
    'groups',
    ...groups.flatMap((group) => groupLines(group, (text) => timeText(text, time, nowMs))),
  ];
  return `${lines.join('\n')}\n`;
}

function groupLines(
  { receiver = '', labels, nextAt, integrations = [] }: GroupOutlookJson,
  when: (text?: string) => string,
): string[] {
  return [
    `  ${printable(receiver)} {${printable(labelsText(labels))}}, looked at ${when(nextAt)}`,
    ...(integrations.length === 0 ? ['    nothing to tell by'] : []),
    ...integrations.map(
      ({ integration = '', notify = false, reason = '' }) =>
        `    ${printable(integration)}: ${notify ? 'is told' : 'is not told'}; ${printable(reason)}`,
    ),
  ];
}
