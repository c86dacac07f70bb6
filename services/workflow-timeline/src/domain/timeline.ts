import type { Attempt, StepStatus } from './attempt.ts';
import { isTerminal, type StepPlace } from './fact.ts';
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
  const steps = [...Map.groupBy(attempts, ({ step }) => step.stepKey).values()].map((tries) =>
    tries.toSorted((a, b) => a.attempt - b.attempt),
  );
  const nesting = nestingOf(steps);
  const flat = steps.map((tries) => rowOf(tries, nesting));
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

function rowOf(tries: readonly Attempt[], nesting: Nesting): TimelineRow {
  const last = tries.at(-1);
  if (last === undefined) throw new RangeError('a step has at least one attempt');
  const latest = <T>(read: (attempt: Attempt) => T, empty: (value: T) => boolean): T =>
    read(tries.findLast((attempt) => !empty(read(attempt))) ?? last);
  const told = latest(
    ({ dependsOn }) => dependsOn,
    (list) => list.length === 0,
  ).map((dependency) => nesting.resolve(last.step, dependency));
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
    parentKey: nesting.parentOf(last.step.stepKey),
    depth: 0,
    dependsOn: [...new Set([nesting.producerOf(last.step.stepKey), ...told])].filter((key) => key !== undefined),
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
