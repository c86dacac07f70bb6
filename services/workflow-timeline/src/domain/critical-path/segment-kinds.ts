import type { Wait } from '../fact.ts';
import type { Segment, SegmentKind } from './segment.ts';
import type { Bar, TimelineRow } from '../timeline.ts';

const kinds: ReadonlySet<string> = new Set<SegmentKind>([
  'run',
  'orchestration',
  'queue',
  'rate_limit',
  'retry_backoff',
  'timer',
  'approval',
  'external',
  'debug_paused',
  'unknown',
]);

/** The time before a step's start, back to what released it. */
export interface LeadIn {
  readonly fromNs: bigint;
  readonly toNs: bigint;
  /** What released it: a step it depends on, its own try before, or nothing that is known. */
  readonly known: 'dependency' | 'retry' | 'nothing';
}

/** The pieces of a step's run between two instants, latest first: its waits, the rest is run. */
export function withinRun(row: TimelineRow, bar: Bar, fromNs: bigint, toNs: bigint): Segment[] {
  return pieces(row, bar, fromNs, toNs, bar.waits, () => 'run');
}

/** The pieces of the time before a start, latest first: told waits; queued → start is queue; ready → queued is orchestration. */
export function leadIn(row: TimelineRow, bar: Bar, { fromNs, toNs, known }: LeadIn): Segment[] {
  const { queuedNs, readyNs } = bar;
  const before: SegmentKind = known === 'retry' ? 'retry_backoff' : known === 'dependency' ? 'orchestration' : 'unknown';
  const stages: Wait[] = [];
  if (queuedNs !== undefined) stages.push({ kind: 'queue', fromNs: queuedNs, toNs, reason: '' });
  if (readyNs !== undefined)
    stages.push({
      kind: queuedNs === undefined ? 'queue' : 'orchestration',
      fromNs: readyNs,
      toNs: queuedNs ?? toNs,
      reason: '',
    });
  return pieces(row, bar, fromNs, toNs, [...bar.waits, ...stages], () => before);
}

/** Cuts a span by spans that may overlap: where several cover an instant the first in the list has it. */
function pieces(
  row: TimelineRow,
  bar: Bar,
  fromNs: bigint,
  toNs: bigint,
  spans: readonly Wait[],
  rest: () => SegmentKind,
): Segment[] {
  if (fromNs === toNs) return [];
  const of = { stepKey: row.step.stepKey, stepId: row.step.stepId, attempt: bar.attempt };
  const first = spans.find((span) => span.fromNs < toNs && (span.toNs === undefined || span.toNs > fromNs));
  if (first === undefined) return [{ of, kind: rest(), startNs: fromNs, endNs: toNs, reason: '' }];
  if (first.fromNs <= fromNs && (first.toNs === undefined || first.toNs >= toNs)) {
    return [{ of, kind: kindOf(first), startNs: fromNs, endNs: toNs, reason: first.reason }];
  }
  const inside = spans
    .map((span) => ({
      ...span,
      fromNs: span.fromNs < fromNs ? fromNs : span.fromNs,
      toNs: span.toNs === undefined || span.toNs > toNs ? toNs : span.toNs,
    }))
    .filter((span) => span.fromNs < span.toNs);
  const cuts = [...new Set([fromNs, toNs, ...inside.flatMap((span) => [span.fromNs, span.toNs])])].sort((a, b) =>
    a < b ? -1 : 1,
  );
  const segments = cuts.slice(1).map((endNs, i): Segment => {
    const startNs = cuts[i] ?? fromNs;
    const wait = inside.find((span) => span.fromNs <= startNs && span.toNs >= endNs);
    const kind = wait === undefined ? rest() : kindOf(wait);
    return { of, kind, startNs, endNs, reason: wait?.reason ?? '' };
  });
  return segments.reverse();
}

function kindOf({ kind }: Wait): SegmentKind {
  return kinds.has(kind) ? (kind as SegmentKind) : 'external';
}
