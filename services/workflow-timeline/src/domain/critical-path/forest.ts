// The tries of an execution as the critical path walks them: each in the try of the step around it.
import type { Span } from '../execution.ts';
import { type Bar, isOpen, type TimelineRow } from '../timeline.ts';
import type { Try } from '../tries.ts';

/** ns since the span began: a number where that is exact (104 days), else a bigint. All of a forest are of one kind. */
export type Instant = number | bigint;

export interface Instants {
  /** Never beyond what numbers tell exactly, if it lies in the span or before it by no more than the span is long. */
  of(ns: bigint): Instant;
  ns(at: Instant): bigint;
}

export function instantsOf({ startNs, endNs }: Span): Instants {
  const exact = endNs - startNs <= BigInt(Number.MAX_SAFE_INTEGER);
  return {
    of: exact ? (ns) => Number(ns - startNs) : (ns) => ns - startNs,
    ns: (at) => startNs + BigInt(at),
  };
}

/** A bar with its place in the forest. Times are clipped to the execution's span. */
export interface Node {
  readonly row: TimelineRow;
  readonly bar: Bar;
  readonly start: Instant;
  readonly end: Instant;
  /** From the first start to the last end of itself and all below. */
  from: Instant;
  to: Instant;
  parent: Node | undefined;
  /** Undefined: none. */
  children: Node[] | undefined;
  seen: boolean;
}

/** What had to end before a step began. */
export interface Releasers {
  /** Wherever they lie. */
  readonly all: readonly Node[];
  /** Those among its siblings: what lies elsewhere is walked by the frame it lies in. */
  readonly inScope: readonly Node[];
}

export interface Forest {
  readonly instants: Instants;
  readonly roots: readonly Node[];
  nodeOf(of: Try): Node | undefined;
  releasersOf(node: Node): Releasers;
}

/** @param rows  of timelineRows: children come after their parents */
export function forestOf(rows: readonly TimelineRow[], span: Span, instants: Instants): Forest {
  const places = new Map<string, number>();
  const nodes: (readonly Node[])[] = [];
  for (const row of rows) {
    places.set(row.step.stepKey, nodes.length);
    nodes.push(nodesOf(row, span, instants));
  }
  const nodesAt = (key: string | undefined): readonly Node[] =>
    key === undefined ? none : (nodes[places.get(key) ?? -1] ?? none);
  const roots: Node[] = [];
  // Backwards each row's nodes are whole before they are hung up.
  for (let place = rows.length - 1; place >= 0; place--) {
    const parents = nodesAt(rows[place]?.parentKey);
    for (const node of nodes[place] ?? none) hang(node, parents, roots);
  }
  const sameScope = (node: Node, other: Node): boolean => {
    if (node.row.parentKey !== other.row.parentKey) return false;
    return nodesAt(node.row.parentKey).length < 2 || node.parent === other.parent;
  };
  return {
    instants,
    roots,
    nodeOf: ({ place, bar }) => nodes[place]?.find((node) => node.bar === bar),
    releasersOf(node) {
      const tries = nodesAt(node.row.step.stepKey);
      const before = tries[tries.indexOf(node) - 1];
      const all =
        before === undefined
          ? node.row.dependsOn.map((key) => nodesAt(key).at(-1)).filter((other) => other !== undefined)
          : [before];
      return { all, inScope: all.filter((other) => sameScope(node, other)) };
    },
  };
}

const none: readonly Node[] = [];

function nodesOf(row: TimelineRow, span: Span, instants: Instants): readonly Node[] {
  const nodes: Node[] = [];
  for (const bar of row.bars) {
    const node = nodeOf(row, bar, span, instants);
    if (node !== undefined) nodes.push(node);
  }
  return nodes;
}

function nodeOf(row: TimelineRow, bar: Bar, span: Span, instants: Instants): Node | undefined {
  // A step that was passed over took no time and released nobody.
  if (bar.status === 'skipped' && bar.startNs === undefined) return undefined;
  const rawStart = bar.startNs ?? bar.endNs;
  const rawEnd = bar.endNs ?? (isOpen(bar) ? span.endNs : rawStart);
  if (rawEnd === undefined) return undefined;
  const start = instants.of(clip(rawStart ?? span.endNs, span));
  const end = instants.of(clip(rawEnd, span));
  return { row, bar, start, end, from: start, to: end, parent: undefined, children: undefined, seen: false };
}

/** Puts a node under the try of its parent that was running when it began, else under the last. */
function hang(node: Node, parents: readonly Node[], roots: Node[]): void {
  const parent = parents.findLast(({ start }) => start <= node.start) ?? parents[0];
  if (parent === undefined) {
    roots.push(node);
    return;
  }
  (parent.children ??= []).push(node);
  node.parent = parent;
  if (node.from < parent.from) parent.from = node.from;
  if (node.to > parent.to) parent.to = node.to;
}

function clip(ns: bigint, { startNs, endNs }: Span): bigint {
  return ns < startNs ? startNs : ns > endNs ? endNs : ns;
}
