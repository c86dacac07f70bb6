import type { Chart } from './chart.ts';
import { drawnFrom } from './bar-times.ts';
import type { Inside } from './chart-window.ts';
import type { FoldPlan } from './fold-plan.ts';

/** Bars as they are drawn: each is one bar of the chart, or a run of several too narrow to be told apart. */
export interface DrawnBars {
  /** By drawn row, ascending, then by time. */
  readonly row: Int32Array;
  /** The bar of the chart it is, or the first of the run. */
  readonly bar: Int32Array;
  /** How many bars of the chart. */
  readonly count: Int32Array;
  /** Of a run: from where to where, and how much of that any of its bars covers. Of one bar: as it is drawn. */
  readonly from: Float64Array;
  readonly to: Float64Array;
  readonly covered: Float64Array;
  /** Of a run: one of its bars is open. */
  readonly open: Uint8Array;
  /** By bar of the chart the drawn one it is part of; -1 outside the window. */
  readonly drawnAs: Int32Array;
}

/**
 * Merges bars into runs. O(bars). Only bars of one row, one status and one criticality are merged, so that nothing failed or
 * critical hides in anything else:
 *
 *   R1  in a row of its own, bars narrower than a pixel with less than a pixel between them; wider ones stay as they are
 *   R2  in a fold, bars that overlap or have less than a pixel between them
 *   R3  every bar in the window is in exactly one run, and a run covers nothing that is a pixel or more away from its bars
 *   R4  `covered` is the exact length of the union of its bars
 *
 * @param pixel  in units of the chart; 0 merges nothing
 */
export function mergeBars(chart: Chart, inside: Inside, plan: FoldPlan, ends: Float64Array, pixel: number): DrawnBars {
  const { bars } = chart;
  const runs = openRuns();
  const classes = chart.statuses.length * 2;
  const last = new Int32Array(plan.first.length * classes).fill(-1);
  const runOf = new Int32Array(chart.barCount).fill(-1);
  for (const bar of bars.byStart) {
    if (inside.bars[bar] === 0) continue;
    const row = plan.drawnAs[bars.row[bar] ?? 0] ?? -1;
    const from = drawnFrom(bars, bar);
    const to = ends[bar] ?? from;
    const place = row * classes + (bars.status[bar] ?? 0) * 2 + (bars.critical[bar] ?? 0);
    const run = last[place] ?? -1;
    const fold = (plan.steps[row] ?? 0) > 0;
    const near = run >= 0 && from - (runs.to[run] ?? 0) < pixel;
    const open = Number.isNaN(bars.end[bar] ?? Number.NaN);
    if (near && (fold || (to - from < pixel && runs.narrow[run] === true))) {
      runs.extend(run, from, to, open);
      runOf[bar] = run;
    } else {
      runOf[bar] = last[place] = runs.begin(row, bar, from, to, open, to - from < pixel);
    }
  }
  return inRowOrder(runs, plan.first.length, runOf);
}

/** Each bar as it is, in the chart's order. */
export function everyBar(chart: Chart, inside: Inside, plan: FoldPlan, ends: Float64Array): DrawnBars {
  let n = 0;
  for (let b = 0; b < chart.barCount; b++) n += inside.bars[b] ?? 0;
  const drawn = {
    row: new Int32Array(n),
    bar: new Int32Array(n),
    count: new Int32Array(n).fill(1),
    from: new Float64Array(n),
    to: new Float64Array(n),
    covered: new Float64Array(n),
    open: new Uint8Array(n),
    drawnAs: new Int32Array(chart.barCount).fill(-1),
  };
  let i = 0;
  for (let b = 0; b < chart.barCount; b++) {
    if (inside.bars[b] === 0) continue;
    const [from, to] = [drawnFrom(chart.bars, b), ends[b] ?? 0];
    drawn.row[i] = plan.drawnAs[chart.bars.row[b] ?? 0] ?? -1;
    drawn.bar[i] = b;
    drawn.drawnAs[b] = i;
    drawn.from[i] = from;
    drawn.to[i] = to;
    drawn.covered[i] = to - from;
    drawn.open[i++] = Number.isNaN(chart.bars.end[b]) ? 1 : 0;
  }
  return drawn;
}

function openRuns() {
  const runs = {
    row: [] as number[],
    bar: [] as number[],
    count: [] as number[],
    from: [] as number[],
    to: [] as number[],
    covered: [] as number[],
    open: [] as number[],
    narrow: [] as boolean[],
    begin(row: number, bar: number, from: number, to: number, open: boolean, narrow: boolean): number {
      runs.row.push(row);
      runs.bar.push(bar);
      runs.count.push(1);
      runs.from.push(from);
      runs.to.push(to);
      runs.covered.push(to - from);
      runs.open.push(open ? 1 : 0);
      return runs.narrow.push(narrow) - 1;
    },
    extend(run: number, from: number, to: number, open: boolean): void {
      const reached = runs.to[run] ?? from;
      runs.count[run] = (runs.count[run] ?? 0) + 1;
      if (open) runs.open[run] = 1;
      if (to <= reached) return;
      runs.covered[run] = (runs.covered[run] ?? 0) + to - Math.max(from, reached);
      runs.to[run] = to;
    },
  };
  return runs;
}

/** @param runOf  by bar of the chart its run, which becomes its place in the order */
function inRowOrder(runs: ReturnType<typeof openRuns>, rowCount: number, runOf: Int32Array): DrawnBars {
  const next = new Int32Array(rowCount + 1);
  for (const row of runs.row) next[row + 1] = (next[row + 1] ?? 0) + 1;
  for (let row = 0; row < rowCount; row++) next[row + 1] = (next[row + 1] ?? 0) + (next[row] ?? 0);
  const order = new Int32Array(runs.row.length);
  const places = new Int32Array(runs.row.length);
  runs.row.forEach((row, run) => {
    const at = next[row] ?? 0;
    order[at] = run;
    places[run] = at;
    next[row] = at + 1;
  });
  const ints = (column: readonly number[]): Int32Array => order.map((run) => column[run] ?? 0);
  const floats = (column: readonly number[]): Float64Array => Float64Array.from(order, (run) => column[run] ?? 0);
  return {
    row: ints(runs.row),
    bar: ints(runs.bar),
    count: ints(runs.count),
    from: floats(runs.from),
    to: floats(runs.to),
    covered: floats(runs.covered),
    open: Uint8Array.from(order, (run) => runs.open[run] ?? 0),
    drawnAs: runOf.map((run) => (run < 0 ? -1 : (places[run] ?? -1))),
  };
}
