// What tries used: told of a bar by the stream, of a row in all, and which part of it is the row's own.
import type { AttemptBarJson } from '@tmws/contracts/timeline';
import { emptyUsage, type Steps } from './steps.ts';

export const measures = ['cpu', 'memory', 'tokens', 'cost'] as const;
export type Measure = (typeof measures)[number];

/** Writes what the stream told of a bar; columns are made with the first bar that used anything. */
export function tellUsage(steps: Steps, bar: number, json: AttemptBarJson['usage']): void {
  if (steps.usage === undefined && json === undefined) return;
  let columns = steps.usage ?? emptyUsage(0);
  if (bar >= columns.cpu.length) {
    const wide = emptyUsage(Math.max(256, 2 * bar));
    for (const measure of measures) wide[measure].set(columns[measure]);
    columns = wide;
  }
  columns.cpu[bar] = amount(json?.cpuSeconds);
  columns.memory[bar] = amount(json?.memoryBytes);
  columns.tokens[bar] = amount(json?.tokens);
  columns.cost[bar] = amount(json?.costUsd);
  steps.usage = columns;
}

function amount(told: number | string | undefined): number {
  const value = Number(told ?? 0);
  return value > 0 && Number.isFinite(value) ? value : 0;
}

/** Of all its tries together: sums, and the greatest memory. */
export function usedBy({ usage, rows, bars }: Steps, row: number): Record<Measure, number> {
  const used = { cpu: 0, memory: 0, tokens: 0, cost: 0 };
  if (usage === undefined) return used;
  for (let bar = rows.firstBar[row] ?? -1; bar >= 0; bar = bars.next[bar] ?? -1) {
    for (const measure of measures) {
      const value = usage[measure][bar] ?? 0;
      used[measure] = measure === 'memory' ? Math.max(used.memory, value) : used[measure] + value;
    }
  }
  return used;
}

/** What any step tells of. */
export function measuresOf({ usage, bars }: Steps): readonly Measure[] {
  if (usage === undefined) return [];
  return measures.filter((measure) => usage[measure].subarray(0, bars.count).some((value) => value > 0));
}

/**
 * By row, which part of what it tells is its own. Engines tell of a step with steps inside either what it used itself or what all
 * of them did; which of both, no convention says. So a step that tells at least as much as those inside it tells of them too, and
 * its own is the rest. Of memory, which does not add up over time, a step has none beside steps inside that tell of theirs.
 */
export function ownParts({ usage, rows, bars }: Steps, measure: Measure): Float64Array {
  const own = new Float64Array(rows.count);
  if (rows.parent.subarray(0, rows.count).every((above) => above < 0)) return own.fill(1);
  const inside = new Float64Array(rows.count);
  const told = usage?.[measure];
  for (let bar = 0; told !== undefined && bar < bars.count; bar++) {
    const row = bars.row[bar] ?? 0;
    own[row] = (own[row] ?? 0) + (told[bar] ?? 0);
  }
  // The stream may tell of a parent after what is inside it: rows are not in order.
  for (const row of innermostFirst(rows.parent, rows.count)) {
    const [itself, within, above] = [own[row] ?? 0, inside[row] ?? 0, rows.parent[row] ?? -1];
    if (above >= 0) inside[above] = (inside[above] ?? 0) + (itself >= within ? itself : itself + within);
    own[row] = measure === 'memory' ? (within > 0 ? 0 : 1) : itself > 0 && itself >= within ? (itself - within) / itself : 1;
  }
  return own;
}

/** Rows in an order in which each comes before its parent. */
function innermostFirst(parent: Int32Array, count: number): Int32Array {
  const left = new Int32Array(count);
  for (let row = 0; row < count; row++) {
    const above = parent[row] ?? -1;
    if (above >= 0) left[above] = (left[above] ?? 0) + 1;
  }
  const order = new Int32Array(count);
  let end = 0;
  for (let row = 0; row < count; row++) if (left[row] === 0) order[end++] = row;
  for (let at = 0; at < end; at++) {
    const above = parent[order[at] ?? 0] ?? -1;
    if (above < 0) continue;
    const still = (left[above] ?? 0) - 1;
    left[above] = still;
    if (still === 0) order[end++] = above;
  }
  return order.subarray(0, end);
}
