// Which step to look at: the first failure, the next one, the longest on the critical path.
import { hasFailed } from './status.ts';
import type { Steps } from './steps.ts';

/** Rows that failed and stayed failed, in order of their last instants; not those that failed only because a step under them did. */
export function failuresOf(steps: Steps): number[] {
  const { rows, statuses } = steps;
  const bad = statuses.map(hasFailed);
  const failed: number[] = [];
  for (let row = 0; row < rows.count; row++) if (bad[rows.status[row] ?? 0] === true) failed.push(row);
  const blamed = new Set(failed.map((row) => rows.parent[row] ?? -1));
  return failed.filter((row) => !blamed.has(row)).sort((a, b) => (rows.last[a] ?? 0) - (rows.last[b] ?? 0) || a - b);
}

/** The failure after (or before) the chosen row, round and round. */
export function failureBeside(failures: readonly number[], chosen: number, by: 1 | -1): number | undefined {
  if (failures.length === 0) return undefined;
  const at = failures.indexOf(chosen);
  if (at < 0) return failures[by === 1 ? 0 : failures.length - 1];
  return failures[(at + by + failures.length) % failures.length];
}

/** The row whose own try on the critical path ran longest; of those with nothing under them where there is such. @param of  which rows are meant */
export function longestCritical({ rows, bars }: Steps, of: (row: number) => boolean = () => true): number | undefined {
  const isParent = new Set<number>();
  for (let row = 0; row < rows.count; row++) if (rows.critical[row] === 1) isParent.add(rows.parent[row] ?? -1);
  let longest: number | undefined;
  let most = -1;
  for (let bar = 0; bar < bars.count; bar++) {
    const row = bars.row[bar] ?? 0;
    if (bars.critical[bar] !== 1 || isParent.has(row) || !of(row)) continue;
    const took = (bars.end[bar] ?? NaN) - (bars.start[bar] ?? NaN);
    if (took > most) [longest, most] = [row, took];
  }
  return longest;
}
