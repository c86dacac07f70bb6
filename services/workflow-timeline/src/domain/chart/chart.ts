import { drawnFrom } from './bar-times.ts';
import type { Segment } from '../critical-path/segment.ts';
import { openTexts, openWords, type Template } from './text-column.ts';
import type { Bar, TimelineRow } from '../timeline.ts';
import { fittingUnit, shrinkToUnit, timeRangeOf } from './time-scale.ts';
import { type ChartUsage, usageOf } from './usage.ts';

/** Corrections of a bar, by the place of their bit. */
export const barFlags = ['end_before_start', 'skew_clamped'] as const satisfies readonly Bar['flags'][number][];

/**
 * The rows of an execution as columns: what pictures of it are made from. Nothing in it depends on the instant it is asked at.
 *
 * Rows are in the order of timelineRows, so a row's parent is the nearest row above it whose depth is one less. Bars are in the
 * order of rows, then of attempts. Times count units of `unitNs` from `startNs`; NaN is a time that is not known.
 */
export interface Chart {
  /** The first known instant. */
  readonly startNs: bigint;
  /** The last known instant. */
  readonly endNs: bigint;
  readonly unitNs: bigint;
  /** The execution is longer than numbers of units can tell exactly: times are cut to the unit. */
  readonly rounded: boolean;
  readonly rowCount: number;
  readonly barCount: number;
  /** A bar has no end. */
  readonly openBars: boolean;
  readonly templates: readonly Template[];
  readonly kinds: readonly string[];
  readonly statuses: readonly string[];
  readonly workers: readonly string[];
  readonly pools: readonly string[];
  readonly waitKinds: readonly string[];
  readonly reasons: readonly string[];
  readonly paths: readonly (readonly string[])[];
  readonly rows: ChartRows;
  readonly bars: ChartBars;
  readonly waits: ChartWaits;
  readonly usage: ChartUsage;
  /** About how much memory it takes. */
  readonly bytes: number;
}

export interface ChartRows {
  readonly idTemplate: Int32Array;
  readonly idNumber: Float64Array;
  /** -1: the name is the step id. */
  readonly nameTemplate: Int32Array;
  readonly nameNumber: Float64Array;
  readonly kind: Int32Array;
  readonly status: Uint8Array;
  readonly depth: Int32Array;
  /** -1 at the top. */
  readonly parent: Int32Array;
  /** -1: that of the parent and the parent's step id; none at the top. */
  readonly path: Int32Array;
  readonly iteration: Int32Array;
  /** 16 bytes each; a step keyed by its span has 8 and zeros. */
  readonly keys: Uint8Array;
  readonly keyedBySpan: Uint8Array;
  /** Of row r: `bars[firstBar[r] … firstBar[r + 1]]` and `dependencies[firstDependency[r] … firstDependency[r + 1]]`. */
  readonly firstBar: Int32Array;
  readonly firstDependency: Int32Array;
  readonly dependencies: Int32Array;
}

export interface ChartBars {
  readonly row: Int32Array;
  readonly attempt: Int32Array;
  readonly status: Uint8Array;
  readonly ready: Float64Array;
  readonly queued: Float64Array;
  readonly start: Float64Array;
  readonly end: Float64Array;
  readonly worker: Int32Array;
  readonly pool: Int32Array;
  /** Bits of barFlags. */
  readonly flags: Uint8Array;
  readonly critical: Uint8Array;
  /** Of bar b: `waits[firstWait[b] … firstWait[b + 1]]`. */
  readonly firstWait: Int32Array;
  /** All bars by where they begin to be drawn. */
  readonly byStart: Int32Array;
}

export interface ChartWaits {
  readonly kind: Int32Array;
  readonly from: Float64Array;
  readonly to: Float64Array;
  readonly reason: Int32Array;
}

const maxReasonLength = 200;

/**
 * The columns of rows and the critical path through them.
 *
 * @param known  instants the execution itself tells of, besides those of its bars
 */
export function chartOf(rows: readonly TimelineRow[], path: readonly Segment[], known: readonly bigint[] = []): Chart {
  const range = timeRangeOf(rows, known);
  const { startNs, endNs } = range;
  const cutTo = fittingUnit(range);
  const relative = (ns: bigint | undefined): number =>
    ns === undefined ? Number.NaN : Number(cutTo === 1n ? ns - startNs : (ns - startNs) / cutTo);
  const texts = openTexts();
  const [kinds, statuses, workers, pools, waitKinds, reasons] = [
    openWords(),
    openWords(),
    openWords(),
    openWords(),
    openWords(),
    openWords(),
  ] as const;
  const paths = openPaths();
  const n = rows.length;
  const count = (of: (row: TimelineRow) => number): number => rows.reduce((sum, row) => sum + of(row), 0);
  const barCount = count(({ bars }) => bars.length);
  const waitCount = count(({ bars }) => bars.reduce((sum, { waits }) => sum + waits.length, 0));

  const keys = Buffer.alloc(n * 16);
  const into: ChartRows = {
    idTemplate: new Int32Array(n),
    idNumber: new Float64Array(n),
    nameTemplate: new Int32Array(n),
    nameNumber: new Float64Array(n),
    kind: new Int32Array(n),
    status: new Uint8Array(n),
    depth: new Int32Array(n),
    parent: new Int32Array(n),
    path: new Int32Array(n),
    iteration: new Int32Array(n),
    keys,
    keyedBySpan: new Uint8Array(n),
    firstBar: new Int32Array(n + 1),
    firstDependency: new Int32Array(n + 1),
    dependencies: new Int32Array(count(({ dependsOn }) => dependsOn.length)),
  };
  const bars: ChartBars = {
    row: new Int32Array(barCount),
    attempt: new Int32Array(barCount),
    status: new Uint8Array(barCount),
    ready: new Float64Array(barCount),
    queued: new Float64Array(barCount),
    start: new Float64Array(barCount),
    end: new Float64Array(barCount),
    worker: new Int32Array(barCount),
    pool: new Int32Array(barCount),
    flags: new Uint8Array(barCount),
    critical: new Uint8Array(barCount),
    firstWait: new Int32Array(barCount + 1),
    byStart: new Int32Array(barCount),
  };
  const waits: ChartWaits = {
    kind: new Int32Array(waitCount),
    from: new Float64Array(waitCount),
    to: new Float64Array(waitCount),
    reason: new Int32Array(waitCount),
  };

  const places = new Map(rows.map(({ step }, place) => [step.stepKey, place]));
  const critical = criticalTries(path);
  const above: number[] = [];
  let bar = 0;
  let wait = 0;
  let dependency = 0;
  rows.forEach((row, r) => {
    const { step, name, kind, status, depth } = row;
    const parent = depth === 0 ? -1 : (above[depth - 1] ?? -1);
    above[depth] = r;
    const id = texts.add(step.stepId);
    const named = name === step.stepId ? { template: -1, number: 0 } : texts.add(name);
    into.idTemplate[r] = id.template;
    into.idNumber[r] = id.number;
    into.nameTemplate[r] = named.template;
    into.nameNumber[r] = named.number;
    into.kind[r] = kinds.add(kind);
    into.status[r] = statuses.add(status);
    into.depth[r] = depth;
    into.parent[r] = parent;
    into.path[r] = paths.add(step.path, rows[parent]?.step);
    into.iteration[r] = step.iteration;
    keys.write(step.stepKey, r * 16, 16, 'hex');
    into.keyedBySpan[r] = step.stepKey.length === 16 ? 1 : 0;
    for (const key of row.dependsOn) into.dependencies[dependency++] = places.get(key) ?? -1;
    into.firstDependency[r + 1] = dependency;
    const tries = critical.get(step.stepKey);
    for (const each of row.bars) {
      bars.row[bar] = r;
      bars.attempt[bar] = each.attempt;
      bars.status[bar] = statuses.add(each.status);
      bars.ready[bar] = relative(each.readyNs);
      bars.queued[bar] = relative(each.queuedNs);
      bars.start[bar] = relative(each.startNs);
      bars.end[bar] = relative(each.endNs);
      bars.worker[bar] = workers.add(each.resource?.worker ?? '');
      bars.pool[bar] = pools.add(each.resource?.pool ?? '');
      for (const flag of each.flags) bars.flags[bar] = (bars.flags[bar] ?? 0) | (1 << barFlags.indexOf(flag));
      bars.critical[bar] = tries?.has(each.attempt) === true ? 1 : 0;
      for (const { kind: of, fromNs, toNs, reason } of each.waits) {
        waits.kind[wait] = waitKinds.add(of);
        waits.from[wait] = relative(fromNs);
        waits.to[wait] = relative(toNs);
        waits.reason[wait++] = reasons.add(
          reason.length > maxReasonLength ? `${reason.slice(0, maxReasonLength).toWellFormed()}…` : reason,
        );
      }
      bars.firstWait[++bar] = wait;
    }
    into.firstBar[r + 1] = bar;
  });
  sortByStart(bars);
  const unitNs = cutTo > 1n ? cutTo : shrinkToUnit([bars.ready, bars.queued, bars.start, bars.end, waits.from, waits.to]);
  const words = [kinds, statuses, workers, pools, waitKinds, reasons].flatMap((each) => each.words);
  const { own, ...used } = usageOf(rows, into.parent);
  return {
    startNs,
    endNs,
    unitNs,
    rounded: cutTo > 1n,
    rowCount: n,
    barCount,
    openBars: bars.end.some((end) => Number.isNaN(end)),
    templates: texts.templates,
    kinds: kinds.words,
    statuses: statuses.words,
    workers: workers.words,
    pools: pools.words,
    waitKinds: waitKinds.words,
    reasons: reasons.words,
    paths: paths.paths,
    rows: into,
    bars,
    waits,
    usage: { ...used, own },
    bytes:
      [into, bars, waits, used, own]
        .flatMap((columns) => Object.values(columns) as ArrayBufferView[])
        .reduce((sum, { byteLength }) => sum + byteLength, 0) +
      words.reduce((sum, word) => sum + 2 * word.length + 48, 0) +
      texts.templates.reduce((sum, { before, after }) => sum + 2 * (before.length + after.length) + 120, 0) +
      paths.paths.reduce((sum, segments) => sum + segments.reduce((all, segment) => all + 2 * segment.length + 48, 64), 0),
  };
}

function sortByStart(bars: ChartBars): void {
  const from = Float64Array.from(bars.row, (_, bar) => {
    const at = drawnFrom(bars, bar);
    return Number.isNaN(at) ? Number.POSITIVE_INFINITY : at;
  });
  bars.byStart.forEach((_, place) => (bars.byStart[place] = place));
  bars.byStart.sort((a, b) => (from[a] ?? 0) - (from[b] ?? 0) || a - b);
}

function criticalTries(path: readonly Segment[]): Map<string, Set<number>> {
  const tries = new Map<string, Set<number>>();
  for (const { of } of path) {
    if (of === undefined) continue;
    const known = tries.get(of.stepKey);
    if (known === undefined) tries.set(of.stepKey, new Set([of.attempt]));
    else known.add(of.attempt);
  }
  return tries;
}

function openPaths() {
  const paths: (readonly string[])[] = [];
  const places = new Map<string, number>();
  return {
    paths,
    /** -1 where it follows from the parent. */
    add(path: readonly string[], parent: { readonly path: readonly string[]; readonly stepId: string } | undefined): number {
      if (parent === undefined ? path.length === 0 : follows(path, parent)) return -1;
      const name = JSON.stringify(path);
      const known = places.get(name);
      if (known !== undefined) return known;
      places.set(name, paths.length);
      return paths.push(path) - 1;
    },
  };
}

function follows(path: readonly string[], parent: { readonly path: readonly string[]; readonly stepId: string }): boolean {
  const last = path.length - 1;
  return (
    last === parent.path.length && path[last] === parent.stepId && parent.path.every((segment, place) => path[place] === segment)
  );
}
