import { drawnFrom, firstHeard } from './bar-times.ts';
import type { Chart } from './chart.ts';
import { isOpen } from '../timeline.ts';

/** A part of a chart's axis, in its units: what touches `from ≤ t < to` is in it. `asOf` is where open bars end. */
export interface ChartWindow {
  readonly from: number;
  readonly to: number;
  readonly asOf: number;
  /** All of the chart: rows without bars are in it too. */
  readonly whole: boolean;
}

/** Which rows and bars are within a window. A row is in if one of its bars is, or a row under it. */
export interface Inside {
  readonly rows: Uint8Array;
  readonly rowCount: number;
  readonly bars: Uint8Array;
}

/** What lies in a window. O(rows + bars). */
export function insideOf(chart: Chart, window: ChartWindow): Inside {
  const { rowCount, barCount } = chart;
  if (window.whole) return { rows: new Uint8Array(rowCount).fill(1), rowCount, bars: new Uint8Array(barCount).fill(1) };
  const rows = new Uint8Array(rowCount);
  const bars = new Uint8Array(barCount);
  const ends = barEnds(chart, window.asOf);
  for (let bar = 0; bar < barCount; bar++) {
    const begin = firstHeard(chart.bars, bar);
    if (!(begin < window.to && (ends[bar] ?? 0) >= window.from)) continue;
    bars[bar] = 1;
    rows[chart.bars.row[bar] ?? 0] = 1;
  }
  let count = 0;
  for (let row = rowCount - 1; row >= 0; row--) {
    if (rows[row] === 0) continue;
    count++;
    const parent = chart.rows.parent[row] ?? -1;
    if (parent >= 0) rows[parent] = 1;
  }
  return { rows, rowCount: count, bars };
}

/** Where each bar ends; open ones at the instant given, but never before they begin. */
export function barEnds({ bars, barCount, statuses }: Chart, asOf: number): Float64Array {
  const open = statuses.map((status) => isOpen({ status }));
  const ends = new Float64Array(barCount);
  for (let bar = 0; bar < barCount; bar++) {
    const end = bars.end[bar] ?? Number.NaN;
    if (!Number.isNaN(end)) {
      ends[bar] = end;
      continue;
    }
    const from = drawnFrom(bars, bar);
    ends[bar] = open[bars.status[bar] ?? 0] === true && asOf > from ? asOf : from;
  }
  return ends;
}
