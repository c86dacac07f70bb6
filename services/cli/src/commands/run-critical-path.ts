import type { GetCriticalPathResponseJson, SegmentJson, TimelineRowJson } from '@tmws/contracts';
import { formatDuration } from '@tmws/duration';
import type { Context } from '../context.ts';
import { type Column, printList } from '../output.ts';

/** `tmws run timeline ID --critical`: where the time went, segment by segment. As JSON it is the API's own object. */
export async function printCriticalPath(
  context: Context,
  path: GetCriticalPathResponseJson,
  rows: readonly TimelineRowJson[],
): Promise<void> {
  const { terminal, format } = context;
  if (format === 'json') return terminal.print(`${JSON.stringify(path, null, 2)}\n`);
  const segments = path.segments ?? [];
  await printList(context, columnsFor(path, rows), segments);
  if (format !== 'table' || segments.length === 0) return;
  const kinds = Object.entries(path.nsByKind ?? {}).sort(([, a], [, b]) => Number(b) - Number(a));
  const makespan = Number(path.makespanNs ?? 0);
  const parts = kinds.map(([kind, ns]) => `${kind} ${formatDuration(Number(ns))} (${share(Number(ns), makespan)})`);
  await terminal.print(`\n${formatDuration(makespan)} in all: ${parts.join(', ')}\n`);
}

function columnsFor(path: GetCriticalPathResponseJson, rows: readonly TimelineRowJson[]): Column<SegmentJson>[] {
  const zero = BigInt(path.segments?.[0]?.startNs ?? 0);
  const makespan = Number(path.makespanNs ?? 0);
  const places = new Map(rows.map((row) => [row.stepKey, placeOf(row)]));
  const length = ({ startNs = '0', endNs = '0' }: SegmentJson): number => Number(BigInt(endNs) - BigInt(startNs));
  return [
    { title: 'AT', text: ({ startNs = '0' }) => formatDuration(Number(BigInt(startNs) - zero)), align: 'right' },
    { title: 'DURATION', text: (segment) => formatDuration(length(segment)), align: 'right' },
    { title: 'SHARE', text: (segment) => share(length(segment), makespan), align: 'right' },
    { title: 'KIND', text: ({ kind = '' }) => kind },
    { title: 'STEP', text: ({ stepKey, stepId = '' }) => places.get(stepKey) ?? stepId, shrinkTo: 12 },
    { title: 'TRY', text: ({ attempt = 0 }) => (attempt === 0 ? '' : String(attempt)), align: 'right' },
    { title: 'REASON', text: ({ reason = '' }) => reason, shrinkTo: 8 },
  ];
}

function share(ns: number, of: number): string {
  return of === 0 ? '' : `${Math.round((ns / of) * 100)} %`;
}

function placeOf({ path = [], stepId = '', iteration = 0 }: TimelineRowJson): string {
  return `${[...path, stepId].join('/')}${iteration === 0 ? '' : ` #${iteration}`}`;
}
