// The critical path, walked backwards from the last end: at each step, on to what released it.
//
// The steps form a forest (rows nested in rows). A frame walks one set of siblings between two instants; a step with
// children is walked by a frame of its own. Frames lie on a stack, so no depth or length of a workflow overflows anything.
import type { Span } from './execution.ts';
import { type LeadIn, leadIn, type SegmentKind, withinRun } from './segment-kinds.ts';
import { type Bar, isOpen, type TimelineRow } from './timeline.ts';

/** A piece of the path. Pieces follow each other without gap or overlap. */
export interface Segment {
  /** Whose time it is; undefined where no step accounts for it. */
  readonly of: { readonly stepKey: string; readonly stepId: string; readonly attempt: number } | undefined;
  readonly kind: SegmentKind;
  readonly startNs: bigint;
  readonly endNs: bigint;
  readonly reason: string;
}

/** A bar with its place in the forest. Times are clipped to the execution's span. */
interface Node {
  readonly row: TimelineRow;
  readonly bar: Bar;
  readonly startNs: bigint;
  readonly endNs: bigint;
  /** From the first start to the last end of itself and all below. */
  fromNs: bigint;
  toNs: bigint;
  children: Node[];
  releasers: Node[];
  seen: boolean;
}

interface Edges {
  readonly start: SegmentKind;
  readonly end: SegmentKind;
}

interface Frame {
  readonly owner: Node | undefined;
  /** What time at the edges is where the frame has no owner: the engine's, if the execution told when it began or ended. */
  readonly edges: Edges;
  /** By last end, latest first. */
  readonly siblings: readonly Node[];
  next: number;
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
 *
 * @param rows  of timelineRows
 * @param span  of spanOf; open bars end with it
 * @param told  whether the execution itself said when it began and ended: then the time before its first and after its
 *   last step is orchestration, else unknown
 */
export function criticalPath(rows: readonly TimelineRow[], span: Span, told = { start: false, end: false }): Segment[] {
  const path: Segment[] = [];
  const frames: Frame[] = [
    frameOf(undefined, forest(rows, span), span, {
      start: told.start ? 'orchestration' : 'unknown',
      end: told.end ? 'orchestration' : 'unknown',
    }),
  ];
  for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
    const { waiting } = frame;
    if (waiting !== undefined) {
      frame.waiting = undefined;
      leaveBackwards(frame, waiting, path);
      continue;
    }
    const node = frame.atNs > frame.lowNs ? pick(frame) : undefined;
    if (node === undefined) {
      emitOwn(frame, frame.lowNs, path);
      frames.pop();
      continue;
    }
    emitOwn(frame, node.toNs, path);
    const startNs = startWithin(node, frame);
    if (node.children.length === 0) {
      path.push(...withinRun(node.row, node.bar, startNs, frame.atNs));
      leaveBackwards(frame, node, path);
    } else {
      frame.waiting = node;
      frames.push(frameOf(node, node.children, { startNs, endNs: frame.atNs }, frame.edges));
    }
  }
  return joined(path.reverse());
}

function frameOf(owner: Node | undefined, nodes: readonly Node[], { startNs, endNs }: Span, edges: Edges): Frame {
  return {
    owner,
    edges,
    siblings: nodes.toSorted(byLastEnd),
    next: 0,
    atNs: endNs,
    lowNs: startNs,
    waiting: undefined,
    named: undefined,
  };
}

/** The step that released what comes after: the one named, else the sibling that ended last by then. */
function pick(frame: Frame): Node | undefined {
  const { named } = frame;
  frame.named = undefined;
  if (named !== undefined) {
    named.seen = true;
    return named;
  }
  for (; frame.next < frame.siblings.length; frame.next++) {
    const node = frame.siblings[frame.next];
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

/** Moves the frame back from a step's start over its waiting, to what released it. */
function leaveBackwards(frame: Frame, node: Node, path: Segment[]): void {
  const startNs = startWithin(node, frame);
  frame.atNs = startNs;
  const releaser = node.releasers
    .filter(({ seen }) => !seen)
    .reduce<Node | undefined>((a, b) => (a === undefined || byLastEnd(b, a) < 0 ? b : a), undefined);
  const known: LeadIn['known'] =
    node.bar.attempt > 1 && releaser?.row === node.row ? 'retry' : node.row.dependsOn.length > 0 ? 'dependency' : 'nothing';
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
  const segments = leadIn(node.row, node.bar, { fromNs: releasedNs, toNs: startNs, known });
  path.push(...segments);
  frame.atNs = releasedNs;
  frame.named = releaser !== undefined && releaser.toNs > frame.lowNs ? releaser : undefined;
}

function forest(rows: readonly TimelineRow[], span: Span): Node[] {
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
  for (const node of [...byKey.values()].flat()) node.releasers = node.releasers.filter((other) => sameScope(node, other, byKey));
  return roots;
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
  return { row, bar, startNs, endNs, fromNs: startNs, toNs: endNs, children: [], releasers: [], seen: false };
}

/** Puts a node under the try of its parent that was running when it began, else under the last. */
function hang(node: Node, parents: readonly Node[], roots: Node[]): void {
  const parent = parents.findLast(({ startNs }) => startNs <= node.startNs) ?? parents[0];
  if (parent === undefined) {
    roots.push(node);
    return;
  }
  parent.children.push(node);
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
