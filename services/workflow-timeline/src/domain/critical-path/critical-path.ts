// The critical path, walked backwards from the last end: at each step, on to what released it.
//
// The steps form a forest (rows nested in rows). A frame walks one set of siblings between two instants; a step with
// children is walked by a frame of its own. Frames lie on a stack, so no depth or length of a workflow overflows anything. A step
// that was queued may have been released by one elsewhere: then the frames between are left, and those on the way there entered.
import type { Span } from '../execution.ts';
import { resourceReleases } from './resource-release.ts';
import type { Release, Segment, SegmentKind } from './segment.ts';
import { type LeadIn, leadIn, withinRun } from './segment-kinds.ts';
import { type Bar, isOpen, type TimelineRow } from '../timeline.ts';
import { triesOn } from '../tries.ts';

/** A bar with its place in the forest. Times are clipped to the execution's span. */
interface Node {
  readonly row: TimelineRow;
  readonly bar: Bar;
  readonly startNs: bigint;
  readonly endNs: bigint;
  /** From the first start to the last end of itself and all below. */
  fromNs: bigint;
  toNs: bigint;
  parent: Node | undefined;
  children: Node[];
  releasers: Node[];
  /** When the last of all releasers ended, wherever they lie. */
  releasedNs: bigint;
  seen: boolean;
}

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
  atNs: bigint;
  readonly lowNs: bigint;
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
  const { roots, nodeOfBar } = forest(rows, span);
  const known = new Map<Node | undefined, Siblings>();
  const frameOf = (owner: Node | undefined, { startNs, endNs }: Span, edges: Edges, named?: Node): Frame => {
    const siblings = known.get(owner) ?? { nodes: (owner?.children ?? roots).toSorted(byLastEnd), next: 0 };
    known.set(owner, siblings);
    return { owner, edges, siblings, atNs: endNs, lowNs: startNs, waiting: undefined, named };
  };
  const releases = resourceReleases(triesOn(rows, span), span);
  const leaverOf = ({ row, bar, startNs }: Node): Node | undefined => {
    const leaver = releases(row, bar, startNs);
    return leaver === undefined ? undefined : nodeOfBar.get(leaver.of.bar);
  };
  const root = frameOf(undefined, span, {
    start: told.start ? 'orchestration' : 'unknown',
    end: told.end ? 'orchestration' : 'unknown',
  });
  const frames = [root];
  /** The steps still to enter on the way to one that lies elsewhere, outermost first. */
  let route: Node[] = [];
  const leave = (frame: Frame, node: Node): void => {
    const jump = leaveBackwards(frame, node, leaverOf(node), frames, path);
    if (jump === undefined) return;
    frames.length = jump.depth + 1;
    route = jump.route;
    const into = frames.at(-1);
    if (into !== undefined) Object.assign(into, { atNs: jump.atNs, waiting: undefined, named: route.shift() });
  };
  for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
    const { waiting } = frame;
    if (waiting !== undefined) {
      frame.waiting = undefined;
      leave(frame, waiting);
      continue;
    }
    const node = frame.atNs > frame.lowNs ? pick(frame) : undefined;
    if (node === undefined) {
      emitOwn(frame, frame.lowNs, path);
      frames.pop();
      route = [];
      continue;
    }
    emitOwn(frame, node.toNs, path);
    const startNs = startWithin(node, frame);
    if (node.children.length === 0) {
      path.push(...withinRun(node.row, node.bar, startNs, frame.atNs));
      leave(frame, node);
    } else {
      frame.waiting = node;
      frames.push(frameOf(node, { startNs, endNs: frame.atNs }, frame.edges, route.shift()));
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
    if (node === undefined || node.seen || node.toNs > frame.atNs) continue;
    if (node.toNs <= frame.lowNs) return undefined;
    node.seen = true;
    return node;
  }
  return undefined;
}

/** Where the step begins within the frame, never after the instant reached. */
function startWithin(node: Node, { lowNs, atNs }: Frame): bigint {
  const startNs = node.fromNs > lowNs ? node.fromNs : lowNs;
  return startNs < atNs ? startNs : atNs;
}

/** Moves the frame back over the owner's own time (or time nobody accounts for) to `toNs`. */
function emitOwn(frame: Frame, toNs: bigint, path: Segment[]): void {
  const { owner, atNs, edges } = frame;
  if (toNs >= atNs) return;
  if (owner === undefined) {
    const kind = toNs === frame.lowNs ? edges.start : path.length === 0 ? edges.end : 'unknown';
    path.push({ of: undefined, kind, startNs: toNs, endNs: atNs, reason: '' });
  } else path.push(...withinRun(owner.row, owner.bar, toNs, atNs));
  frame.atNs = toNs;
}

/** On to a step elsewhere: the frame it is reached from, the steps to enter, and when. */
interface Jump {
  readonly depth: number;
  readonly route: Node[];
  readonly atNs: bigint;
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
): Jump | undefined {
  const startNs = startWithin(node, frame);
  frame.atNs = startNs;
  const releaser = node.releasers
    .filter(({ seen }) => !seen)
    .reduce<Node | undefined>((a, b) => (a === undefined || byLastEnd(b, a) < 0 ? b : a), undefined);
  const isRetry = node.bar.attempt > 1 && releaser?.row === node.row;
  const known: LeadIn['known'] = isRetry ? 'retry' : node.row.dependsOn.length > 0 ? 'dependency' : 'nothing';
  const jump = node.startNs === startNs && leaver !== undefined ? jumpTo(leaver, frames) : undefined;
  if (jump !== undefined && leaver !== undefined && node.releasedNs < jump.atNs) {
    path.push(...leadIn(node.row, node.bar, { fromNs: jump.atNs, toNs: startNs, known }));
    noteRelease(path, node, { kind: 'resource', stepKey: leaver.row.step.stepKey });
    return jump;
  }
  const firstKnownNs = [node.bar.readyNs, node.bar.queuedNs, ...node.bar.waits.map(({ fromNs }) => fromNs)]
    .filter((ns) => ns !== undefined && ns < startNs)
    .reduce<bigint>((a, b) => (b !== undefined && b < a ? b : a), startNs);
  let releasedNs = firstKnownNs;
  if (releaser !== undefined) {
    // Clocks may say that a step began before its releaser ended: the path goes on from the start then.
    releasedNs = releaser.toNs < startNs ? releaser.toNs : startNs;
    if (releaser.toNs > startNs) releaser.toNs = startNs;
  }
  if (releasedNs < frame.lowNs) releasedNs = frame.lowNs;
  path.push(...leadIn(node.row, node.bar, { fromNs: releasedNs, toNs: startNs, known }));
  if (releaser !== undefined) {
    noteRelease(path, node, { kind: isRetry ? 'retry' : 'dependency', stepKey: releaser.row.step.stepKey });
  }
  frame.atNs = releasedNs;
  frame.named = releaser !== undefined && releaser.toNs > frame.lowNs ? releaser : undefined;
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
    return leaver.endNs > frame.lowNs ? { depth, route: route.slice(from), atNs: leaver.endNs } : undefined;
  }
  return undefined;
}

/** Says of the first piece of the step what let it go on. */
function noteRelease(path: Segment[], { row }: Node, release: Release): void {
  const first = path.at(-1);
  if (first?.of?.stepKey === row.step.stepKey) path[path.length - 1] = { ...first, release };
}

function forest(rows: readonly TimelineRow[], span: Span): { roots: Node[]; nodeOfBar: ReadonlyMap<Bar, Node> } {
  const byKey = new Map(
    rows.map((row) => [row.step.stepKey, row.bars.map((bar) => nodeOf(row, bar, span)).filter((node) => node !== undefined)]),
  );
  const roots: Node[] = [];
  // Children come after their parents in rows, so backwards each row's nodes are whole before they are hung up.
  for (const row of rows.toReversed()) {
    const nodes = byKey.get(row.step.stepKey) ?? [];
    nodes.forEach((node, i) => {
      const before = nodes[i - 1];
      if (before !== undefined) node.releasers.push(before);
      else node.releasers.push(...row.dependsOn.map((key) => byKey.get(key)?.at(-1)).filter((other) => other !== undefined));
    });
    const parents = row.parentKey === undefined ? [] : (byKey.get(row.parentKey) ?? []);
    for (const node of nodes) hang(node, parents, roots);
  }
  const all = [...byKey.values()].flat();
  for (const node of all) {
    for (const { endNs } of node.releasers) if (endNs > node.releasedNs) node.releasedNs = endNs;
    node.releasers = node.releasers.filter((other) => sameScope(node, other, byKey));
  }
  return { roots, nodeOfBar: new Map(all.map((node) => [node.bar, node])) };
}

/** A releaser counts within its scope only: among siblings. What lies elsewhere is walked by the frame it lies in. */
function sameScope(node: Node, other: Node, byKey: ReadonlyMap<string, readonly Node[]>): boolean {
  if (node.row.parentKey !== other.row.parentKey) return false;
  const parents = node.row.parentKey === undefined ? [] : (byKey.get(node.row.parentKey) ?? []);
  return parents.length < 2 || parents.some(({ children }) => children.includes(node) && children.includes(other));
}

function nodeOf(row: TimelineRow, bar: Bar, span: Span): Node | undefined {
  // A step that was passed over took no time and released nobody.
  if (bar.status === 'skipped' && bar.startNs === undefined) return undefined;
  const rawStart = bar.startNs ?? bar.endNs;
  const openEnd = isOpen(bar) ? span.endNs : rawStart;
  const rawEnd = bar.endNs ?? openEnd;
  if (rawEnd === undefined) return undefined;
  const startNs = clip(rawStart ?? span.endNs, span);
  const endNs = clip(rawEnd, span);
  return {
    row,
    bar,
    startNs,
    endNs,
    fromNs: startNs,
    toNs: endNs,
    parent: undefined,
    children: [],
    releasers: [],
    releasedNs: 0n,
    seen: false,
  };
}

/** Puts a node under the try of its parent that was running when it began, else under the last. */
function hang(node: Node, parents: readonly Node[], roots: Node[]): void {
  const parent = parents.findLast(({ startNs }) => startNs <= node.startNs) ?? parents[0];
  if (parent === undefined) {
    roots.push(node);
    return;
  }
  parent.children.push(node);
  node.parent = parent;
  if (node.fromNs < parent.fromNs) parent.fromNs = node.fromNs;
  if (node.toNs > parent.toNs) parent.toNs = node.toNs;
}

function clip(ns: bigint, { startNs, endNs }: Span): bigint {
  return ns < startNs ? startNs : ns > endNs ? endNs : ns;
}

/** Latest end first, then later start, then attempt and key, so that ties have one outcome. */
function byLastEnd(a: Node, b: Node): number {
  if (a.toNs !== b.toNs) return a.toNs > b.toNs ? -1 : 1;
  if (a.fromNs !== b.fromNs) return a.fromNs > b.fromNs ? -1 : 1;
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
