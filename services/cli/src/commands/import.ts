import type { OperationJson } from '@tmws/contracts';
import type { Client } from '../client.ts';
import type { Context } from '../context.ts';
import { exitCodes, Failure, failureText } from '../failure.ts';
import { followOperation } from '../follow-operation.ts';
import { type Column, printList } from '../output.ts';
import { openUpload } from '../upload.ts';

export interface ImportOptions {
  /** Shows the first execution in the browser. */
  readonly open?: boolean;
}

interface Row {
  readonly id: string;
  readonly steps: number;
  readonly reconstructed: boolean;
  readonly format: string;
  readonly file: string;
  readonly page: string;
}

const columns: Column<Row>[] = [
  { title: 'ID', text: ({ id }) => id },
  { title: 'STEPS', text: ({ steps }) => String(steps), align: 'right' },
  { title: 'FORMAT', text: ({ format, reconstructed }) => (reconstructed ? `${format}, reconstructed` : format) },
  { title: 'FILE', text: ({ file }) => file, shrinkTo: 12 },
  { title: 'PAGE', text: ({ page }) => page },
];

/** `tmws import FILE…`: recorded files become executions. @returns 1 when any failed, each named; 130 when interrupted */
export async function importFiles(context: Context, paths: readonly string[], { open = false }: ImportOptions): Promise<number> {
  const { terminal, format } = context;
  const client = context.client();
  const signal = terminal.interrupted();
  const left = (): boolean => signal.aborted;
  const done: { file: string; operation: OperationJson }[] = [];
  const failures: Failure[] = [];
  for (const file of paths) {
    if (left()) break;
    try {
      const operation = await followOperation(client, terminal, await send(client, context, file), signal);
      if (left()) {
        terminal.tell(`interrupted; the import goes on: tmws operation get ${operation.id ?? ''}\n`);
        return exitCodes.interrupted;
      }
      if (operation.status !== 'done') throw failureOf(operation);
      done.push({ file, operation });
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      // Nobody answers: nor will it for the next file.
      if (error.exitCode === exitCodes.unreachable || paths.length === 1) throw error;
      failures.push(error);
      terminal.tell(`${file}: ${failureText(error)}`);
    }
  }
  const rows = done.flatMap((one) => rowsOf(client, one));
  if (format === 'json')
    await terminal.print(
      `${JSON.stringify(
        done.map(({ operation }) => operation),
        null,
        2,
      )}\n`,
    );
  else if (format === 'jsonl') await terminal.print(done.map(({ operation }) => `${JSON.stringify(operation)}\n`).join(''));
  else await printList(context, columns, rows);
  const [first] = rows;
  if (open && first !== undefined && !(await terminal.openBrowser(first.page)))
    terminal.tell(`no browser opened; it is at ${first.page}\n`);
  if (failures.length > 0) terminal.tell(`${failures.length} of ${paths.length} files were not imported\n`);
  return failures.length > 0 ? exitCodes.failed : exitCodes.done;
}

async function send(client: Client, { terminal }: Context, path: string): Promise<OperationJson> {
  const { name, body } = await openUpload(path, terminal.input());
  return await client.upload<OperationJson>('/api/v1/imports', { name }, body);
}

function failureOf({ problem, status = '' }: OperationJson): Failure {
  return Failure.of(
    (problem?.kind ?? 'precondition') as Parameters<typeof Failure.of>[0],
    problem?.detail ?? `the import was ${status}`,
  );
}

function rowsOf(client: Client, { file, operation }: { file: string; operation: OperationJson }): Row[] {
  const { executions = [], format = '' } = operation.result ?? {};
  return executions.map(({ id = '', steps = 0, reconstructed = false }) => ({
    id,
    steps,
    reconstructed,
    format,
    file,
    page: client.pageOf(id),
  }));
}
