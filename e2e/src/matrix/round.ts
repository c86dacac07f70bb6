// One round of the crash matrix: alerts are brought to every transition, something goes wrong, the process is killed and started again.
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '@tmws/testkit';
import { type AlertTaker, postAlerts } from '../alert-taker.ts';
import { type Column, leadPath, nameOf, opsPath, type Row } from './cells.ts';
import type { Sink } from './known.ts';

/** By name, when it was accepted, by this process's clock. */
export type Accepted = Map<string, number>;

export interface Stage {
  /** Every alert is posted to all of them. */
  readonly takers: readonly AlertTaker[];
  readonly sinkOf: (column: Column) => Sink;
  readonly rows: readonly Row[];
  readonly perCell: number;
  readonly accepted: Accepted;
}

/** What goes wrong. */
export interface Wrong {
  readonly columns: readonly Column[];
  /** Together with `begin`, and started again at once. */
  readonly killed: readonly AlertTaker[];
  readonly begin: () => Promise<void> | void;
  readonly end: () => Promise<void> | void;
  readonly forMs: number;
  /** It lasts so long after the process is there again: what is wrong with receivers is to be met by it. */
  readonly outlastsStart: boolean;
}

const triesEveryMs = 100;
const patienceMs = 120_000;

export async function playRound({ takers, sinkOf, rows, perCell, accepted }: Stage, wrong: Wrong, round: number): Promise<void> {
  const { columns } = wrong;
  const post = async (alertname: string, cell: Row, column: Column): Promise<boolean> => {
    const taken = await Promise.all(takers.map((taker) => postAlerts(taker, [{ alertname, cell, column }])));
    if (taken.includes(true) && !accepted.has(alertname)) accepted.set(alertname, performance.now());
    return taken.includes(true);
  };
  const all = (row: Row): { name: string; column: Column }[] =>
    rows.includes(row)
      ? columns.flatMap((column) =>
          Array.from({ length: perCell }, (_, i) => ({ name: nameOf({ row, column }, round, i), column })),
        )
      : [];
  const postAll = async (row: Row): Promise<void> => {
    await Promise.all(all(row).map(({ name, column }) => post(name, row, column)));
  };
  const paths = columns
    .flatMap((column) => [
      { sink: sinkOf(column), path: opsPath(column), row: 'receipt' as const },
      { sink: sinkOf(column), path: leadPath(column), row: 'step' as const },
    ])
    .filter(({ row }) => rows.includes(row));

  for (const { sink, path, row } of paths) sink.hold(path, `${row}-`);
  await Promise.all([postAll('step'), postAll('receipt')]);
  await eventually(() => paths.every(({ sink, path }) => sink.held(path) >= perCell), {
    timeoutMs: patienceMs,
  });
  await postAll('wait');
  await postAll('commit');
  const unread = postAll('answer');
  await delay(Math.random() * 4);
  await Promise.all([wrong.begin(), ...wrong.killed.map((taker) => taker.kill())]);
  for (const { sink, path } of paths) sink.letGo(path);
  const started = Promise.all(wrong.killed.map((taker) => taker.start()));
  const over = (wrong.outlastsStart ? started : Promise.resolve()).then(() => delay(wrong.forMs)).then(() => wrong.end());
  const meanwhile = all('meanwhile').map(async ({ name, column }, i, { length }) => {
    await delay((wrong.forMs * i) / length);
    await eventually(() => post(name, 'meanwhile', column), { timeoutMs: patienceMs, everyMs: triesEveryMs });
  });
  await Promise.all([started, over, unread, ...meanwhile]);
}
