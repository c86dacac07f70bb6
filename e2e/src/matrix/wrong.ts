// What goes wrong beside the kill: with receivers, with a server, with the clock.
import { writeFile } from 'node:fs/promises';
import type { AlertSink, Conduct } from '../alert-sink.ts';
import { type Column, leadPath, opsPath, receiverColumns } from './cells.ts';
import type { Wrong } from './round.ts';

type What = Pick<Wrong, 'columns' | 'begin' | 'end' | 'outlastsStart'>;

const conductOf = (column: Column): Conduct => (column === 'none' || column === 'down' ? 'ok' : (column as Conduct));

/** Every receiver in its own way at once. */
export function receiversAreWrong(sinkOf: (column: Column) => AlertSink): What {
  const behave = (conduct: (column: Column) => Conduct): void => {
    for (const column of receiverColumns)
      for (const path of [opsPath(column), leadPath(column)]) sinkOf(column).behave(path, conduct(column));
  };
  return {
    columns: receiverColumns,
    outlastsStart: true,
    begin: async () => {
      behave(conductOf);
      await sinkOf('down').down();
    },
    end: async () => {
      behave(() => 'ok');
      await sinkOf('down').up();
    },
  };
}

export function serverIsKilled(column: Column, server: { kill(): Promise<void>; start(): Promise<void> }): What {
  return { columns: [column], outlastsStart: false, begin: () => server.kill(), end: () => server.start() };
}

/** For good. */
export function clockSteps(column: Column, file: string, toMs: number): What {
  return { columns: [column], outlastsStart: false, begin: () => setClock(file, toMs), end: () => undefined };
}

export const setClock = (file: string, offsetMs: number): Promise<void> => writeFile(file, String(offsetMs));

/** Only the kill, if there is one. */
export const nothing = (...columns: readonly Column[]): What => ({
  columns,
  outlastsStart: false,
  begin: () => undefined,
  end: () => undefined,
});
