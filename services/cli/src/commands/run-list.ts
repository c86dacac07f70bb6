import type { ExecutionJson, ListExecutionsResponseJson } from '@tmws/contracts';
import { formatDuration } from '@tmws/duration';
import type { Context } from '../context.ts';
import { type Column, printList } from '../output.ts';
import { statusStyle } from '../paint.ts';
import { timeText } from '../time-text.ts';

export interface RunListOptions {
  readonly workflow?: string;
  /** One status, or several with commas. */
  readonly status?: string;
  readonly query?: string;
  readonly sort?: string;
  readonly limit: number;
  readonly all?: boolean;
}

const pageSize = 500;

/** `tmws run list`: executions, newest first. */
export async function runList(
  context: Context,
  { workflow, status, query, sort, limit, all = false }: RunListOptions,
): Promise<void> {
  const { terminal, format } = context;
  const client = context.client();
  const wanted = all ? Infinity : limit;
  const columns = columnsFor(context);
  const listed: ExecutionJson[] = [];
  let count = 0;
  let cursor: string | undefined;
  do {
    const page = await client.get<ListExecutionsResponseJson>('/api/v1/executions', {
      workflow,
      status,
      q: query,
      sort,
      limit: Math.min(wanted - count, pageSize),
      cursor,
    });
    const items = (page.items ?? []).slice(0, wanted - count);
    cursor = page.nextCursor === '' ? undefined : page.nextCursor;
    count += items.length;
    // Lines can leave page by page; a table and an array are made of the whole.
    if (format === 'jsonl' || format === 'plain') await printList(context, columns, items);
    else listed.push(...items);
  } while (cursor !== undefined && count < wanted);
  if (format === 'json' || format === 'table') await printList(context, columns, listed);
  if (count === 0 && terminal.errIsTty) terminal.tell(nothing([workflow, status, query].some((filter) => filter !== undefined)));
  if (cursor !== undefined && terminal.errIsTty)
    terminal.tell(`the first ${count}; there are more: --limit ${count * 2}, or --all\n`);
}

function nothing(filtered: boolean): string {
  return filtered ? 'no run matches\n' : 'no runs yet; `tmws demo` makes some\n';
}

function columnsFor({ time, terminal }: Context): Column<ExecutionJson>[] {
  const nowMs = terminal.nowMs();
  return [
    { title: 'ID', text: ({ id = '' }) => id },
    { title: 'WORKFLOW', text: ({ workflow }) => [workflow?.name, workflow?.version].filter(Boolean).join(' '), shrinkTo: 16 },
    { title: 'STATUS', text: ({ status = '' }) => status, style: ({ status = '' }) => statusStyle(status) },
    { title: 'STARTED', text: ({ startedAt }) => timeText(startedAt, time, nowMs) },
    {
      title: 'DURATION',
      text: ({ makespanNs }) => (makespanNs === undefined ? '' : formatDuration(Number(makespanNs))),
      align: 'right',
    },
    { title: 'STEPS', text: ({ stepCount = 0 }) => String(stepCount), align: 'right' },
    { title: 'NAME', text: ({ name = '' }) => name, shrinkTo: 8 },
  ];
}
