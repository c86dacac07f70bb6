/** How far the work is. */
export interface Progress {
  bytes(count: number): void;
  rows(count: number): void;
}

/** Counts what is reported. */
export function openTally(): Progress & { readonly totals: { bytes: number; rows: number } } {
  const totals = { bytes: 0, rows: 0 };
  return { totals, bytes: (count) => void (totals.bytes += count), rows: (count) => void (totals.rows += count) };
}

/** Numbers of the files of a backup, each once. */
export function nextFile() {
  let last = 0;
  return { next: (): number => ++last };
}
