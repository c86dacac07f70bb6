import type { GetBottlenecksResponseJson, StepDragJson } from '@tmws/contracts';
import { formatDuration } from '@tmws/duration';
import type { Context } from '../context.ts';
import { type Column, printList } from '../output.ts';
import { printable } from '../text-width.ts';
import { lookAtRun } from '../which-run.ts';

/** `tmws run bottlenecks ID`: what would be won if a step took no time, greatest first. As JSON it is the API's own object. */
export async function runBottlenecks(context: Context, reference: string, { limit }: { limit: number }): Promise<void> {
  const { terminal, format } = context;
  const client = context.client();
  const found = await lookAtRun(client, reference, (id) =>
    client.get<GetBottlenecksResponseJson>(`/api/v1/executions/${encodeURIComponent(id)}/bottlenecks`, { limit }),
  );
  if (format === 'json') return terminal.print(`${JSON.stringify(found, null, 2)}\n`);
  if (found.refusal) terminal.tell(`no bottleneck is named: ${printable(found.refusal)}\n`);
  await printList(context, columnsFor(Number(found.makespanNs ?? 0)), found.steps ?? []);
  const types = (found.types ?? []).filter(({ steps = 0 }) => steps > 1);
  if (format !== 'table' || types.length === 0) return;
  const lines = types.slice(0, 5).map(({ by = '', value = '', steps = 0, dragNs = '0' }) => {
    return `all ${steps} steps of ${by} ${printable(value)}: ${formatDuration(Number(dragNs))}`;
  });
  await terminal.print(`\nif they took no time, at most would be won by\n  ${lines.join('\n  ')}\n`);
}

function columnsFor(makespan: number): Column<StepDragJson>[] {
  const share = (ns: number): string => (makespan === 0 ? '' : `${Math.round((ns / makespan) * 100)} %`);
  return [
    { title: 'DRAG', text: ({ dragNs = '0' }) => formatDuration(Number(dragNs)), align: 'right' },
    { title: 'SHARE', text: ({ dragNs = '0' }) => share(Number(dragNs)), align: 'right' },
    { title: 'SLACK', text: ({ slackNs = '0' }) => formatDuration(Number(slackNs)), align: 'right' },
    { title: 'DURATION', text: ({ durationNs = '0' }) => formatDuration(Number(durationNs)), align: 'right' },
    { title: 'STEP', text: ({ name = '', stepId = '' }) => name || stepId, shrinkTo: 12 },
    { title: 'DO', text: ({ feasibility }) => [feasibility?.word, feasibility?.waitKind].filter(Boolean).join(' ') },
    { title: 'REASON', text: ({ feasibility }) => feasibility?.reason ?? '', shrinkTo: 8 },
  ];
}
