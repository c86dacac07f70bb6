import type { Usage } from '../fact.ts';
import type { TimelineRow } from '../timeline.ts';

/** What bars used, of those that tell it, ascending. Integers: µs of CPU, KiB of memory, tokens, 10⁻⁹ USD. */
export interface ChartUsage {
  readonly bar: Int32Array;
  readonly cpu: Float64Array;
  readonly memory: Float64Array;
  readonly tokens: Float64Array;
  readonly cost: Float64Array;
  /** By row, which part of its CPU, tokens and cost no step inside it tells as well. */
  readonly own: Readonly<Record<Summed, Float64Array>>;
}

/** What adds up from bar to bar; memory does not. */
export const summed = ['cpu', 'tokens', 'cost'] as const;
type Summed = (typeof summed)[number];
type Used = Record<Summed | 'memory', number>;

/**
 * What the bars of rows tell. Engines tell of a step with steps inside either what it used itself or what all of them did;
 * which of both, no convention says.
 *
 *   U1  a step that tells at least as much as the steps inside it together tells of those too: its own is the rest
 *   U2  one that tells less tells of itself only
 */
export function usageOf(rows: readonly TimelineRow[], parent: Int32Array): ChartUsage {
  const bars: number[] = [];
  const ofRow: number[] = [];
  const told: Used[] = [];
  let bar = 0;
  rows.forEach((row, r) => {
    for (const { usage } of row.bars) {
      const used = usage === undefined ? undefined : inUnits(usage);
      if (used !== undefined) {
        bars.push(bar);
        ofRow.push(r);
        told.push(used);
      }
      bar++;
    }
  });
  const column = (of: keyof Used): Float64Array => Float64Array.from(told, (used) => used[of]);
  const ownOf = (of: Summed): Float64Array => (told.length === 0 ? none : ownParts(column(of), ofRow, parent));
  return {
    bar: Int32Array.from(bars),
    cpu: column('cpu'),
    memory: column('memory'),
    tokens: column('tokens'),
    cost: column('cost'),
    own: { cpu: ownOf('cpu'), tokens: ownOf('tokens'), cost: ownOf('cost') },
  };
}

const none = new Float64Array(0);

/** Absent where it comes to nothing. What is no amount counts as nothing, what is too great for exact numbers as the greatest. */
function inUnits({ cpuSeconds, memoryBytes, tokens, costUsd }: Usage): Used | undefined {
  const amount = (value: number): number => (value > 0 ? Math.min(Number.MAX_SAFE_INTEGER, value) : 0);
  const used = {
    cpu: amount(Math.round(cpuSeconds * 1e6)),
    memory: amount(Math.ceil(Number(memoryBytes) / 1024)),
    tokens: amount(Number(tokens)),
    cost: amount(Math.round(costUsd * 1e9)),
  };
  return used.cpu + used.memory + used.tokens + used.cost > 0 ? used : undefined;
}

/** Parents are above what is inside them. */
function ownParts(told: Float64Array, rows: readonly number[], parent: Int32Array): Float64Array {
  const own = new Float64Array(parent.length);
  const inside = new Float64Array(parent.length);
  told.forEach((value, i) => (own[rows[i] ?? 0] = (own[rows[i] ?? 0] ?? 0) + value));
  for (let row = parent.length - 1; row >= 0; row--) {
    const [itself, within, above] = [own[row] ?? 0, inside[row] ?? 0, parent[row] ?? -1];
    if (above >= 0) inside[above] = (inside[above] ?? 0) + (itself >= within ? itself : itself + within);
    own[row] = itself > 0 && itself >= within ? (itself - within) / itself : 1;
  }
  return own;
}
