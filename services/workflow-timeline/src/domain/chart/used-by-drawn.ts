import type { DrawnBars } from './bar-runs.ts';
import { type ChartUsage, summed } from './usage.ts';

/** Usage of drawn bars; `bar` is a place among those. */
export interface UsedByDrawn {
  readonly bar: Int32Array;
  readonly cpu: Float64Array;
  readonly memory: Float64Array;
  readonly tokens: Float64Array;
  readonly cost: Float64Array;
}

/**
 * A bar of its own has what it tells; a run the sums of what is its bars' own, and the greatest memory of one of them.
 *
 * @param ofRow  by bar of the chart its row
 */
export function usedByDrawn(usage: ChartUsage, { drawnAs, count }: DrawnBars, ofRow: Int32Array): UsedByDrawn {
  const n = usage.bar.length === 0 ? 0 : count.length;
  const sums = { cpu: new Float64Array(n), memory: new Float64Array(n), tokens: new Float64Array(n), cost: new Float64Array(n) };
  const has = new Uint8Array(n);
  usage.bar.forEach((bar, i) => {
    const drawn = drawnAs[bar] ?? -1;
    if (drawn < 0) return;
    has[drawn] = 1;
    const row = ofRow[bar] ?? 0;
    const run = (count[drawn] ?? 1) > 1;
    for (const of of summed) {
      const own = run ? (usage.own[of][row] ?? 1) : 1;
      sums[of][drawn] = (sums[of][drawn] ?? 0) + (usage[of][i] ?? 0) * own;
    }
    sums.memory[drawn] = Math.max(sums.memory[drawn] ?? 0, usage.memory[i] ?? 0);
  });
  const places: number[] = [];
  has.forEach((any, drawn) => any === 1 && places.push(drawn));
  const pick = (column: Float64Array): Float64Array => Float64Array.from(places, (drawn) => Math.round(column[drawn] ?? 0));
  return {
    bar: Int32Array.from(places),
    cpu: pick(sums.cpu),
    memory: pick(sums.memory),
    tokens: pick(sums.tokens),
    cost: pick(sums.cost),
  };
}
