// Places a small graph in layers, left to right: each node after all it depends on, then in an order in which few lines cross
// (Sugiyama, Tagawa and Toda 1981: longest path, then barycentres, a few sweeps to and fro).
import type { Graph } from './step-graph.ts';

export interface Placed {
  /** Layer and place in it, by the node's id. */
  readonly at: ReadonlyMap<number, readonly [layer: number, place: number]>;
  readonly layers: number;
  readonly tallest: number;
}

const sweeps = 6;

export function placeInLayers({ nodes, edges }: Graph): Placed {
  const before = new Map<number, number[]>(nodes.map(({ id }) => [id, []]));
  const after = new Map<number, number[]>(nodes.map(({ id }) => [id, []]));
  for (const [from, to] of edges) {
    before.get(to)?.push(from);
    after.get(from)?.push(to);
  }
  const layerOf = new Map<number, number>();
  const open = new Set<number>();
  // An edge back in a circle does not count.
  const layer = (id: number): number => {
    const known = layerOf.get(id);
    if (known !== undefined) return known;
    open.add(id);
    let most = 0;
    for (const each of before.get(id) ?? []) if (!open.has(each)) most = Math.max(most, layer(each) + 1);
    open.delete(id);
    layerOf.set(id, most);
    return most;
  };
  const layers = new Map<number, number[]>();
  for (const { id } of nodes) layers.set(layer(id), [...(layers.get(layer(id)) ?? []), id]);
  const rows = Array.from({ length: layers.size }, (_, at) => layers.get(at) ?? []);
  const place = new Map<number, number>();
  const settle = (): void => {
    for (const ids of rows) for (const [at, id] of ids.entries()) place.set(id, at - (ids.length - 1) / 2);
  };
  settle();
  const middleOf = (id: number, beside: Map<number, number[]>): number => {
    const ids = beside.get(id) ?? [];
    return ids.length === 0 ? (place.get(id) ?? 0) : ids.reduce((sum, each) => sum + (place.get(each) ?? 0), 0) / ids.length;
  };
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const beside = sweep % 2 === 0 ? before : after;
    for (const ids of rows) {
      const middles = new Map(ids.map((id) => [id, middleOf(id, beside)]));
      ids.sort((a, b) => (middles.get(a) ?? 0) - (middles.get(b) ?? 0));
    }
    settle();
  }
  const at = new Map(rows.flatMap((ids, of) => ids.map((id, i): [number, [number, number]] => [id, [of, i]])));
  return { at, layers: rows.length, tallest: Math.max(1, ...rows.map((ids) => ids.length)) };
}
