/** The instants of bars as columns; NaN is one that is not known. */
interface BarTimes {
  readonly ready: Float64Array;
  readonly queued: Float64Array;
  readonly start: Float64Array;
  readonly end: Float64Array;
}

/** Where a bar begins to be drawn: when it ran, else when it was first heard of. */
export function drawnFrom({ start, queued, ready, end }: BarTimes, bar: number): number {
  return firstKnown(start[bar], queued[bar], ready[bar], end[bar]);
}

/** The first known instant of a bar. */
export function firstHeard({ start, queued, ready, end }: BarTimes, bar: number): number {
  return firstKnown(ready[bar], queued[bar], start[bar], end[bar]);
}

function firstKnown(a = Number.NaN, b = Number.NaN, c = Number.NaN, d = Number.NaN): number {
  return a === a ? a : b === b ? b : c === c ? c : d;
}
