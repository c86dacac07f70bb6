import type { Attempt, StepStatus } from './attempt.ts';
import { type Dependency, isTerminal, type StepPlace } from './fact.ts';
import { type Nesting, nestingOf } from './nesting.ts';

/** A bar: times corrected so that ready ≤ queued ≤ start ≤ end; `flags` say what was corrected. */
export interface Bar extends Attempt {
  readonly flags: readonly ('end_before_start' | 'skew_clamped')[];
}

/** A step: a row of the Gantt chart. */
export interface TimelineRow {
  readonly step: StepPlace;
  readonly name: string;
  readonly kind: string;
  /** The highest attempt's. */
  readonly status: StepStatus;
  /** From the first try on; none for a step that is only planned. */
  readonly bars: readonly Bar[];
  readonly parentKey: string | undefined;
  readonly depth: number;
  /** Keys of rows it waited for. */
  readonly dependsOn: readonly string[];
}

/**
 * The rows of an execution, each under the row it is nested in, siblings by when they were first heard of.
 */
export function timelineRows(attempts: readonly Attempt[]): TimelineRow[] {
  const steps = stepsOf(attempts);
  const nesting = nestingOf(steps);
  const keys = steps.map(([first]) => first?.step.stepKey ?? '');
  const bars = steps.map(barsOf);
  const { roots, inside } = childrenOf(nesting.parents, byFirstHeard(bars, keys));

  const rows: TimelineRow[] = [];
  const stack = roots.toReversed();
  const depths = stack.map(() => 0);
  for (let place = stack.pop(); place !== undefined; place = stack.pop()) {
    const depth = depths.pop() ?? 0;
    rows.push(rowOf(place, depth, { steps, keys, bars, nesting }));
    const children = inside[place] ?? [];
    for (let i = children.length - 1; i >= 0; i--) {
      stack.push(children[i] ?? 0);
      depths.push(depth + 1);
    }
  }
  return rows;
}

/** The attempts of each step, lowest first. */
export function stepsOf(attempts: readonly Attempt[]): Attempt[][] {
  const byKey = new Map<string, Attempt[]>();
  for (const attempt of attempts) {
    const known = byKey.get(attempt.step.stepKey);
    if (known === undefined) byKey.set(attempt.step.stepKey, [attempt]);
    else known.push(attempt);
  }
  const steps = [...byKey.values()];
  for (const tries of steps) if (tries.length > 1) tries.sort((a, b) => a.attempt - b.attempt);
  return steps;
}

export function barsOf(tries: readonly Attempt[]): readonly Bar[] {
  const bars: Bar[] = [];
  for (const attempt of tries) if (attempt.attempt > 0) bars.push(barOf(attempt));
  return bars;
}

/** Steps by when they were first heard of, those nobody heard of last, then by key. */
function byFirstHeard(bars: readonly (readonly Bar[])[], keys: readonly string[]): (a: number, b: number) => number {
  const heardNs = bars.map(([first]) => first?.readyNs ?? first?.queuedNs ?? first?.startNs ?? first?.endNs);
  // Rounded, which keeps the order but for what becomes equal.
  const heard = Float64Array.from(heardNs, (ns) => (ns === undefined ? Number.POSITIVE_INFINITY : Number(ns)));
  return (a, b) => {
    const apart = (heard[a] ?? 0) - (heard[b] ?? 0);
    if (apart < 0 || apart > 0) return apart;
    const [x, y] = [heardNs[a], heardNs[b]];
    if (x !== undefined && y !== undefined && x !== y) return x < y ? -1 : 1;
    return (keys[a] ?? '') < (keys[b] ?? '') ? -1 : 1;
  };
}

/** Places of the steps at the top, and by step of those inside it, in order. */
function childrenOf(parents: Int32Array, order: (a: number, b: number) => number) {
  const roots: number[] = [];
  const inside: (number[] | undefined)[] = [];
  for (let place = 0; place < parents.length; place++) inside.push(undefined);
  parents.forEach((parent, place) => {
    const siblings = parent === -1 ? roots : (inside[parent] ??= []);
    siblings.push(place);
  });
  roots.sort(order);
  for (const siblings of inside) siblings?.sort(order);
  return { roots, inside };
}

interface Steps {
  readonly steps: readonly (readonly Attempt[])[];
  readonly keys: readonly string[];
  readonly bars: readonly (readonly Bar[])[];
  readonly nesting: Nesting;
}

export function rowOf(place: number, depth: number, { steps, keys, bars, nesting }: Steps): TimelineRow {
  const tries = steps[place] ?? [];
  const last = tries.at(-1);
  if (last === undefined) throw new RangeError('a step has at least one attempt');
  let { name, kind, dependsOn } = last;
  for (let i = tries.length - 2; i >= 0; i--) {
    const before = tries[i];
    if (before === undefined) break;
    if (name === '') ({ name } = before);
    if (kind === '') ({ kind } = before);
    if (dependsOn.length === 0) ({ dependsOn } = before);
  }
  return {
    step: last.step,
    name: name || last.step.stepId,
    kind,
    status: last.status,
    bars: bars[place] ?? none,
    parentKey: keys[nesting.parents[place] ?? -1],
    depth,
    dependsOn: waitedFor(place, dependsOn, nesting).map((other) => keys[other] ?? ''),
  };
}

function waitedFor(place: number, dependsOn: readonly Dependency[], nesting: Nesting): readonly number[] {
  const producer = nesting.producers.get(place);
  if (dependsOn.length === 0) return producer === undefined ? none : [producer];
  const places = new Set<number>();
  if (producer !== undefined) places.add(producer);
  for (const dependency of dependsOn) places.add(nesting.resolve(place, dependency));
  places.delete(-1);
  return [...places];
}

const none: readonly never[] = [];

/** Corrects what clocks got wrong, and says so. */
function barOf(attempt: Attempt): Bar {
  const { startNs } = attempt;
  let { endNs, queuedNs, readyNs } = attempt;
  const backwards = startNs !== undefined && endNs !== undefined && endNs < startNs;
  if (backwards) endNs = startNs;
  const latest = startNs ?? endNs;
  let skewed = false;
  if (queuedNs !== undefined && latest !== undefined && queuedNs > latest) {
    queuedNs = latest;
    skewed = true;
  }
  const bound = queuedNs ?? latest;
  if (readyNs !== undefined && bound !== undefined && readyNs > bound) {
    readyNs = bound;
    skewed = true;
  }
  const flags: Bar['flags'] =
    !backwards && !skewed
      ? none
      : [...(backwards ? (['end_before_start'] as const) : []), ...(skewed ? (['skew_clamped'] as const) : [])];
  // Field by field: of a hundred thousand bars that is much faster than copying what there is.
  const { step, attempt: number, status, span, name, kind, waits, dependsOn, resource, usage, error } = attempt;
  return {
    step,
    attempt: number,
    status,
    readyNs,
    queuedNs,
    startNs,
    endNs,
    span,
    name,
    kind,
    waits,
    dependsOn,
    resource,
    usage,
    error,
    flags,
  };
}

/** Whether the attempt still goes on. */
export function isOpen({ status }: { status: string }): boolean {
  return !isTerminal(status);
}
