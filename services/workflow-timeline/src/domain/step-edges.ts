import type { StepTimes } from './step-times.ts';
import type { TimelineRow } from './timeline.ts';

/** An edge between rows, by their places in the list: `from` has to end before `to` begins. */
export interface StepEdge {
  readonly from: number;
  readonly to: number;
}

/** By row the place of the row it lies under, -1 at the top. */
export function parentPlaces(rows: readonly TimelineRow[]): Int32Array {
  const places = placesByKey(rows);
  return Int32Array.from(rows, ({ parentKey }) => (parentKey === undefined ? -1 : (places.get(parentKey) ?? -1)));
}

/** The dependencies that were told. One between a row and a row inside it forbids nothing and is left out. */
export function toldEdges(rows: readonly TimelineRow[]): StepEdge[] {
  const places = placesByKey(rows);
  const inside = insideOf(rows);
  return rows.flatMap(({ dependsOn }, to) =>
    dependsOn.map((key) => ({ from: places.get(key) ?? to, to })).filter(({ from }) => !inside(from, to) && !inside(to, from)),
  );
}

/**
 * The observed order, among siblings of which none tells a dependency: to each from the one that ended last before it
 * began, as the critical path is walked.
 */
export function observedEdges(
  rows: readonly TimelineRow[],
  parents: Int32Array,
  times: readonly (StepTimes | undefined)[],
): StepEdge[] {
  const edges: StepEdge[] = [];
  for (const siblings of Map.groupBy(rows.keys(), (place) => parents[place]).values()) {
    if (siblings.some((place) => (rows[place]?.dependsOn.length ?? 0) > 0)) continue;
    const timed = siblings.flatMap((place) => {
      const of = times[place];
      return of === undefined ? [] : [{ place, startNs: of.startNs, endNs: of.endNs }];
    });
    const byStart = timed.toSorted((a, b) => order(a.startNs, b.startNs) || order(a.endNs, b.endNs) || a.place - b.place);
    const rank = new Map(byStart.map(({ place }, i) => [place, i]));
    const byEnd = byStart.toSorted((a, b) => order(a.endNs, b.endNs));
    let ended = 0;
    let last: number | undefined;
    for (const { place, startNs } of byStart) {
      for (let next = byEnd[ended]; next !== undefined && next.endNs <= startNs; next = byEnd[++ended]) {
        // Of steps without length at one instant, the first in the order comes first: edges never go back.
        if ((rank.get(next.place) ?? 0) >= (rank.get(place) ?? 0)) break;
        last = next.place;
      }
      if (last !== undefined) edges.push({ from: last, to: place });
    }
  }
  return edges;
}

/** Whether a row is another, or lies inside it, by their places. */
export function insideOf(rows: readonly TimelineRow[]): (outer: number, place: number) => boolean {
  const ends = subtreeEnds(rows);
  return (outer, place) => place >= outer && place < (ends[outer] ?? 0);
}

/** By row the place after the last row inside it. Rows come in the order of timelineRows: parents before children. */
function subtreeEnds(rows: readonly TimelineRow[]): Int32Array {
  const ends = new Int32Array(rows.length);
  for (let place = rows.length - 1; place >= 0; place--) {
    const depth = rows[place]?.depth ?? 0;
    let end = place + 1;
    while (end < rows.length && (rows[end]?.depth ?? 0) > depth) end = ends[end] ?? rows.length;
    ends[place] = end;
  }
  return ends;
}

function placesByKey(rows: readonly TimelineRow[]): Map<string, number> {
  return new Map(rows.map(({ step }, place) => [step.stepKey, place]));
}

function order(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
