import type { Layout } from '../model/layout.ts';

/** The entry that shows in `next` what entry `at` shows in `before`; -1: none does. Of a fold it is the fold, also where another is its first now. */
export function entryAfter(before: Layout, next: Layout, at: number): number {
  const row = before.row[at];
  if (row === undefined || at >= before.count) return -1;
  const fold = before.folds[before.fold[at] ?? -1];
  const entry = next.entryOf[row] ?? -1;
  if (fold === undefined || entry < 0) return entry;
  for (let above = entry; above >= 0; above--) if (next.folds[next.fold[above] ?? -1]?.key === fold.key) return above;
  return entry;
}
