import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Context } from '../context.ts';
import { Failure } from '../failure.ts';
import { lookAtRun } from '../which-run.ts';

export interface RunSvgOptions {
  /** Absent or `-`: standard output. */
  readonly file?: string;
  readonly width?: number;
  readonly theme?: string;
  /** RFC 3339. */
  readonly from?: string;
  readonly to?: string;
}

/** `tmws run svg ID --file PATH`: the timeline of a run as a picture. */
export async function runSvg(context: Context, reference: string, { file, ...asked }: RunSvgOptions): Promise<void> {
  const { terminal } = context;
  const client = context.client();
  const svg = await lookAtRun(client, reference, (id) =>
    client.getText(`/api/v1/executions/${encodeURIComponent(id)}/timeline.svg`, { ...asked }),
  );
  if (file === undefined || file === '-') return terminal.print(svg);
  try {
    await writeFile(resolve(terminal.cwd, file), svg);
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? 'it failed';
    throw Failure.of(
      'invalid',
      `${JSON.stringify(file)} cannot be written (${why})`,
      '--file names one in a folder that is there',
    );
  }
  terminal.tell(`wrote ${file}\n`);
}
