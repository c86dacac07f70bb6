import { criticalChain, exactDrag, groupDrag, longestPaths, type LongestPaths, topologicalOrder, totalSlack } from '@tmws/graph';
import { overheadAdvice } from './advice.ts';
import type { Segment } from '../critical-path/segment.ts';
import type { Span } from '../execution.ts';
import { type Feasibility, feasibilityOf } from './feasibility.ts';
import { resourceEdges, type StepGraph, stepGraph } from './step-graph.ts';
import { findStragglers, type Straggler } from './stragglers.ts';
import type { TimelineRow } from '../timeline.ts';

/** What the execution would win if a step took no time. */
export interface StepDrag {
  readonly row: TimelineRow;
  readonly durationNs: bigint;
  readonly dragNs: bigint;
  readonly slackNs: bigint;
  /** The same where what steps waited for on workers and pools counts as a dependency too, in the order seen. */
  readonly resource: { readonly dragNs: bigint; readonly slackNs: bigint } | undefined;
  /** On the path of criticalPath, which also follows waits; a step off it may still have drag, and the other way round. */
  readonly onCriticalPath: boolean;
  readonly feasibility: Feasibility;
}

/** What it would win if all steps of a kind or a name took no time. */
export interface TypeDrag {
  readonly by: 'kind' | 'name';
  readonly value: string;
  readonly steps: number;
  readonly durationNs: bigint;
  readonly dragNs: bigint;
}

export interface Bottlenecks {
  /** The longest path of the dependency graph: what the steps explain of the makespan. */
  readonly criticalLengthNs: bigint;
  /** Part of the makespan that is `unknown` on the critical path, 0 to 1. */
  readonly unknownShare: number;
  /** Why none is named; empty when they are. */
  readonly refusal: string;
  /** By drag, greatest first; then by slack, least first. */
  readonly steps: readonly StepDrag[];
  readonly types: readonly TypeDrag[];
  /** Also where none is named; greatest excess first. */
  readonly stragglers: readonly StragglerDrag[];
  /** What to do about the execution as a whole; empty where nothing is known. */
  readonly advice: string;
}

/** A straggler, and what the execution would win without it. */
export interface StragglerDrag extends Straggler {
  /** Of a step with steps inside, of all of them. Undefined where none is named; 0: it has no impact. */
  readonly dragNs: bigint | undefined;
}

/** Types with less of the critical path than others are not looked at: at most this many are. */
const maxTypes = 50;
const maxUnknownShare = 0.5;

/**
 * Where the time would be won, by exact drag over stepGraph.
 *
 *   N1  none is named when more than half of the makespan is accounted for by no step, or the dependencies go in a circle
 *   N2  a step's drag is what the longest path of the graph loses without it; never more than its duration
 *
 * @param span   undefined before anything started
 * @param path   of criticalPath
 * @param limit  how many steps at most
 */
export function findBottlenecks(
  rows: readonly TimelineRow[],
  path: readonly Segment[],
  span: Span | undefined,
  limit: number,
): Bottlenecks {
  const unknownShare = unknownShareOf(path);
  const steps = span === undefined ? undefined : stepGraph(rows, span);
  const stragglers =
    span === undefined || steps === undefined ? [] : findStragglers(rows, steps.times, span.endNs - span.startNs);
  const advice = span === undefined || steps === undefined ? '' : overheadAdvice(rows, steps.times, path, span);
  const refused = (refusal: string): Bottlenecks => ({
    criticalLengthNs: 0n,
    unknownShare,
    refusal,
    steps: [],
    types: [],
    stragglers: stragglers.map((one) => ({ ...one, dragNs: undefined })),
    advice,
  });
  if (span === undefined || steps === undefined) return refused('nothing has started yet');
  if (unknownShare > maxUnknownShare) {
    return refused(
      `${Math.round(unknownShare * 100)} % of the makespan is accounted for by no step, so any name would be a guess; ` +
        'report start and end of the steps that are missing, or what the execution waited for',
    );
  }
  const { order, cycle } = topologicalOrder(steps.graph);
  if (order === undefined) return refused(`the dependencies go in a circle: ${circleText(rows, cycle)}`);
  const paths = longestPaths(steps.graph, order, steps.weights);
  const drag = exactDrag(steps.graph, order, steps.weights, paths);
  return {
    criticalLengthNs: BigInt(paths.length),
    unknownShare,
    refusal: '',
    steps: stepDrags(rows, path, steps, { drag, slack: totalSlack(paths, steps.weights) }, resourceNumbers(rows, span), limit),
    types: typeDrags(rows, steps, { order, paths }),
    stragglers: stragglers.map((one) => ({
      ...one,
      dragNs: BigInt(subtreeDrag(rows, one.place, steps, drag, { order, paths })),
    })),
    advice,
  };
}

interface Solved {
  readonly order: Int32Array;
  readonly paths: LongestPaths;
}

function stepDrags(
  rows: readonly TimelineRow[],
  path: readonly Segment[],
  { weights, nodeOf, times, isOuter }: StepGraph,
  { drag, slack }: { drag: Float64Array; slack: Float64Array },
  resource: Numbers | undefined,
  limit: number,
): StepDrag[] {
  const critical = new Set(path.map(({ of }) => of?.stepKey));
  return rows
    .flatMap((row, place) => {
      const node = nodeOf[place] ?? 0;
      const of = times[place];
      const numbers = { durationNs: weights[node] ?? 0, dragNs: drag[node] ?? 0, slackNs: slack[node] ?? 0 };
      return of === undefined ? [] : [{ row, place, times: of, ...numbers }];
    })
    .sort((a, b) => b.dragNs - a.dragNs || a.slackNs - b.slackNs || b.durationNs - a.durationNs || a.place - b.place)
    .slice(0, limit)
    .map(({ row, place, times: of, ...numbers }) => ({
      row,
      durationNs: BigInt(numbers.durationNs),
      dragNs: BigInt(numbers.dragNs),
      slackNs: BigInt(numbers.slackNs),
      resource: resource?.(place),
      onCriticalPath: critical.has(row.step.stepKey),
      feasibility: feasibilityOf(row, of, numbers, isOuter(place)),
    }));
}

type Numbers = (place: number) => { dragNs: bigint; slackNs: bigint };

/** Drag and slack over dependencies and resource edges; undefined where clocks make them go in a circle. */
function resourceNumbers(rows: readonly TimelineRow[], span: Span): Numbers | undefined {
  const { graph, weights, nodeOf } = stepGraph(rows, span, resourceEdges(rows, span));
  const { order } = topologicalOrder(graph);
  if (order === undefined) return undefined;
  const paths = longestPaths(graph, order, weights);
  const drag = exactDrag(graph, order, weights, paths);
  const slack = totalSlack(paths, weights);
  return (place) => {
    const node = nodeOf[place] ?? 0;
    return { dragNs: BigInt(drag[node] ?? 0), slackNs: BigInt(slack[node] ?? 0) };
  };
}

/** The drag of a step, or of all inside it together. */
function subtreeDrag(
  rows: readonly TimelineRow[],
  place: number,
  { graph, weights, nodeOf, isOuter }: StepGraph,
  drag: Float64Array,
  { order, paths }: Solved,
): number {
  if (!isOuter(place)) return drag[nodeOf[place] ?? 0] ?? 0;
  const depth = rows[place]?.depth ?? 0;
  const after = rows.findIndex((row, other) => other > place && row.depth <= depth);
  const nodes = nodeOf.subarray(place, after === -1 ? rows.length : after);
  return groupDrag(graph, order, weights, paths, nodes);
}

/**
 * Drag of kinds, and of names that several steps have. A type can win no more than its share of any one critical chain, so
 * those with the greatest shares are looked at, and those without any have no drag.
 */
function typeDrags(rows: readonly TimelineRow[], { graph, weights, nodeOf }: StepGraph, { order, paths }: Solved): TypeDrag[] {
  const chain = new Set(criticalChain(graph, paths));
  const weightOf = (node: number): number => weights[node] ?? 0;
  const groups = (by: 'kind' | 'name', least: number) =>
    [...Map.groupBy(rows.keys(), (place) => rows[place]?.[by] ?? '')]
      .filter(([value, places]) => value !== '' && places.length >= least)
      .map(([value, places]) => {
        const nodes = places.map((place) => nodeOf[place] ?? 0);
        const share = nodes.reduce((sum, node) => sum + (chain.has(node) ? weightOf(node) : 0), 0);
        return { by, value, nodes, share };
      });
  return [...groups('kind', 1), ...groups('name', 2)]
    .filter(({ share }) => share > 0)
    .sort((a, b) => b.share - a.share)
    .slice(0, maxTypes)
    .map(({ by, value, nodes }) => ({
      by,
      value,
      steps: nodes.length,
      durationNs: nodes.reduce((sum, node) => sum + BigInt(weightOf(node)), 0n),
      dragNs: BigInt(groupDrag(graph, order, weights, paths, nodes)),
    }))
    .sort((a, b) => (a.dragNs === b.dragNs ? (a.value < b.value ? -1 : 1) : a.dragNs > b.dragNs ? -1 : 1));
}

function unknownShareOf(path: readonly Segment[]): number {
  const ns = (segments: readonly Segment[]): number =>
    Number(segments.reduce((sum, { startNs, endNs }) => sum + endNs - startNs, 0n));
  const whole = ns(path);
  return whole === 0 ? 0 : ns(path.filter(({ kind }) => kind === 'unknown')) / whole;
}

const maxNamed = 8;

function circleText(rows: readonly TimelineRow[], cycle: readonly number[]): string {
  const ids = cycle
    .map((node) => JSON.stringify(rows[node % rows.length]?.step.stepId))
    .filter((id, i, all) => id !== all[i - 1]);
  const named = ids.length > maxNamed ? [...ids.slice(0, maxNamed), `${ids.length - maxNamed} more`] : ids;
  return [...named, ids[0]].join(' → ');
}
