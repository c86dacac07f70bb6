import type { FailureGroupJson, FacetValueJson, SummarizeResponseJson } from '@tmws/contracts';
import type { Context } from '../context.ts';
import { type Column, printList } from '../output.ts';
import { timeText } from '../time-text.ts';

export interface RunCountOptions {
  readonly workflow?: string;
  readonly status?: string;
  readonly query?: string;
  readonly by: string;
  readonly groups?: boolean;
}

/** `tmws run count`: how many runs match, by one of their properties, or the causes their failures share. */
export async function runCount(
  context: Context,
  { workflow, status, query, by, groups = false }: RunCountOptions,
): Promise<void> {
  const { terminal } = context;
  const summary = await context.client().get<SummarizeResponseJson>('/api/v1/executions/summary', { workflow, status, q: query });
  const { total = '0', estimated = false, facets = [], moreFailures = false, failuresGrouped = 0 } = summary;
  if (groups) {
    await printList(context, groupColumns(context), summary.groups ?? []);
    if (moreFailures) terminal.tell(`of the latest ${failuresGrouped} failures; there are more\n`);
    return;
  }
  const facet = facets.find(({ key }) => key === by);
  const { values = [], otherValues = 0, others = '0' } = facet ?? {};
  await printList(context, countColumns(by), values);
  if (otherValues > 0) terminal.tell(`${others} more have one of ${otherValues} other values\n`);
  if (terminal.errIsTty || estimated)
    terminal.tell(estimated ? `about ${total} in all, counted on a sample\n` : `${total} in all\n`);
}

const countColumns = (by: string): Column<FacetValueJson>[] => [
  { title: by.toUpperCase(), text: ({ value = '' }) => value || '-' },
  { title: 'COUNT', text: ({ count = '0' }) => count, align: 'right' },
];

function groupColumns({ time, terminal }: Context): Column<FailureGroupJson>[] {
  const nowMs = terminal.nowMs();
  const at = (ns = '0'): string => timeText(new Date(Number(BigInt(ns) / 1_000_000n)).toISOString(), time, nowMs);
  return [
    { title: 'COUNT', text: ({ count = 0 }) => String(count), align: 'right' },
    { title: 'ERROR', text: ({ errorType = '' }) => errorType || '-' },
    { title: 'STEP', text: ({ step = '' }) => step || '-', shrinkTo: 12 },
    { title: 'FIRST', text: ({ firstNs }) => at(firstNs) },
    { title: 'LAST', text: ({ lastNs }) => at(lastNs) },
    { title: 'MESSAGE', text: ({ message = '' }) => message, shrinkTo: 16 },
  ];
}
