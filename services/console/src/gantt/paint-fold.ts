import { formatDuration } from '@tmws/duration';
import type { Fold } from '../model/layout.ts';
import { hasFailed } from '../model/status.ts';
import type { Steps } from '../model/steps.ts';
import { type Scale, xOf } from './scene.ts';
import type { ChartTheme } from './theme.ts';

const cells = 1_024;

/** How many of a fold's steps ran when: counted once, drawn at any zoom. */
export interface Density {
  readonly fromNs: number;
  readonly cellNs: number;
  readonly counts: Float32Array;
  readonly most: number;
  readonly bad: boolean;
  readonly label: string;
}

export function densityOf({ rows, bars, statuses }: Steps, fold: Fold, nowNs: number): Density {
  let [fromNs, toNs] = [Infinity, -Infinity];
  for (const row of fold.rows) {
    fromNs = Math.min(fromNs, rows.first[row] ?? Infinity);
    toNs = Math.max(toNs, rows.last[row] ?? -Infinity);
  }
  const counts = new Float32Array(cells + 1);
  if (fromNs > toNs) return { fromNs: 0, cellNs: 1, counts, most: 0, bad: false, label: '' };
  const cellNs = Math.max(1, (toNs - fromNs) / cells);
  const cellOf = (ns: number): number => Math.min(cells - 1, Math.max(0, Math.floor((ns - fromNs) / cellNs)));
  for (const row of fold.rows) {
    for (let bar = rows.firstBar[row] ?? -1; bar >= 0; bar = bars.next[bar] ?? -1) {
      const start = bars.start[bar] ?? NaN;
      if (Number.isNaN(start)) continue;
      const end = bars.end[bar] ?? NaN;
      const [a, b] = [cellOf(start), cellOf(Number.isNaN(end) ? nowNs : end) + 1];
      counts[a] = (counts[a] ?? 0) + 1;
      counts[b] = (counts[b] ?? 0) - 1;
    }
  }
  let most = 0;
  for (let cell = 0; cell < cells; cell++) {
    if (cell > 0) counts[cell] = (counts[cell] ?? 0) + (counts[cell - 1] ?? 0);
    most = Math.max(most, counts[cell] ?? 0);
  }
  const first = fold.rows[0] ?? 0;
  const bad = hasFailed(statuses[rows.status[first] ?? 0] ?? '');
  const longestNs = (rows.last[fold.longest] ?? 0) - (rows.first[fold.longest] ?? 0);
  return { fromNs, cellNs, counts, most, bad, label: longestNs > 0 ? `longest ${formatDuration(longestNs)}` : '' };
}

/** Steps of pale to full: more would not be told apart. */
const shades = 4;

export function paintDensity(
  context: CanvasRenderingContext2D,
  { fromNs, cellNs, counts, most, bad, label }: Density,
  scale: Scale,
  y: number,
  barPx: number,
  theme: ChartTheme,
): void {
  if (most === 0) return;
  const shadeOf = (cell: number): number => Math.ceil(((counts[cell] ?? 0) / most) * shades);
  context.fillStyle = bad ? theme.bad : theme.run;
  let end = 0;
  for (let cell = 0; cell < cells;) {
    const shade = shadeOf(cell);
    let till = cell + 1;
    while (till < cells && shadeOf(till) === shade) till++;
    if (shade > 0) {
      const x = Math.max(-40, xOf(scale, fromNs + cell * cellNs));
      end = Math.min(scale.widthPx + 40, xOf(scale, fromNs + till * cellNs));
      if (end > 0 && x < scale.widthPx) {
        context.globalAlpha = 0.25 + (0.75 * shade) / shades;
        context.fillRect(x, y, Math.max(1.5, end - x), barPx);
      }
    }
    cell = till;
  }
  context.globalAlpha = 1;
  // A frame tells it from one bar.
  const x = Math.max(-40, xOf(scale, fromNs));
  context.strokeStyle = theme.quiet;
  context.lineWidth = 1;
  context.strokeRect(x - 1.5, y - 1.5, Math.max(3, end - x + 3), barPx + 3);
  if (label === '' || end + 110 > scale.widthPx) return;
  context.font = theme.font;
  context.textBaseline = 'middle';
  context.textAlign = 'left';
  context.fillStyle = theme.quiet;
  context.fillText(label, end + 8, y + barPx / 2 + 0.5);
}
