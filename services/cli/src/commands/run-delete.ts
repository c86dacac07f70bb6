import type { ExecutionJson } from '@tmws/contracts';
import type { Context } from '../context.ts';
import { exitCodes, Failure } from '../failure.ts';
import { printObject } from '../output.ts';
import { lookAtRun } from '../which-run.ts';

export interface RunDeleteOptions {
  readonly force?: boolean;
  readonly yes?: boolean;
}

/** `tmws run delete RUN`: takes an execution away. @returns 130 when the person said no */
export async function runDelete(
  context: Context,
  reference: string,
  { force = false, yes = false }: RunDeleteOptions,
): Promise<number> {
  const { terminal } = context;
  const client = context.client();
  const { id = '' } = await lookAtRun(client, reference, (each) =>
    client.get<ExecutionJson>(`/api/v1/executions/${encodeURIComponent(each)}`),
  );
  if (!yes) {
    const answer = await terminal.ask(`Take the run ${id} at ${client.baseUrl} away for good? [y/N] `);
    if (answer === undefined)
      throw Failure.of('invalid', 'a deleted run is gone; --yes says that you mean it', undefined, exitCodes.usage);
    if (!/^y(es)?$/i.test(answer.trim())) {
      terminal.tell('nothing was done\n');
      return exitCodes.interrupted;
    }
  }
  await client.delete(`/api/v1/executions/${encodeURIComponent(id)}`, { ...(force && { force: 'true' }) });
  await printObject(context, { deleted: id }, [['deleted', id]]);
  return exitCodes.done;
}
