import { graphOf, longestPaths, topologicalOrder } from '@tmws/graph';
import { parentPlaces, toldEdges } from '../step-edges.ts';
import type { TimelineRow } from '../timeline.ts';

/** `dependency`: `from` has to end before `to` begins; `inside`: `to` lies under `from`. */
export interface PictureEdge {
  readonly from: number;
  readonly to: number;
  readonly kind: 'dependency' | 'inside';
}

/** Boxes and arrows, for any notation; edges by places of boxes. Texts are as engines gave them: any characters. */
export interface Picture {
  readonly boxes: readonly { readonly lines: readonly string[]; readonly critical: boolean }[];
  readonly edges: readonly PictureEdge[];
}

/** Told dependencies, and which row lies in which. */
export function pictureEdges(rows: readonly TimelineRow[]): PictureEdge[] {
  const told = toldEdges(rows).map((edge): PictureEdge => ({ ...edge, kind: 'dependency' }));
  const inside = [...parentPlaces(rows)].flatMap((from, to): PictureEdge[] =>
    from === -1 ? [] : [{ from, to, kind: 'inside' }],
  );
  return [...told, ...inside];
}

/** A box for each step: its name, and its kind if it has one. */
export function wholePicture(
  rows: readonly TimelineRow[],
  critical: ReadonlySet<string | undefined>,
  edges = pictureEdges(rows),
): Picture {
  const boxes = rows.map(({ name, kind, step }) => ({
    lines: kind === '' ? [name] : [name, kind],
    critical: critical.has(step.stepKey),
  }));
  return { boxes, edges };
}

/**
 * A box for all steps of a kind, or of a kind at a level (how many steps have to come before, at most). Edges between steps of
 * one box are left out. Dependencies in a circle have no levels: all are 0 then.
 */
export function collapsedPicture(
  rows: readonly TimelineRow[],
  critical: ReadonlySet<string | undefined>,
  by: 'kind and level' | 'kind',
  edges = pictureEdges(rows),
): Picture {
  const levels = by === 'kind' ? undefined : levelsOf(rows.length, edges);
  const kindOf = ({ kind }: TimelineRow): string => kind || 'step';
  const keys = rows.map((row, place) => `${levels?.[place] ?? 0} ${kindOf(row)}`);
  const groups = Map.groupBy(rows.keys(), (place) => keys[place] ?? '');
  const boxes = [...groups.values()].map((places) => {
    const members = places.map((place) => rows[place]).filter((row) => row !== undefined);
    const level = levels?.[places[0] ?? 0];
    const steps = members.length === 1 ? '1 step' : `${members.length} steps`;
    return {
      lines: [members[0] === undefined ? '' : kindOf(members[0]), level === undefined ? steps : `${steps} at level ${level}`],
      critical: members.some(({ step }) => critical.has(step.stepKey)),
    };
  });
  const boxOf = new Map([...groups.keys()].map((key, box) => [key, box]));
  const between = new Map<string, PictureEdge>();
  for (const edge of edges) {
    const from = boxOf.get(keys[edge.from] ?? '') ?? 0;
    const to = boxOf.get(keys[edge.to] ?? '') ?? 0;
    if (from !== to) between.set(`${from} ${to} ${edge.kind}`, { from, to, kind: edge.kind });
  }
  return { boxes, edges: [...between.values()] };
}

function levelsOf(nodeCount: number, edges: readonly PictureEdge[]): Float64Array | undefined {
  const graph = graphOf(
    nodeCount,
    edges.map(({ from }) => from),
    edges.map(({ to }) => to),
  );
  const { order } = topologicalOrder(graph);
  if (order === undefined) return undefined;
  return longestPaths(graph, order, new Float64Array(nodeCount).fill(1)).earliestFinish.map((steps) => steps - 1);
}
