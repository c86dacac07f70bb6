import type { Attempt } from './timeline.ts';

/** A stretch of one attempt that is drawn in one way. */
export interface Span {
  attempt: number;
  /** `run`, or what was waited for. */
  kind: string;
  fromNs: number;
  toNs: number;
  /** It lasts until now and goes on. */
  open: boolean;
  /** Why it waited, in the engine's words. */
  reason: string;
}

/**
 * What an attempt did from its first instant to its last, or to `nowNs` while it is open.
 *
 *   S1  spans are in order of time and do not overlap
 *   S2  a wait the engine told of wins over what the times alone say, also within the run
 *   S3  ready → queued is orchestration, queued (or ready) → start is queue, start → end is run
 *   S4  an attempt of which only one instant is known is a point (from = to)
 *
 * @param live  whether the execution can still go on; the open end of an ended execution's attempt is its last known instant
 */
export function spansOf(attempt: Attempt, nowNs: number, live: boolean): Span[] {
  const { readyNs, queuedNs, startNs, endNs } = attempt;
  const goesOn = live && endNs === undefined;
  const last = endNs ?? (goesOn ? nowNs : (startNs ?? queuedNs ?? readyNs));
  const begun = startNs ?? endNs;
  const span = (kind: string, fromNs: number, toNs: number, open = false, reason = ''): Span => ({
    attempt: attempt.attempt,
    kind,
    fromNs,
    toNs: Math.max(fromNs, toNs),
    open,
    reason,
  });
  const waits = attempt.waits
    .map(({ kind, fromNs, toNs, reason }) =>
      span(kind, fromNs, toNs ?? (live ? nowNs : (last ?? fromNs)), toNs === undefined && live, reason),
    )
    .sort((a, b) => a.fromNs - b.fromNs);
  const told: Span[] = [];
  for (const wait of waits) {
    const from = Math.max(wait.fromNs, told.at(-1)?.toNs ?? -Infinity);
    if (from < wait.toNs) told.push({ ...wait, fromNs: from });
  }
  const phases: Span[] = [];
  if (readyNs !== undefined && queuedNs !== undefined) phases.push(span('orchestration', readyNs, queuedNs));
  const queuedFrom = queuedNs ?? readyNs;
  if (queuedFrom !== undefined && last !== undefined)
    phases.push(span('queue', queuedFrom, begun ?? last, begun === undefined && goesOn));
  const drawn = phases.filter((each) => each.toNs > each.fromNs || each.open);
  if (begun !== undefined) drawn.push(span('run', begun, last ?? begun, goesOn));
  else if (drawn.length === 0 && told.length === 0 && queuedFrom !== undefined) drawn.push(span('queue', queuedFrom, queuedFrom));
  return [...drawn.flatMap((each) => without(each, told)), ...told].sort((a, b) => a.fromNs - b.fromNs);
}

/** The parts of `span` that none of `holes` (in order, apart from each other) covers. */
function without(span: Span, holes: readonly Span[]): Span[] {
  if (span.fromNs === span.toNs) return holes.some(({ fromNs, toNs }) => fromNs < span.fromNs && span.toNs < toNs) ? [] : [span];
  const parts: Span[] = [];
  let from = span.fromNs;
  for (const hole of holes) {
    if (hole.toNs <= from || hole.fromNs >= span.toNs) continue;
    if (hole.fromNs > from) parts.push({ ...span, fromNs: from, toNs: hole.fromNs, open: false });
    from = hole.toNs;
  }
  if (from < span.toNs) parts.push({ ...span, fromNs: from });
  return parts;
}
