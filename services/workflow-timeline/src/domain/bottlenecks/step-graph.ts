import { type Graph, graphOf } from '@tmws/graph';
import type { Span } from '../execution.ts';
import { resourceReleases } from '../critical-path/resource-release.ts';
import { insideOf, observedEdges, parentPlaces, type StepEdge, toldEdges } from '../step-edges.ts';
import { releasedAt, stepTimes, type StepTimes } from '../step-times.ts';
import type { TimelineRow } from '../timeline.ts';
import { triesOn } from '../tries.ts';

/** What had to wait for what, with the time each step took. */
export interface StepGraph {
  readonly graph: Graph;
  /** By node, ns; exact up to 2^53. */
  readonly weights: Float64Array;
  /** By row, the node that has its time. */
  readonly nodeOf: Int32Array;
  /** By row; undefined where no time is known. */
  readonly times: readonly (StepTimes | undefined)[];
  /** Whether the row has rows inside. */
  readonly isOuter: (place: number) => boolean;
}

/** Whom steps waited for on their workers and pools, by places in the rows: the first try of each, as the critical path has it. */
export function resourceEdges(rows: readonly TimelineRow[], span: Span): StepEdge[] {
  const releases = resourceReleases(triesOn(rows, span), span);
  const inside = insideOf(rows);
  return rows.flatMap((row, to) => {
    const [first] = row.bars;
    const times = stepTimes(row, span);
    if (first === undefined || times === undefined) return [];
    const from = releases(row, first, times.startNs)?.of.place;
    const before = from === undefined ? undefined : rows[from];
    if (from === undefined || before === undefined || inside(from, to) || inside(to, from)) return [];
    const endNs = stepTimes(before, span)?.endNs;
    return endNs !== undefined && endNs <= times.startNs ? [{ from, to }] : [];
  });
}

/**
 * The dependency graph of an execution.
 *
 * A step without steps inside is a node with its time: from its release (ready or queued, but not before what it depends on
 * ended) to its last end, waits and tries included. A step with steps inside is two nodes, before and after them; the second
 * has its own time, when none of them was under way. Edges are the told dependencies; among siblings that tell none, the
 * observed order.
 *
 * @param resources  of resourceEdges, where what a step waited for on a worker is to count as a dependency too
 */
export function stepGraph(rows: readonly TimelineRow[], span: Span, resources: readonly StepEdge[] = []): StepGraph {
  const parents = parentPlaces(rows);
  const known = rows.map((row) => stepTimes(row, span));
  const waitsFor = [...toldEdges(rows), ...observedEdges(rows, parents, known), ...resources];
  const released = new Map<number, bigint>();
  for (const { from, to } of waitsFor) {
    const endNs = known[from]?.endNs;
    if (endNs !== undefined && endNs > (released.get(to) ?? -1n)) released.set(to, endNs);
  }
  const times = known.map((of, place) => (of === undefined ? undefined : releasedAt(of, released.get(place) ?? -1n)));

  const childrenOf = Map.groupBy(rows.keys(), (place) => parents[place] ?? -1);
  const isOuter = (place: number): boolean => childrenOf.has(place);
  const nodeOf = Int32Array.from(rows, (_, place) => (isOuter(place) ? rows.length + place : place));
  const weights = new Float64Array(2 * rows.length);
  rows.forEach((_, place) => {
    const inside = (childrenOf.get(place) ?? []).map((child) => times[child]).filter((of) => of !== undefined);
    weights[nodeOf[place] ?? 0] = Number(ownTime(times[place], inside));
  });

  const from: number[] = [];
  const to: number[] = [];
  const add = (a: number, b: number): void => {
    from.push(a);
    to.push(b);
  };
  for (const edge of waitsFor) add(nodeOf[edge.from] ?? 0, edge.to);
  parents.forEach((parent, place) => {
    if (parent === -1) return;
    add(parent, place);
    add(nodeOf[place] ?? 0, nodeOf[parent] ?? 0);
  });
  return { graph: graphOf(2 * rows.length, from, to), weights, nodeOf, times, isOuter };
}

/** The time of a step in which none of those inside it was under way, ns. */
function ownTime(own: StepTimes | undefined, inside: readonly StepTimes[]): bigint {
  if (own === undefined) return 0n;
  let free = 0n;
  let atNs = own.fromNs;
  for (const { fromNs, endNs } of inside.toSorted((a, b) => (a.fromNs < b.fromNs ? -1 : 1))) {
    const until = fromNs < own.endNs ? fromNs : own.endNs;
    if (until > atNs) free += until - atNs;
    if (endNs > atNs) atNs = endNs;
  }
  return own.endNs > atNs ? free + own.endNs - atNs : free;
}
