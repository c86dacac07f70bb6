import type { GetCriticalPathResponseJson, GetTimelineResponseJson, TimelineRowJson } from '@tmws/contracts';
import { formatDuration } from '@tmws/duration';
import type { Context } from '../context.ts';
import { timelinePicture } from '../drawing/timeline-picture.ts';
import { painter, statusStyle } from '../paint.ts';
import { printable } from '../text-width.ts';
import { lookAtRun } from '../which-run.ts';
import { printCriticalPath } from './run-critical-path.ts';

export interface RunTimelineOptions {
  readonly critical?: boolean;
  readonly limit: number;
  readonly all?: boolean;
}

const widthOfPipes = 100;

/** `tmws run timeline ID`: the Gantt chart drawn with block characters, also into a pipe; or its JSON. */
export async function runTimeline(
  context: Context,
  reference: string,
  { critical = false, limit, all = false }: RunTimelineOptions,
): Promise<void> {
  const { terminal, format } = context;
  const client = context.client();
  const ask = <T>(id: string, what: string): Promise<T> => client.get<T>(`/api/v1/executions/${encodeURIComponent(id)}/${what}`);
  const [timeline, path] = await lookAtRun(client, reference, (id) =>
    Promise.all([ask<GetTimelineResponseJson>(id, 'timeline'), ask<GetCriticalPathResponseJson>(id, 'critical-path')]),
  );
  const rows = timeline.rows ?? [];
  if (critical) return printCriticalPath(context, path, rows);
  if (format === 'json') return terminal.print(`${JSON.stringify(timeline, null, 2)}\n`);
  if (format === 'jsonl') return terminal.print(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));

  const paint = painter(terminal.color);
  const shown = all ? rows : mostTelling(rows, limit);
  const { execution } = timeline;
  const { id = '', name = '', status = '', workflow, makespanNs, error } = execution ?? {};
  const head = [
    paint(printable(id), 'bold'),
    printable([workflow?.name, workflow?.version].filter(Boolean).join(' ')),
    paint(status, ...statusStyle(status)),
    makespanNs === undefined ? '' : formatDuration(Number(makespanNs)),
    name === workflow?.name ? '' : printable(name),
  ];
  const lines = [head.filter((part) => part !== '').join('  ')];
  if (error !== undefined) lines.push(paint(printable([error.type, error.message].filter(Boolean).join(': ')), 'red'));
  lines.push('', ...timelinePicture({ ...timeline, rows: shown }, path, { width: terminal.columns ?? widthOfPipes, paint }));
  await terminal.print(`${lines.join('\n')}\n`);
  if (shown.length < rows.length)
    terminal.tell(`${shown.length} of ${rows.length} steps are drawn; --limit ${rows.length}, or --all\n`);
}

/** At most so many rows, in their order: those that failed and those on the critical path before others. */
function mostTelling(rows: readonly TimelineRowJson[], limit: number): TimelineRowJson[] {
  if (rows.length <= limit) return [...rows];
  const telling = (row: TimelineRowJson): boolean =>
    row.critical === true || row.status === 'failed' || row.status === 'timed_out';
  const kept = new Set([...rows.filter(telling), ...rows.filter((row) => !telling(row))].slice(0, limit));
  return rows.filter((row) => kept.has(row));
}
