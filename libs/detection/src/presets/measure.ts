import { type Entry, placeAfter, placeAt } from '../correlation/windows.ts';
import type { Metric } from './rule.ts';

/** The entries of a stretch of time, both ends in it. */
export function between(entries: readonly Entry[], fromMs: number, toMs: number): readonly Entry[] {
  return entries.slice(placeAt(entries, fromMs), placeAfter(entries, toMs));
}

/** The measure of some entries; undefined of none, where it is no count. */
export function measure(entries: readonly Entry[], { type, percentile = 50 }: Metric): number | undefined {
  if (type === 'value_count') return entries.length;
  if (type === 'cardinality') return new Set(entries.map(({ value }) => value)).size;
  if (entries.length === 0) return undefined;
  const numbers = entries.map(({ value }) => Number(value));
  const sum = numbers.reduce((all, each) => all + each, 0);
  switch (type) {
    case 'sum':
      return sum;
    case 'avg':
      return sum / numbers.length;
    case 'min':
      return numbers.reduce((a, b) => Math.min(a, b));
    case 'max':
      return numbers.reduce((a, b) => Math.max(a, b));
    case 'percentile':
      return percentileOf(numbers, percentile);
  }
}

/** Between the two nearest ranks in proportion. */
function percentileOf(numbers: readonly number[], percent: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const rank = (Math.min(100, percent) / 100) * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(rank)] ?? 0, sorted[Math.ceil(rank)] ?? 0];
  return low + (high - low) * (rank - Math.floor(rank));
}
