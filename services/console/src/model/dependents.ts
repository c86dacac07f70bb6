import { eachDependency, type Steps } from './steps.ts';

/** Which rows waited for a row. Made once, for all rows, when the first is asked for; rows of the stream are looked through. */
export function dependentsOf(steps: Steps): (row: number) => number[] {
  let known: { from: Int32Array; rows: Int32Array } | undefined;
  return (row) => {
    const { from, rows } = (known ??= turnedRound(steps));
    const found = row < 0 || row + 1 >= from.length ? [] : [...rows.subarray(from[row], from[row + 1])];
    for (const later of steps.laterDepends.keys()) {
      eachDependency(steps, later, (on) => {
        if (on === row && !found.includes(later)) found.push(later);
      });
    }
    return found;
  };
}

/** What the columns tell of dependencies, by what was waited for. */
function turnedRound(steps: Steps): { from: Int32Array; rows: Int32Array } {
  const n = steps.dependsFrom.length - 1;
  const from = new Int32Array(steps.rows.count + 2);
  for (const on of steps.dependsOn) from[on + 2] = (from[on + 2] ?? 0) + 1;
  for (let row = 2; row < from.length; row++) from[row] = (from[row] ?? 0) + (from[row - 1] ?? 0);
  const rows = new Int32Array(steps.dependsOn.length);
  for (let row = 0; row < n; row++) {
    for (let at = steps.dependsFrom[row] ?? 0; at < (steps.dependsFrom[row + 1] ?? 0); at++) {
      const on = steps.dependsOn[at] ?? 0;
      const to = from[on + 1] ?? 0;
      rows[to] = row;
      from[on + 1] = to + 1;
    }
  }
  return { from, rows };
}
