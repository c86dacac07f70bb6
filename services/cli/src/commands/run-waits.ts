import type { GetWaitsResponseJson, PoolUseJson, StepWaitsJson, WaitCauseJson, WaitPieceJson } from '@tmws/contracts';
import { formatDuration } from '@tmws/duration';
import type { Context } from '../context.ts';
import { type Column, printList } from '../output.ts';
import { printable } from '../text-width.ts';
import { lookAtRun } from '../which-run.ts';

/** A share of a wait, as a line of the list. */
interface Line {
  readonly step: StepWaitsJson;
  readonly piece: WaitPieceJson;
  readonly cause: WaitCauseJson;
}

/** `tmws run waits ID`: why steps waited, and for whom. As JSON it is the API's own object. */
export async function runWaits(context: Context, reference: string, { limit }: { limit: number }): Promise<void> {
  const { terminal, format } = context;
  const client = context.client();
  const found = await lookAtRun(client, reference, (id) =>
    client.get<GetWaitsResponseJson>(`/api/v1/executions/${encodeURIComponent(id)}/waits`, { limit }),
  );
  if (format === 'json') return terminal.print(`${JSON.stringify(found, null, 2)}\n`);
  const steps = found.steps ?? [];
  if (format === 'jsonl') return terminal.print(steps.map((step) => `${JSON.stringify(step)}\n`).join(''));
  await printList(context, columns, waitLines(steps));
  if (format !== 'table') return;
  const { stepsWaited = 0, waitedNs = '0', nsByCause = {}, pools = [] } = found;
  if (stepsWaited === 0) return terminal.tell('no step waited\n');
  const causes = Object.entries(nsByCause).sort(([, a], [, b]) => Number(b) - Number(a));
  const parts = causes.map(([cause, ns]) => `${cause} ${formatDuration(Number(ns))}`);
  await terminal.print(`\n${stepsWaited} steps waited ${formatDuration(Number(waitedNs))} in all: ${parts.join(', ')}\n`);
  if (pools.length > 0) await terminal.print(`\n${pools.map(poolLine).join('')}`);
}

/** A line for each share of each wait. */
export function waitLines(steps: readonly StepWaitsJson[]): Line[] {
  return steps.flatMap((step) =>
    (step.pieces ?? []).flatMap((piece) => (piece.causes ?? []).map((cause) => ({ step, piece, cause }))),
  );
}

export const waitColumns: readonly Column<Line>[] = [
  { title: 'WAITED', text: ({ cause }) => formatDuration(Number(cause.ns ?? 0)), align: 'right' },
  { title: 'KIND', text: ({ piece }) => piece.kind ?? '' },
  { title: 'CAUSE', text: ({ cause }) => cause.cause ?? '' },
  { title: 'TRY', text: ({ piece }) => String(piece.attempt ?? ''), align: 'right' },
  { title: 'FOR', text: ({ piece, cause }) => whatFor(piece, cause), shrinkTo: 12 },
];
const columns: readonly Column<Line>[] = [
  { title: 'STEP', text: ({ step: { name = '', stepId = '' } }) => name || stepId, shrinkTo: 12 },
  ...waitColumns,
];

function whatFor(
  { reason = '' }: WaitPieceJson,
  { pool = '', worker = '', behind = [], behindCount = 0 }: WaitCauseJson,
): string {
  const where = [pool, worker].filter(Boolean).join('/');
  const names = behind.map(({ stepId = '', attempt = 1, ns = '0' }) => {
    return `${stepId}${attempt > 1 ? `#${attempt}` : ''} ${formatDuration(Number(ns))}`;
  });
  if (behindCount > behind.length) names.push(`${behindCount - behind.length} more`);
  return [reason, where, names.join(', ')].filter(Boolean).join(': ');
}

function poolLine({
  pool = '',
  worker = '',
  queueNs = '0',
  utilisation = 0,
  capacity = 0,
  blame = [],
  ...use
}: PoolUseJson): string {
  const [most] = blame;
  const who =
    most === undefined ? '' : `; ${most.waiting ?? ''} waited ${formatDuration(Number(most.ns ?? 0))} behind ${most.on ?? ''}`;
  const law = use.littlesLawHolds === true ? '' : '; not all tell when they were queued';
  const share = Math.round(Number(utilisation) * 100);
  return `${printable(`pool ${pool || worker}`)}: ${share} % of ${capacity} used, ${formatDuration(Number(queueNs))} waited for it${printable(who)}${law}\n`;
}
