import { formatDuration } from '@tmws/duration';
import type { SegmentKind } from '../critical-path/segment.ts';
import { stepPieces } from '../step-pieces.ts';
import type { StepTimes } from '../step-times.ts';
import type { TimelineRow } from '../timeline.ts';

/** What could be done about a step, and why. */
export interface Feasibility {
  /**
   *   none     it has no drag: if it took no time, the execution would end no sooner
   *   shorten  most of its time it ran: make it faster, or split it
   *   wait     most of its time it waited: see what for
   */
  readonly word: 'none' | 'shorten' | 'wait';
  /** For `wait`, the kind that took the most. */
  readonly waitKind: SegmentKind | undefined;
  readonly reason: string;
}

/** What a step's time went into, and so what would help. @param dragNs  of exactDrag */
export function feasibilityOf(
  row: TimelineRow,
  times: StepTimes,
  { durationNs, dragNs, slackNs }: { durationNs: number; dragNs: number; slackNs: number },
  isOuter: boolean,
): Feasibility {
  if (dragNs === 0) {
    const why = slackNs > 0 ? `it could take ${formatDuration(slackNs)} longer unnoticed` : 'others take as long beside it';
    return { word: 'none', waitKind: undefined, reason: `the execution would end no sooner without it: ${why}` };
  }
  const most = `at most ${formatDuration(dragNs)} of its ${formatDuration(durationNs)} can be won${dragNs < durationNs ? ', then others decide' : ''}`;
  if (isOuter)
    return { word: 'shorten', waitKind: undefined, reason: `its own time, when no step inside it was under way; ${most}` };
  const byKind = new Map<SegmentKind, bigint>();
  for (const { kind, startNs, endNs } of stepPieces(row, times)) byKind.set(kind, (byKind.get(kind) ?? 0n) + endNs - startNs);
  const total = [...byKind.values()].reduce((sum, ns) => sum + ns, 0n);
  const run = byKind.get('run') ?? 0n;
  byKind.delete('run');
  const [waited] = [...byKind].sort(([, a], [, b]) => (a > b ? -1 : 1));
  if (waited === undefined || 2n * run >= total) {
    return { word: 'shorten', waitKind: undefined, reason: `it ran ${percent(run, total)} of its time; ${most}` };
  }
  const [waitKind, ns] = waited;
  return {
    word: 'wait',
    waitKind,
    reason: `${percent(ns, total)} of its time is ${waitKind.replaceAll('_', ' ')}, ${percent(run, total)} work; ${most}`,
  };
}

function percent(part: bigint, whole: bigint): string {
  return `${whole === 0n ? 0 : Math.round((Number(part) / Number(whole)) * 100)} %`;
}
