import { useMemo } from 'preact/hooks';
import { formatCount } from '../../model/quantity.ts';
import { placeInLayers } from '../../model/layers.ts';
import { lookOf } from '../../model/status.ts';
import { graphAround, type GraphNode, graphOfNames } from '../../model/step-graph.ts';
import { nameOf } from '../../model/steps.ts';
import { StatusMark } from '../../ui/status-mark.tsx';
import type { TabProps } from './tab-props.ts';

const boxPx = { width: 176, height: 34, gapX: 56, gapY: 12 };
const margin = 16;

/** What had to wait for what: around the chosen step, or by names where none is chosen. */
export function GraphTab({ store, picture: { steps }, selected, dependents, onSelect, onOpen }: TabProps) {
  const version = store.calm.value;
  const few = steps.rows.count <= 60;
  const graph = useMemo(
    () => (selected >= 0 ? graphAround(steps, dependents, selected, 120) : few ? everyStep(steps) : graphOfNames(steps)),
    [steps, version, selected, few],
  );
  const { at, layers, tallest } = useMemo(() => placeInLayers(graph), [graph]);
  const width = margin * 2 + layers * (boxPx.width + boxPx.gapX) - boxPx.gapX;
  const height = margin * 2 + tallest * (boxPx.height + boxPx.gapY);
  const tops = useMemo(() => {
    const sizes = new Map<number, number>();
    for (const [layer] of at.values()) sizes.set(layer, (sizes.get(layer) ?? 0) + 1);
    return sizes;
  }, [at]);
  const placeOf = (id: number): readonly [number, number] => {
    const [layer = 0, place = 0] = at.get(id) ?? [];
    const spare = ((tallest - (tops.get(layer) ?? 1)) * (boxPx.height + boxPx.gapY)) / 2;
    return [margin + layer * (boxPx.width + boxPx.gapX), margin + spare + place * (boxPx.height + boxPx.gapY)];
  };
  const name = selected < 0 ? '' : nameOf(steps, selected);
  return (
    <section class="graph-tab" aria-label="Graph of dependencies">
      <p>
        {selected < 0
          ? few
            ? `All ${graph.nodes.length} steps and what they waited for.`
            : `${formatCount(graph.nodes.length)} names for ${formatCount(steps.rows.count)} steps; choose a step to see what is around it.`
          : `${formatCount(graph.nodes.length)} steps around ${name}.`}
        {graph.leftOut > 0 && ` ${formatCount(graph.leftOut)} more are left out.`}
        {graph.edges.length === 0 && ' No dependencies are told.'}
        {selected >= 0 && (
          <>
            {' '}
            <button type="button" class="link" onClick={() => onSelect(-1)}>
              {few ? 'All steps' : 'All names'}
            </button>
          </>
        )}
      </p>
      <div class="graph-scroll" tabIndex={0} role="group" aria-label="Graph; a list of it is below">
        <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="presentation">
          <defs>
            <marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">
              <path d="M0 0 8 4 0 8z" class="graph-head" />
            </marker>
          </defs>
          {graph.edges.map(([from, to]) => {
            const [x1, y1] = placeOf(from);
            const [x2, y2] = placeOf(to);
            const [a, b] = [x1 + boxPx.width, y1 + boxPx.height / 2];
            const middle = (a + x2) / 2;
            return (
              <path
                key={`${from} ${to}`}
                class="graph-edge"
                marker-end="url(#arrow)"
                d={`M${a} ${b}C${middle} ${b} ${middle} ${y2 + boxPx.height / 2} ${x2} ${y2 + boxPx.height / 2}`}
              />
            );
          })}
          {graph.nodes.map((node) => (
            <NodeBox
              key={node.id}
              node={node}
              at={placeOf(node.id)}
              chosen={node.row === selected}
              onSelect={onSelect}
              onOpen={onOpen}
            />
          ))}
        </svg>
      </div>
      <details>
        <summary>As a list</summary>
        <ul class="plain-list">
          {graph.nodes.map((node) => (
            <li key={node.id}>
              <StatusMark status={node.status} bare />{' '}
              <button type="button" class="link" onClick={() => onSelect(node.row)}>
                {node.name}
              </button>
              {node.steps > 1 && ` ×${formatCount(node.steps)}`}
              {after(graph, node)}
            </li>
          ))}
        </ul>
      </details>
    </section>
  );
}

function everyStep(steps: TabProps['picture']['steps']): ReturnType<typeof graphAround> {
  const all = Array.from({ length: steps.rows.count }, (_, row) => graphAround(steps, () => [], row, 1).nodes[0]).filter(
    (node) => node !== undefined,
  );
  const edges: [number, number][] = [];
  for (const { row } of all) {
    for (let at = steps.dependsFrom[row] ?? 0; at < (steps.dependsFrom[row + 1] ?? 0); at++)
      edges.push([steps.dependsOn[at] ?? 0, row]);
    for (const on of steps.laterDepends.get(row) ?? []) edges.push([on, row]);
  }
  return { nodes: all, edges, leftOut: 0 };
}

function after({ nodes, edges }: ReturnType<typeof graphAround>, node: GraphNode): string {
  const on = edges.filter(([, to]) => to === node.id).map(([from]) => nodes.find(({ id }) => id === from)?.name ?? '');
  return on.length === 0 ? '' : `, after ${on.join(', ')}`;
}

interface NodeProps {
  node: GraphNode;
  at: readonly [number, number];
  chosen: boolean;
  onSelect(row: number): void;
  onOpen(): void;
}

function NodeBox({ node, at: [x, y], chosen, onSelect, onOpen }: NodeProps) {
  const { word, tone } = lookOf(node.status);
  const name = node.steps > 1 ? `${node.name} ×${formatCount(node.steps)}` : node.name;
  return (
    <g
      class={`graph-node tone-${tone}${node.critical ? ' critical' : ''}${chosen ? ' selected' : ''}`}
      transform={`translate(${x} ${y})`}
      role="button"
      tabIndex={0}
      aria-label={`${name}, ${word}${node.critical ? ', critical' : ''}`}
      aria-pressed={chosen}
      onClick={() => onSelect(node.row)}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        if (chosen) onOpen();
        else onSelect(node.row);
      }}
    >
      <title>{`${name}: ${word}`}</title>
      <rect width={boxPx.width} height={boxPx.height} rx="6" />
      <foreignObject width={boxPx.width} height={boxPx.height}>
        <div class="graph-text">
          <StatusMark status={node.status} bare />
          <span>{name}</span>
        </div>
      </foreignObject>
    </g>
  );
}
