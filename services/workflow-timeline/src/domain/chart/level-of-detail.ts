import { type DrawnBars, everyBar, mergeBars } from './bar-runs.ts';
import type { Chart } from './chart.ts';
import { barEnds, type ChartWindow, type Inside, insideOf } from './chart-window.ts';
import { type FoldPlan, planFolds } from './fold-plan.ts';

/** As much of a chart as can be shown, and what was left out for it. */
export interface Detail {
  readonly plan: FoldPlan;
  readonly bars: DrawnBars;
  /** By drawn row how many of the steps it stands for failed (or timed out), and how many are critical. */
  readonly failed: Int32Array;
  readonly critical: Int32Array;
  /** By drawn row the worst status of the steps it stands for. */
  readonly status: Uint8Array;
  /** Steps in the window. */
  readonly steps: number;
  /** Steps that have no row of their own. */
  readonly folded: number;
  /** Bars in the window, and how many of them have no bar of their own. */
  readonly barsInside: number;
  readonly merged: number;
  /** What a pixel is, in units of the chart; 0: nothing was merged. */
  readonly pixel: number;
}

export interface DetailLimits {
  /** Pixels of the axis; 0: all bars and rows as they are. */
  readonly px: number;
  readonly maxRows: number;
  readonly maxBars: number;
}

/**
 * What is shown of a window: rows folded down to `maxRows` (fold-plan.ts), bars merged to what a pixel can show (bar-runs.ts),
 * to two pixels, four and so on where they would be more than `maxBars`. O(rows · log rows + bars).
 *
 *   L1  every step in the window is in exactly one drawn row, every bar in exactly one drawn bar
 *   L2  a failed or critical step is marked in the row and in the bar it is part of
 *   L3  without px nothing is folded or merged
 */
export function detailOf(chart: Chart, window: ChartWindow, { px, maxRows, maxBars }: DetailLimits): Detail {
  const inside = insideOf(chart, window);
  const ends = barEnds(chart, window.asOf);
  const plan =
    px === 0 || inside.rowCount <= maxRows ? everyRow(chart, inside) : planFolds(chart, inside, specialRows(chart), maxRows);
  let pixel = px === 0 ? 0 : pixelOf(chart, window, inside, ends, px);
  let bars = px === 0 ? everyBar(chart, inside, plan, ends) : mergeBars(chart, inside, plan, ends, pixel);
  // Coarser than the window nothing changes any more.
  for (let coarser = px; coarser > 1 && bars.row.length > maxBars; coarser /= 2) {
    pixel *= 2;
    bars = mergeBars(chart, inside, plan, ends, pixel);
  }
  let merged = 0;
  let barsInside = 0;
  for (let i = 0; i < bars.count.length; i++) {
    const count = bars.count[i] ?? 1;
    barsInside += count;
    if (count > 1) merged += count;
  }
  const marks = marksOf(chart, plan);
  const folded = plan.steps.reduce((sum, steps) => sum + steps, 0);
  return { plan, bars, ...marks, steps: inside.rowCount, folded, barsInside, merged, pixel };
}

function everyRow(chart: Chart, inside: Inside): FoldPlan {
  const drawnAs = new Int32Array(chart.rowCount).fill(-1);
  const first = new Int32Array(inside.rowCount);
  let count = 0;
  for (let row = 0; row < chart.rowCount; row++) {
    if (inside.rows[row] === 0) continue;
    first[count] = row;
    drawnAs[row] = count++;
  }
  return { drawnAs, first, steps: new Int32Array(count) };
}

/** The part of the axis that is shown: the window, but no more than where bars are. */
function pixelOf(chart: Chart, window: ChartWindow, inside: Inside, ends: Float64Array, px: number): number {
  let from = window.from;
  let to = window.to;
  if (!Number.isFinite(from) || !Number.isFinite(to)) {
    let least = Number.POSITIVE_INFINITY;
    let most = Number.NEGATIVE_INFINITY;
    const { ready, queued, start } = chart.bars;
    for (let bar = 0; bar < chart.barCount; bar++) {
      if (inside.bars[bar] === 0) continue;
      const end = ends[bar] ?? 0;
      const begin = [ready[bar], queued[bar], start[bar]].find((at) => at !== undefined && !Number.isNaN(at)) ?? end;
      if (begin < least) least = begin;
      if (end > most) most = end;
    }
    if (!Number.isFinite(from)) from = least;
    if (!Number.isFinite(to)) to = most;
  }
  const pixel = (to - from) / px;
  return pixel > 0 && Number.isFinite(pixel) ? pixel : 1;
}

const failedStatuses: ReadonlySet<string> = new Set(['failed', 'timed_out']);

// Of several steps the status that people have to know of: worst last.
const severity: readonly string[] = [
  'planned',
  'completed',
  'skipped',
  'unknown',
  'ready',
  'queued',
  'running',
  'retry_scheduled',
  'paused',
  'cancelled',
  'timed_out',
  'failed',
];

/** Rows with a failed or critical try. */
function specialRows(chart: Chart): Uint8Array {
  const bad = Uint8Array.from(chart.statuses, (status) => (failedStatuses.has(status) ? 1 : 0));
  const special = new Uint8Array(chart.rowCount);
  for (let row = 0; row < chart.rowCount; row++) special[row] = bad[chart.rows.status[row] ?? 0] ?? 0;
  const { row, critical, status } = chart.bars;
  for (let bar = 0; bar < chart.barCount; bar++) {
    if (critical[bar] === 1 || bad[status[bar] ?? 0] === 1) special[row[bar] ?? 0] = 1;
  }
  return special;
}

function marksOf(chart: Chart, { drawnAs, first }: FoldPlan): Pick<Detail, 'failed' | 'critical' | 'status'> {
  const bad = chart.statuses.map((status) => failedStatuses.has(status));
  const rank = chart.statuses.map((status) => severity.indexOf(status));
  const failed = new Int32Array(first.length);
  const critical = new Int32Array(first.length);
  const status = first.reduce((worst, row, drawn) => {
    worst[drawn] = chart.rows.status[row] ?? 0;
    return worst;
  }, new Uint8Array(first.length));
  for (let row = 0; row < chart.rowCount; row++) {
    const drawn = drawnAs[row] ?? -1;
    if (drawn < 0) continue;
    const own = chart.rows.status[row] ?? 0;
    if (bad[own] === true) failed[drawn] = (failed[drawn] ?? 0) + 1;
    if ((rank[own] ?? 0) > (rank[status[drawn] ?? 0] ?? 0)) status[drawn] = own;
    const end = chart.rows.firstBar[row + 1] ?? 0;
    for (let bar = chart.rows.firstBar[row] ?? 0; bar < end; bar++) {
      if (chart.bars.critical[bar] !== 1) continue;
      critical[drawn] = (critical[drawn] ?? 0) + 1;
      break;
    }
  }
  return { failed, critical, status };
}
