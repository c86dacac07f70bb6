import type { Attempt, StepStatus } from './attempt.ts';
import { type Dependency, isTerminal, type StepPlace } from './fact.ts';
import { stepKeyOf } from './step-key.ts';

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
 *
 * A step whose path is P lies under the step whose own path and id make P, if there is one.
 */
export function timelineRows(attempts: readonly Attempt[]): TimelineRow[] {
  const steps = [...Map.groupBy(attempts, ({ step }) => step.stepKey).values()].map((tries) =>
    tries.toSorted((a, b) => a.attempt - b.attempt),
  );
  const known = new Set(steps.map(([first]) => first?.step.stepKey));
  const flat = steps.map((tries) => rowOf(tries, known));
  const children = Map.groupBy(flat, ({ parentKey }) => parentKey);
  for (const siblings of children.values()) siblings.sort(byFirstHeard);

  const rows: TimelineRow[] = [];
  const stack = (children.get(undefined) ?? []).toReversed().map((row) => ({ row, depth: 0 }));
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { row, depth } = top;
    rows.push({ ...row, depth });
    for (const child of (children.get(row.step.stepKey) ?? []).toReversed()) stack.push({ row: child, depth: depth + 1 });
  }
  return rows;
}

function rowOf(tries: readonly Attempt[], known: ReadonlySet<string | undefined>): TimelineRow {
  const last = tries.at(-1);
  if (last === undefined) throw new RangeError('a step has at least one attempt');
  const latest = <T>(read: (attempt: Attempt) => T, empty: (value: T) => boolean): T =>
    read(tries.findLast((attempt) => !empty(read(attempt))) ?? last);
  return {
    step: last.step,
    name:
      latest(
        ({ name }) => name,
        (name) => name === '',
      ) || last.step.stepId,
    kind: latest(
      ({ kind }) => kind,
      (kind) => kind === '',
    ),
    status: last.status,
    bars: tries.filter(({ attempt }) => attempt > 0).map(barOf),
    parentKey: parentKeyOf(last.step, known),
    depth: 0,
    dependsOn: latest(
      ({ dependsOn }) => dependsOn,
      (list) => list.length === 0,
    )
      .map((dependency) => resolve(last.step, dependency, known))
      .filter((key) => key !== undefined),
  };
}

/** Corrects what clocks got wrong, and says so. */
export function barOf(attempt: Attempt): Bar {
  const flags: Bar['flags'][number][] = [];
  const { startNs } = attempt;
  let { endNs, queuedNs, readyNs } = attempt;
  if (startNs !== undefined && endNs !== undefined && endNs < startNs) {
    endNs = startNs;
    flags.push('end_before_start');
  }
  const latest = startNs ?? endNs;
  const clamp = (ns: bigint | undefined, bound: bigint | undefined): bigint | undefined => {
    if (ns === undefined || bound === undefined || ns <= bound) return ns;
    if (!flags.includes('skew_clamped')) flags.push('skew_clamped');
    return bound;
  };
  queuedNs = clamp(queuedNs, latest);
  readyNs = clamp(readyNs, queuedNs ?? latest);
  return { ...attempt, readyNs, queuedNs, endNs, flags };
}

function parentKeyOf({ path, iteration, stepKey }: StepPlace, known: ReadonlySet<string | undefined>): string | undefined {
  const enclosing = path.at(-1);
  if (enclosing === undefined) return undefined;
  const outer = path.slice(0, -1);
  return [iteration, 0].map((round) => stepKeyOf(outer, enclosing, round)).find((key) => key !== stepKey && known.has(key));
}

function resolve(step: StepPlace, dependency: Dependency, known: ReadonlySet<string | undefined>): string | undefined {
  const paths =
    dependency.path === undefined
      ? step.path.map((_, i) => step.path.slice(0, step.path.length - i)).concat([[]])
      : [dependency.path];
  const rounds = dependency.iteration === undefined ? [step.iteration, 0] : [dependency.iteration];
  for (const path of paths) {
    for (const round of rounds) {
      const key = stepKeyOf(path, dependency.stepId, round);
      if (key !== step.stepKey && known.has(key)) return key;
    }
  }
  return undefined;
}

function byFirstHeard(a: TimelineRow, b: TimelineRow): number {
  const x = firstHeardNs(a);
  const y = firstHeardNs(b);
  if (x !== y) return x === undefined ? 1 : y === undefined ? -1 : x < y ? -1 : 1;
  return a.step.stepKey < b.step.stepKey ? -1 : 1;
}

function firstHeardNs({ bars: [first] }: TimelineRow): bigint | undefined {
  return first?.readyNs ?? first?.queuedNs ?? first?.startNs ?? first?.endNs;
}

/** Whether the attempt still goes on. */
export function isOpen({ status }: { status: string }): boolean {
  return !isTerminal(status);
}
