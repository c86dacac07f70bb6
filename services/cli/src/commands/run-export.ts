import { open, rename, rm } from 'node:fs/promises';
import type { Context } from '../context.ts';
import { Failure } from '../failure.ts';

export interface RunExportOptions {
  readonly workflow?: string;
  readonly status?: string;
  readonly query?: string;
  readonly format: 'jsonl' | 'csv';
  readonly file?: string;
}

/** `tmws run export`: all runs that match, as they come. A file is there under its name when it is whole. */
export async function runExport(context: Context, { workflow, status, query, format, file }: RunExportOptions): Promise<void> {
  const pieces = context.client().getPieces('/api/v1/executions/export', { format, workflow, status, q: query });
  if (file === undefined) {
    for await (const piece of pieces) await context.terminal.print(piece);
    return;
  }
  // The first piece, so that a refused query leaves no file.
  const first = await pieces.next();
  const part = `${file}.part`;
  const handle = await open(part, 'w').catch((error: unknown) => {
    throw Failure.of('invalid', `--file ${file} cannot be written: ${Error.isError(error) ? error.message : ''}`);
  });
  try {
    for (let next = first; next.done !== true; next = await pieces.next()) await handle.write(next.value);
    await handle.close();
    await rename(part, file);
  } catch (error) {
    await handle.close().catch(() => undefined);
    await rm(part, { force: true });
    throw error;
  }
}
