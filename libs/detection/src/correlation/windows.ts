// Sliding windows over the events of one group, by event time, never aligned to anything.

/** What is kept of an event. */
export interface Entry {
  readonly timeMs: number;
  /** Which of the correlation's rules it met. */
  readonly rule: number;
  /** What value_count counts, or the number the other value_… types compute from; absent where neither is asked for. */
  readonly value?: string | number;
}

/** Puts an entry in its place by time, after those of the same time. */
export function insert(entries: Entry[], entry: Entry): void {
  entries.splice(placeAfter(entries, entry.timeMs), 0, entry);
}

/** How many entries lie at or before a time. */
export function placeAfter(entries: readonly Pick<Entry, 'timeMs'>[], timeMs: number): number {
  return place(entries, (each) => each <= timeMs);
}

/** How many entries lie before a time. */
export function placeAt(entries: readonly Pick<Entry, 'timeMs'>[], timeMs: number): number {
  return place(entries, (each) => each < timeMs);
}

function place(entries: readonly Pick<Entry, 'timeMs'>[], lies: (timeMs: number) => boolean): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (lies((entries[middle] as Entry).timeMs)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Calls `judge` for each window that ends at an entry and holds the time given: its entries are those from `from` until `to`. Stops
 * at the first that is found good, and gives it.
 */
export function windowWith(
  entries: readonly Entry[],
  timeMs: number,
  spanMs: number,
  judge: (from: number, to: number) => boolean,
): { from: number; to: number } | undefined {
  for (let to = placeAfter(entries, timeMs); to <= entries.length; to += 1) {
    const end = (entries[to - 1] as Entry).timeMs;
    if (end - timeMs > spanMs) return undefined;
    // Of entries with one time the window has all.
    if (entries[to]?.timeMs === end) continue;
    const from = placeAt(entries, end - spanMs);
    if (judge(from, to)) return { from, to };
  }
  return undefined;
}

/**
 * From when to when entries of rules 0 … count − 1 follow one another in this order within the span, the entry given among them;
 * undefined if they do not. Entries of one time may stand in any order.
 */
export function orderedAround(
  entries: readonly Entry[],
  { timeMs, rule }: Entry,
  count: number,
  spanMs: number,
): { fromMs: number; toMs: number } | undefined {
  let [start, end] = [timeMs, timeMs];
  for (let wanted = rule - 1, at = placeAfter(entries, timeMs) - 1; wanted >= 0; wanted -= 1) {
    while (at >= 0 && (entries[at] as Entry).rule !== wanted) at -= 1;
    if (at < 0) return undefined;
    start = (entries[at] as Entry).timeMs;
    at = placeAfter(entries, start) - 1;
  }
  for (let wanted = rule + 1, at = placeAt(entries, timeMs); wanted < count; wanted += 1) {
    while (at < entries.length && (entries[at] as Entry).rule !== wanted) at += 1;
    const found = entries[at];
    if (found === undefined) return undefined;
    end = found.timeMs;
    at = placeAt(entries, end);
  }
  return end - start <= spanMs ? { fromMs: start, toMs: end } : undefined;
}
