import type { ExecutionJson } from '@tmws/contracts';
import { formatDuration } from '@tmws/duration';
import type { Context } from '../context.ts';
import { printObject } from '../output.ts';
import { timeText } from '../time-text.ts';
import { lookAtRun } from '../which-run.ts';

/** `tmws run get ID`: one execution. */
export async function runGet(context: Context, reference: string): Promise<void> {
  const client = context.client();
  const run = await lookAtRun(client, reference, (id) =>
    client.get<ExecutionJson>(`/api/v1/executions/${encodeURIComponent(id)}`),
  );
  const time = (text: string | undefined): string => {
    const nowMs = context.terminal.nowMs();
    if (context.format !== 'table' || context.time !== 'relative') return timeText(text, context.time, nowMs);
    return text === undefined ? '' : `${text} (${timeText(text, 'relative', nowMs)})`;
  };
  const { workflow, error, makespanNs } = run;
  await printObject(context, run, [
    ['id', run.id ?? ''],
    ['name', run.name ?? ''],
    ['workflow', [workflow?.name, workflow?.version].filter(Boolean).join(' ')],
    ['namespace', run.namespace ?? ''],
    ['status', run.status ?? ''],
    ['started', time(run.startedAt)],
    ['finished', time(run.finishedAt)],
    ['duration', makespanNs === undefined ? '' : formatDuration(Number(makespanNs))],
    ['steps', stepsText(run)],
    ['parent', run.parentExecutionId ?? ''],
    ['origin', originText(run)],
    ['error', error === undefined ? '' : [error.type, error.message].filter(Boolean).join(': ')],
    ['page', client.pageOf(run.id ?? '')],
  ]);
}

function originText({ origin }: ExecutionJson): string {
  if (origin === undefined) return '';
  const { format = '', reconstructed = false, note = '', recordedMakespanNs } = origin;
  const recorded = recordedMakespanNs === undefined ? '' : `; recorded duration ${formatDuration(Number(recordedMakespanNs))}`;
  return `${reconstructed ? 'a reconstruction' : 'imported'} from ${format}${recorded}${note === '' ? '' : `. ${note}`}`;
}

function stepsText({ stepCount = 0, stepsByStatus = {} }: ExecutionJson): string {
  const byStatus = Object.entries(stepsByStatus).filter(([, count]) => count > 0);
  const parts = byStatus.sort(([, a], [, b]) => b - a).map(([status, count]) => `${count} ${status}`);
  return parts.length === 0 ? String(stepCount) : `${stepCount} (${parts.join(', ')})`;
}
