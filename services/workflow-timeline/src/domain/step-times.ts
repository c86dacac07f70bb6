import type { Span } from './execution.ts';
import { type Bar, isOpen, type TimelineRow } from './timeline.ts';

/** When a step took its time: released and known of at `fromNs`, begun at `startNs`, over at `endNs`. from ≤ start ≤ end. */
export interface StepTimes {
  readonly fromNs: bigint;
  readonly startNs: bigint;
  readonly endNs: bigint;
}

/**
 * From the first start of a step to its last end, its tries and the waits between them included; open ones end with the span.
 *
 * @returns undefined for a step that is only planned, was skipped, or of which no time is known
 */
export function stepTimes({ bars, status }: TimelineRow, span: Span): StepTimes | undefined {
  const [first] = bars;
  if (first === undefined || (status === 'skipped' && first.startNs === undefined)) return undefined;
  const ends = bars.map((bar) => bar.endNs ?? (isOpen(bar) ? span.endNs : bar.startNs)).filter((ns) => ns !== undefined);
  const lastNs = ends.reduce<bigint | undefined>((a, b) => (a === undefined || b > a ? b : a), undefined);
  if (lastNs === undefined) return undefined;
  const endNs = clip(lastNs, span);
  const startNs = clip(first.startNs ?? first.endNs ?? endNs, { startNs: span.startNs, endNs });
  const fromNs = clip(firstHeardNs(first) ?? startNs, { startNs: span.startNs, endNs: startNs });
  return { fromNs, startNs, endNs };
}

/** The same without what came before the release: a step that is queued before what it depends on ends waits for that. */
export function releasedAt(times: StepTimes, releasedNs: bigint): StepTimes {
  return releasedNs <= times.fromNs ? times : { ...times, fromNs: releasedNs < times.startNs ? releasedNs : times.startNs };
}

function firstHeardNs({ readyNs, queuedNs, startNs, waits }: Bar): bigint | undefined {
  return [readyNs, queuedNs, startNs, ...waits.map(({ fromNs }) => fromNs)]
    .filter((ns) => ns !== undefined)
    .reduce<bigint | undefined>((a, b) => (a === undefined || b < a ? b : a), undefined);
}

function clip(ns: bigint, { startNs, endNs }: Span): bigint {
  return ns < startNs ? startNs : ns > endNs ? endNs : ns;
}
