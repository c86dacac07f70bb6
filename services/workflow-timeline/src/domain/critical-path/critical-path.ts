// The critical path, walked backwards from the last end: at each step, on to what released it.
//
// The steps form a forest (rows nested in rows). A frame walks one set of siblings between two instants; a step with
// children is walked by a frame of its own. Frames lie on a stack, so no depth or length of a workflow overflows anything. A step
// that was queued may have been released by one elsewhere: then the frames between are left, and those on the way there entered.
import type { Span } from '../execution.ts';
import { resourceReleases } from './resource-release.ts';
import { type Forest, forestOf, type Instant, instantsOf, type Instants, type Node } from './forest.ts';
import type { Release, Segment, SegmentKind } from './segment.ts';
import { type LeadIn, leadIn, withinRun } from './segment-kinds.ts';
import type { TimelineRow } from '../timeline.ts';
import { triesOn } from '../tries.ts';

/** Siblings by last end, latest first; those before `next` are done with. A frame may be left and entered again. */
interface Siblings {
  readonly nodes: readonly Node[];
  next: number;
}

interface Edges {
  readonly start: SegmentKind;
  readonly end: SegmentKind;
}

interface Frame {
  readonly owner: Node | undefined;
  /** What time at the edges is where the frame has no owner: the engine's, if the execution told when it began or ended. */
  readonly edges: Edges;
  readonly siblings: Siblings;
  at: Instant;
  readonly low: Instant;
  /** Entered when the frame above is done. */
  waiting: Node | undefined;
  /** The releaser to go on with, if the last step named one. */
  named: Node | undefined;
}

/**
 * The chain of work and waits that decided when the execution ended.
 *
 *   C1  the segments partition the span: sorted by time, no gap, no overlap, their lengths sum to the makespan exactly
 *   C2  the same rows give the same path, in whatever order they come
 *   C3  `end == start` counts as releasing
 *   C4  a step that was queued goes back to who left its full worker or pool last, where no dependency released it later
 *
 * @param rows  of timelineRows
 * @param span  of spanOf; open bars end with it
 * @param told  whether the execution itself said when it began and ended: then the time before its first and after its
 *   last step is orchestration, else unknown
 */
export function criticalPath(rows: readonly TimelineRow[], span: Span, told = { start: false, end: false }): Segment[] {
  const path: Segment[] = [];
  const instants = instantsOf(span);
  const forest = forestOf(rows, span, instants);
  const known = new Map<Node | undefined, Siblings>();
  const frameOf = (owner: Node | undefined, low: Instant, at: Instant, edges: Edges, named?: Node): Frame => {
    const siblings = known.get(owner) ?? {
      nodes: ((owner === undefined ? forest.roots : owner.children) ?? []).toSorted(byLastEnd),
      next: 0,
    };
    known.set(owner, siblings);
    return { owner, edges, siblings, at, low, waiting: undefined, named };
  };
  const releases = resourceReleases(triesOn(rows, span), span);
  const leaverOf = ({ row, bar, start }: Node): Node | undefined => {
    const leaver = releases(row, bar, instants.ns(start));
    return leaver === undefined ? undefined : forest.nodeOf(leaver.of);
  };
  const root = frameOf(undefined, instants.of(span.startNs), instants.of(span.endNs), {
    start: told.start ? 'orchestration' : 'unknown',
    end: told.end ? 'orchestration' : 'unknown',
  });
  const frames = [root];
  /** The steps still to enter on the way to one that lies elsewhere, outermost first. */
  let route: Node[] = [];
  const leave = (frame: Frame, node: Node): void => {
    const jump = leaveBackwards(frame, node, leaverOf(node), frames, path, forest);
    if (jump === undefined) return;
    frames.length = jump.depth + 1;
    route = jump.route;
    const into = frames.at(-1);
    if (into !== undefined) Object.assign(into, { at: jump.at, waiting: undefined, named: route.shift() });
  };
  for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
    const { waiting } = frame;
    if (waiting !== undefined) {
      frame.waiting = undefined;
      leave(frame, waiting);
      continue;
    }
    const node = frame.at > frame.low ? pick(frame) : undefined;
    if (node === undefined) {
      emitOwn(frame, frame.low, path, instants);
      frames.pop();
      route = [];
      continue;
    }
    emitOwn(frame, node.to, path, instants);
    const start = startWithin(node, frame);
    if (node.children === undefined) {
      path.push(...withinRun(node.row, node.bar, instants.ns(start), instants.ns(frame.at)));
      leave(frame, node);
    } else {
      frame.waiting = node;
      frames.push(frameOf(node, start, frame.at, frame.edges, route.shift()));
    }
  }
  return joined(path.reverse());
}

/** The step that released what comes after: the one named, else the sibling that ended last by then. */
function pick(frame: Frame): Node | undefined {
  const { named } = frame;
  frame.named = undefined;
  if (named !== undefined) {
    named.seen = true;
    return named;
  }
  const { siblings } = frame;
  for (; siblings.next < siblings.nodes.length; siblings.next++) {
    const node = siblings.nodes[siblings.next];
    if (node === undefined || node.seen || node.to > frame.at) continue;
    if (node.to <= frame.low) return undefined;
    node.seen = true;
    return node;
  }
  return undefined;
}

/** Where the step begins within the frame, never after the instant reached. */
function startWithin(node: Node, { low, at }: Frame): Instant {
  const start = node.from > low ? node.from : low;
  return start < at ? start : at;
}

/** Moves the frame back over the owner's own time (or time nobody accounts for) to `to`. */
function emitOwn(frame: Frame, to: Instant, path: Segment[], instants: Instants): void {
  const { owner, at, edges } = frame;
  if (to >= at) return;
  const [startNs, endNs] = [instants.ns(to), instants.ns(at)];
  if (owner === undefined) {
    const kind = to === frame.low ? edges.start : path.length === 0 ? edges.end : 'unknown';
    path.push({ of: undefined, kind, startNs, endNs, reason: '' });
  } else path.push(...withinRun(owner.row, owner.bar, startNs, endNs));
  frame.at = to;
}

/** On to a step elsewhere: the frame it is reached from, the steps to enter, and when. */
interface Jump {
  readonly depth: number;
  readonly route: Node[];
  readonly at: Instant;
}

/**
 * Moves the frame back from a step's start over its waiting, to what released it.
 *
 * @param leaver  who left its worker or pool last
 */
function leaveBackwards(
  frame: Frame,
  node: Node,
  leaver: Node | undefined,
  frames: readonly Frame[],
  path: Segment[],
  { instants, releasersOf }: Forest,
): Jump | undefined {
  const start = startWithin(node, frame);
  const startNs = instants.ns(start);
  frame.at = start;
  const { all, inScope } = releasersOf(node);
  const releaser = inScope
    .filter(({ seen }) => !seen)
    .reduce<Node | undefined>((a, b) => (a === undefined || byLastEnd(b, a) < 0 ? b : a), undefined);
  const isRetry = node.bar.attempt > 1 && releaser?.row === node.row;
  const known: LeadIn['known'] = isRetry ? 'retry' : node.row.dependsOn.length > 0 ? 'dependency' : 'nothing';
  const jump = node.start === start && leaver !== undefined ? jumpTo(leaver, frames) : undefined;
  if (jump !== undefined && leaver !== undefined && all.every(({ end }) => end < jump.at)) {
    path.push(...leadIn(node.row, node.bar, { fromNs: instants.ns(jump.at), toNs: startNs, known }));
    noteRelease(path, node, { kind: 'resource', stepKey: leaver.row.step.stepKey });
    return jump;
  }
  const firstKnownNs = [node.bar.readyNs, node.bar.queuedNs, ...node.bar.waits.map(({ fromNs }) => fromNs)]
    .filter((ns) => ns !== undefined && ns < startNs)
    .reduce<bigint>((a, b) => (b !== undefined && b < a ? b : a), startNs);
  let released = instants.of(firstKnownNs);
  if (releaser !== undefined) {
    // Clocks may say that a step began before its releaser ended: the path goes on from the start then.
    released = releaser.to < start ? releaser.to : start;
    if (releaser.to > start) releaser.to = start;
  }
  if (released < frame.low) released = frame.low;
  path.push(...leadIn(node.row, node.bar, { fromNs: instants.ns(released), toNs: startNs, known }));
  if (releaser !== undefined) {
    noteRelease(path, node, { kind: isRetry ? 'retry' : 'dependency', stepKey: releaser.row.step.stepKey });
  }
  frame.at = released;
  frame.named = releaser !== undefined && releaser.to > frame.low ? releaser : undefined;
  return undefined;
}

/** The way to a step in any frame that is open, or below a step in one. Undefined: the walk has been there, or is past it. */
function jumpTo(leaver: Node, frames: readonly Frame[]): Jump | undefined {
  if (leaver.seen) return undefined;
  const route = [leaver];
  for (let { parent } = leaver; parent !== undefined; { parent } = parent) route.push(parent);
  route.reverse();
  const owners = new Map<Node | undefined, number>(route.map((owner, i) => [owner, i + 1]));
  owners.set(undefined, 0);
  for (let depth = frames.length - 1; depth >= 0; depth--) {
    const frame = frames[depth];
    const from = owners.get(frame?.owner);
    if (frame === undefined || from === undefined || from === route.length) continue;
    return leaver.end > frame.low ? { depth, route: route.slice(from), at: leaver.end } : undefined;
  }
  return undefined;
}

/** Says of the first piece of the step what let it go on. */
function noteRelease(path: Segment[], { row }: Node, release: Release): void {
  const first = path.at(-1);
  if (first?.of?.stepKey === row.step.stepKey) path[path.length - 1] = { ...first, release };
}

/** Latest end first, then later start, then attempt and key, so that ties have one outcome. */
function byLastEnd(a: Node, b: Node): number {
  if (a.to !== b.to) return a.to > b.to ? -1 : 1;
  if (a.from !== b.from) return a.from > b.from ? -1 : 1;
  if (a.bar.attempt !== b.bar.attempt) return b.bar.attempt - a.bar.attempt;
  return a.row.step.stepKey < b.row.step.stepKey ? -1 : 1;
}

function joined(path: readonly Segment[]): Segment[] {
  const whole: Segment[] = [];
  for (const segment of path) {
    const last = whole.at(-1);
    const same =
      last?.kind === segment.kind &&
      last.of?.stepKey === segment.of?.stepKey &&
      last.of?.attempt === segment.of?.attempt &&
      last.reason === segment.reason;
    if (same) whole[whole.length - 1] = { ...last, endNs: segment.endNs };
    else if (segment.endNs > segment.startNs) whole.push(segment);
  }
  return whole;
}
