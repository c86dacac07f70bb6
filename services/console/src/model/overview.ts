// The whole execution in a fixed number of bins: what the minimap, the tracks and compressed idle time are made of, however many steps there are.
import { hasFailed } from './status.ts';
import type { Steps } from './steps.ts';

export const bins = 2_048;

export interface Overview {
  readonly fromNs: number;
  readonly binNs: number;
  /** How many steps run at once; of those with steps inside only these. Bars that stand for several count once: how many overlap nobody tells. */
  readonly running: Float32Array;
  /** How many wait. */
  readonly waiting: Float32Array;
  readonly failed: Uint8Array;
  readonly critical: Uint8Array;
  readonly mostRunning: number;
}

/** @param nowNs  where open bars end */
export function overviewOf({ rows, bars, statuses, waits }: Steps, fromNs: number, toNs: number, nowNs: number): Overview {
  const binNs = Math.max(1, (toNs - fromNs) / bins);
  const running = new Float32Array(bins + 1);
  const waiting = new Float32Array(bins + 1);
  const failed = new Uint8Array(bins);
  const critical = new Uint8Array(bins);
  const bad = statuses.map(hasFailed);
  const binOf = (ns: number): number => Math.min(bins - 1, Math.max(0, Math.floor((ns - fromNs) / binNs)));
  const add = (into: Float32Array, from: number, to: number, by: number): void => {
    const a = binOf(from);
    // One after the other in a bin is not both at once.
    const b = Math.max(a + 1, binOf(to));
    into[a] = (into[a] ?? 0) + by;
    into[b] = (into[b] ?? 0) - by;
  };
  // A step with steps inside runs by what is inside it.
  const holds = new Uint8Array(rows.count + 1);
  for (let row = 0; row < rows.count; row++) holds[(rows.parent[row] ?? -1) + 1] = 1;
  for (let bar = 0; bar < bars.count; bar++) {
    if (holds[(bars.row[bar] ?? 0) + 1] === 1) continue;
    const start = bars.start[bar] ?? NaN;
    const end = Number.isNaN(bars.end[bar] ?? NaN) ? nowNs : (bars.end[bar] ?? nowNs);
    const ready = Number.isNaN(bars.ready[bar] ?? NaN) ? (bars.queued[bar] ?? NaN) : (bars.ready[bar] ?? NaN);
    if (!Number.isNaN(ready)) add(waiting, ready, Number.isNaN(start) ? end : start, 1);
    if (!Number.isNaN(start)) add(running, start, end, 1);
    for (let wait = bars.firstWait[bar] ?? -1; wait >= 0; wait = waits.next[wait] ?? -1) {
      const to = Number.isNaN(waits.to[wait] ?? NaN) ? end : (waits.to[wait] ?? end);
      const from = waits.from[wait] ?? 0;
      if (to <= from) continue;
      add(waiting, from, to, 1);
      if (from >= start) add(running, from, Math.min(to, end), -1);
    }
    if (bad[bars.status[bar] ?? 0] === true) failed[binOf(end)] = 1;
    if (bars.critical[bar] === 1 && !Number.isNaN(start)) critical.fill(1, binOf(start), binOf(end) + 1);
  }
  let mostRunning = 0;
  for (let bin = 1; bin < bins; bin++) {
    running[bin] = (running[bin] ?? 0) + (running[bin - 1] ?? 0);
    waiting[bin] = (waiting[bin] ?? 0) + (waiting[bin - 1] ?? 0);
  }
  for (let bin = 0; bin < bins; bin++) {
    running[bin] = Math.max(0, running[bin] ?? 0);
    mostRunning = Math.max(mostRunning, running[bin] ?? 0);
  }
  return { fromNs, binNs, running, waiting, failed, critical, mostRunning };
}

/** A stretch of time, and of what, for `compressed`. */
export interface Stretch {
  readonly fromNs: number;
  readonly toNs: number;
}

const leastPart = 0.04;

/** Where nothing runs for at least a twenty-fifth of the whole. The edges lie inward, so that no work is cut. */
export function idleOf({ fromNs, binNs, running }: Overview): Stretch[] {
  const idle: Stretch[] = [];
  let since = -1;
  for (let bin = 0; bin <= bins; bin++) {
    const still = bin < bins && (running[bin] ?? 0) <= 0;
    if (still && since < 0) since = bin;
    if (still || since < 0) continue;
    if (bin - since >= bins * leastPart) idle.push({ fromNs: fromNs + (since + 1) * binNs, toNs: fromNs + (bin - 1) * binNs });
    since = -1;
  }
  return idle;
}
