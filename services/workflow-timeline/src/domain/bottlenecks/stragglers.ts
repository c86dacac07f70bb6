import { isTerminal } from '../fact.ts';
import type { StepTimes } from '../step-times.ts';
import type { TimelineRow } from '../timeline.ts';

/** A step that took far longer than its like. */
export interface Straggler {
  readonly place: number;
  readonly row: TimelineRow;
  /** Of its like that completed. */
  readonly siblings: number;
  /** What makes them alike: the same name, or the same kind and depth. */
  readonly by: 'name' | 'kind';
  readonly medianNs: bigint;
  readonly durationNs: bigint;
  /** durationNs − medianNs. */
  readonly excessNs: bigint;
  readonly z: number;
  /** It still runs: its duration is the time so far. */
  readonly running: boolean;
}

const leastSiblings = 8;
const maxStragglers = 50;
const leastZ = 3.5;
const leastRatio = 1.5;

/**
 * Steps beyond the others of their like: z > 3.5 on the logarithm of durations, and above 1.5 × their median, and more than 1 s
 * and 1 % of the makespan above it. At least 8 of the like have to have completed.
 *
 * z = (x − median) / (1.4826 · MAD), the modified z-score of Iglewicz and Hoaglin (1993). Where more than half are equal the
 * MAD is 0, and z = (x − median) / (1.2533 · mean absolute deviation), as they say; beyond likes that are all equal z is 1e6.
 *
 *   G1  a duration is from the first start to the last end; what was waited before the start is none of it
 *   G2  a running step is compared, but is no measure for others; a failed one likewise
 *
 * @param times  by row
 * @returns the greatest excess first, at most 50
 */
export function findStragglers(
  rows: readonly TimelineRow[],
  times: readonly (StepTimes | undefined)[],
  makespanNs: bigint,
): Straggler[] {
  const timed = rows.flatMap((row, place) => {
    const of = times[place];
    return of === undefined || of.endNs <= of.startNs ? [] : [{ row, place, durationNs: of.endNs - of.startNs }];
  });
  const completed = (some: readonly Timed[]): Timed[] => some.filter(({ row }) => row.status === 'completed');
  const isEnough = (some: readonly Timed[]): boolean => completed(some).length >= leastSiblings;
  const byName = [...Map.groupBy(timed, ({ row }) => row.name).values()];
  const named = byName.filter(isEnough);
  const left = byName.filter((some) => !isEnough(some)).flat();
  const ofKind = [
    ...Map.groupBy(
      left.filter(({ row }) => row.kind !== ''),
      ({ row }) => `${row.depth} ${row.kind}`,
    ).values(),
  ];
  const leastExcessNs = makespanNs / 100n > 1_000_000_000n ? makespanNs / 100n : 1_000_000_000n;
  return [
    ...named.flatMap((some) => beyond(some, completed(some), 'name', leastExcessNs)),
    ...ofKind.filter(isEnough).flatMap((some) => beyond(some, completed(some), 'kind', leastExcessNs)),
  ]
    .sort((a, b) => (a.excessNs === b.excessNs ? a.place - b.place : a.excessNs > b.excessNs ? -1 : 1))
    .slice(0, maxStragglers);
}

interface Timed {
  readonly row: TimelineRow;
  readonly place: number;
  readonly durationNs: bigint;
}

function beyond(some: readonly Timed[], like: readonly Timed[], by: Straggler['by'], leastExcessNs: bigint): Straggler[] {
  const logs = Float64Array.from(like, ({ durationNs }) => Math.log(Number(durationNs)));
  const middle = median(logs);
  const mad = median(logs.map((x) => Math.abs(x - middle)));
  const mean = logs.reduce((sum, x) => sum + Math.abs(x - middle), 0) / logs.length;
  const scale = mad > 0 ? 1.4826 * mad : 1.2533 * mean;
  const medianNs = BigInt(Math.round(median(Float64Array.from(like, ({ durationNs }) => Number(durationNs)))));
  return some.flatMap(({ row, place, durationNs }) => {
    const excessNs = durationNs - medianNs;
    if (excessNs <= leastExcessNs || Number(durationNs) <= leastRatio * Number(medianNs)) return [];
    const distance = Math.log(Number(durationNs)) - middle;
    const z = scale > 0 ? distance / scale : Infinity;
    if (z <= leastZ) return [];
    const running = !isTerminal(row.status);
    return [{ place, row, siblings: like.length, by, medianNs, durationNs, excessNs, z: Math.min(z, 1e6), running }];
  });
}

function median(values: Float64Array): number {
  const sorted = values.toSorted();
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[half] ?? 0) : ((sorted[half - 1] ?? 0) + (sorted[half] ?? 0)) / 2;
}
