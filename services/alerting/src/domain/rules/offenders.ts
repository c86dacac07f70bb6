// Who does something most, without counting everybody: Space-Saving.
// Metwally, Agrawal, El Abbadi: Efficient Computation of Frequent and Top-k Elements in Data Streams (2005).

/** The key, and how often at most; who does it more often than total / capacity is among them. */
export interface Offender {
  readonly key: string;
  readonly count: number;
}

/**
 * Counts `by` more for the key, keeping at most `capacity` keys.
 *
 *   O1  no count is less than the true one
 *   O2  the counts add up to the total
 */
export function countOffender(known: readonly Offender[], key: string, by: number, capacity: number): Offender[] {
  const own = known.find((one) => one.key === key);
  const rest = known.filter((one) => one.key !== key);
  const least = rest.at(-1);
  const full = own === undefined && known.length >= capacity && least !== undefined;
  const kept = full ? rest.slice(0, -1) : rest;
  const counted = { key, count: (own?.count ?? (full ? least.count : 0)) + by };
  return [...kept, counted].sort((a, b) => b.count - a.count);
}
