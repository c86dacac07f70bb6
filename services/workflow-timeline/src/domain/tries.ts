import type { Span } from './execution.ts';
import { type Occupancy, type Occupant, occupancyOf } from './waits/occupancy.ts';
import { type Bar, isOpen, type TimelineRow } from './timeline.ts';

/** One try of a step. */
export interface Try {
  readonly row: TimelineRow;
  readonly place: number;
  readonly bar: Bar;
}

/**
 * The pools and workers of an execution, as the tries on them tell. Times are clipped to the span; open tries end with it.
 *
 * @param releasedNs  by row, when what it depends on had ended: nobody stands in a queue for a pool before that
 */
export function triesOn(
  rows: readonly TimelineRow[],
  span: Span,
  releasedNs: readonly (bigint | undefined)[] = [],
): Occupancy<Try> {
  const occupants: Occupant<Try>[] = [];
  rows.forEach((row, place) => {
    for (const bar of row.bars) {
      const occupant = occupantOf({ row, place, bar }, span, releasedNs[place]);
      if (occupant !== undefined) occupants.push(occupant);
    }
  });
  return occupancyOf(occupants, span.startNs);
}

function occupantOf(of: Try, span: Span, releasedNs: bigint | undefined): Occupant<Try> | undefined {
  const { resource, startNs, endNs, status } = of.bar;
  const begunNs = startNs ?? endNs;
  if (resource === undefined || (resource.pool === '' && resource.worker === '') || begunNs === undefined) return undefined;
  if (status === 'skipped' && startNs === undefined) return undefined;
  const { pool, worker } = resource;
  return {
    of,
    pool,
    worker,
    queuedNs: arrivedNs(of.bar, releasedNs),
    startNs: clip(begunNs, span),
    endNs: clip(endNs ?? (isOpen(of.bar) ? span.endNs : begunNs), span),
  };
}

/** When a try came to its queue: told, but not before its step was released. Undefined: nobody told. */
export function arrivedNs({ queuedNs, readyNs, startNs }: Bar, releasedNs: bigint | undefined): bigint | undefined {
  const toldNs = queuedNs ?? readyNs;
  if (toldNs === undefined || releasedNs === undefined || releasedNs <= toldNs) return toldNs;
  return startNs !== undefined && startNs < releasedNs ? startNs : releasedNs;
}

function clip(ns: bigint, { startNs, endNs }: Span): bigint {
  return ns < startNs ? startNs : ns > endNs ? endNs : ns;
}
