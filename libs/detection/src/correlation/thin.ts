// What may be forgotten of a group whose rule has only lower bounds, so that its state stays about as large as the bound.
import { type Entry, placeAfter, placeAt } from './windows.ts';

export interface Thinning {
  readonly spanMs: number;
  /** No event will come that is older: windows that end before it are of no interest. */
  readonly oldestMs: number;
  /** How many different ones a window must still hold; one that holds fewer keeps all it has. */
  readonly left: number;
  /** What counts once; absent if each entry counts. */
  readonly same?: ((entry: Entry) => string | number | undefined) | undefined;
}

/**
 * The entries without those that decide nothing.
 *   T1  each window of the span that ends at `oldestMs` or later holds as many different ones as before, or at least `left`
 *   T2  of what counts once, an entry between two others of its kind that lie within one span goes in any case: no window has it alone
 */
export function thinned(entries: readonly Entry[], { spanMs, oldestMs, left, same }: Thinning): Entry[] {
  const kept = same === undefined ? [...entries] : withoutShadowed(entries, spanMs, same);
  if (kept.length <= left) return kept;
  const earliestStart = oldestMs - spanMs;
  for (let at = 0; at < kept.length;) {
    const { timeMs } = kept[at] as Entry;
    if (isSpare(kept, timeMs, Math.max(timeMs - spanMs, earliestStart), spanMs, left, same)) kept.splice(at, 1);
    else at += 1;
  }
  return kept;
}

function withoutShadowed(entries: readonly Entry[], spanMs: number, same: NonNullable<Thinning['same']>): Entry[] {
  const kept: Entry[] = [];
  const before = new Map<string | number | undefined, number[]>();
  for (const entry of entries) {
    const places = before.get(same(entry)) ?? [];
    const [first, middle] = places.slice(-2);
    if (first !== undefined && middle !== undefined && entry.timeMs - (kept[first] as Entry).timeMs <= spanMs) {
      // The middle one is never looked at again: its place is taken by the entry that shadows it.
      kept[middle] = undefined as unknown as Entry;
      places.pop();
    }
    before.set(same(entry), [...places.slice(-1), kept.length]);
    kept.push(entry);
  }
  return kept.filter((entry) => (entry as Entry | undefined) !== undefined);
}

/** Whether every window that holds the time, and begins at `startMs` or later, holds more than `left`. */
function isSpare(
  entries: readonly Entry[],
  timeMs: number,
  startMs: number,
  spanMs: number,
  left: number,
  same: Thinning['same'],
): boolean {
  // A window grows poorer only by moving past an entry: those to look at begin at the start, or right after an entry.
  let from = placeAt(entries, startMs);
  let to = placeAfter(entries, startMs + spanMs);
  while (holdsMore(entries, from, to, left, same)) {
    const begin = (entries[from] as Entry).timeMs;
    if (begin >= timeMs) return true;
    from = placeAfter(entries, begin);
    to = placeAfter(entries, begin + spanMs);
  }
  return false;
}

function holdsMore(entries: readonly Entry[], from: number, to: number, left: number, same: Thinning['same']): boolean {
  if (same === undefined || to - from <= left) return to - from > left;
  const different = new Set<string | number | undefined>();
  for (let at = from; at < to; at += 1) if (different.add(same(entries[at] as Entry)).size > left) return true;
  return false;
}
