// What became of the alerts of each cell, and the table of it.
import { eventually } from '@tmws/testkit';
import { allRows, cellOf, type Column, columns, pathsOf, type Row, rows } from './cells.ts';
import type { Sink } from './known.ts';
import type { Accepted } from './round.ts';

export interface Outcome {
  readonly accepted: number;
  /** Accepted and never told. */
  readonly lost: readonly string[];
  /** Told in more than one message: under different keys, or again without any. */
  readonly doubled: readonly string[];
  /** Told again, by the same key. */
  readonly again: number;
  /** The longest from acceptance to the first time it was told. */
  readonly slowestMs: number | undefined;
}
export type Outcomes = ReadonlyMap<string, Outcome>;
export const keyOf = (row: Row, column: Column): string => `${row} ${column}`;

/** Waits until all are told everywhere and nothing is on its way; or until the time is over: what is not told then was lost. */
export async function settled(
  accepted: Accepted,
  sinkOf: (column: Column) => Sink,
  timeoutMs: number,
  quiet: () => Promise<boolean> = () => Promise.resolve(true),
): Promise<void> {
  const untold = (name: string): boolean => {
    const cell = cellOf(name);
    return pathsOf(cell).some((path) => sinkOf(cell.column).told(path, name).size === 0);
  };
  await eventually(async () => ![...accepted.keys()].some(untold) && (await quiet()), { timeoutMs, everyMs: 100 }).catch(
    () => undefined,
  );
}

export function outcomesOf(accepted: Accepted, sinkOf: (column: Column) => Sink): Outcomes {
  const names = Map.groupBy(accepted.keys(), (name) => keyOf(cellOf(name).row, cellOf(name).column));
  return new Map([...names].map(([key, some]) => [key, outcomeOf(some, accepted, sinkOf)]));
}

function outcomeOf(names: readonly string[], accepted: Accepted, sinkOf: (column: Column) => Sink): Outcome {
  const places = (name: string) => {
    const cell = cellOf(name);
    const sink = sinkOf(cell.column);
    return pathsOf(cell).map((path) => ({ keys: sink.told(path, name), firstMs: sink.firstToldMs(path, name) }));
  };
  const delays = names.flatMap((name) =>
    places(name).flatMap(({ firstMs }) => (firstMs === undefined ? [] : [firstMs - (accepted.get(name) ?? 0)])),
  );
  return {
    accepted: names.length,
    lost: names.filter((name) => places(name).some(({ keys }) => keys.size === 0)),
    doubled: names.filter((name) => places(name).some(({ keys }) => keys.size > 1 || (keys.get('') ?? 0) > 1)),
    again: names.filter((name) => places(name).some(({ keys }) => [...keys].some(([key, times]) => key !== '' && times > 1)))
      .length,
    slowestMs: delays.length === 0 ? undefined : Math.max(0, ...delays),
  };
}

const width = 24;

/** A line for each column: of each row `accepted lost doubled again slowest`. */
export function tableOf(who: string, outcomes: Outcomes, some: readonly Column[]): string[] {
  const cell = (outcome: Outcome | undefined): string => {
    if (outcome === undefined) return '-';
    const { accepted, lost, doubled, again, slowestMs } = outcome;
    return `${accepted} ${lost.length} ${doubled.length} ${again}${slowestMs === undefined ? '' : ` ${(slowestMs / 1000).toFixed(1)} s`}`;
  };
  const line = (first: string, cells: readonly string[]): string =>
    `  ${first.padEnd(28)}${cells.map((each) => each.padEnd(width)).join('')}`.trimEnd();
  return [
    line(
      `${who}: killed when`,
      allRows.map((row) => rows[row]),
    ),
    ...some.map((column) =>
      line(
        columns[column],
        allRows.map((row) => cell(outcomes.get(keyOf(row, column)))),
      ),
    ),
  ];
}
