import type { RebuildResponseJson } from '@tmws/contracts';
import type { Context } from '../context.ts';
import { exitCodes, Failure } from '../failure.ts';
import { printObject } from '../output.ts';
import { openProgress } from '../progress.ts';

/** `tmws admin rebuild`: makes the read models anew from the log. @returns 130 when the person said no */
export async function adminRebuild(context: Context, { yes = false }: { yes?: boolean }): Promise<number> {
  const { terminal } = context;
  const client = context.client();
  if (!yes) {
    const answer = await terminal.ask(
      `Throw away the read models of all namespaces at ${client.baseUrl} and make them anew from the log? [y/N] `,
    );
    if (answer === undefined)
      throw Failure.of(
        'invalid',
        'a rebuild throws the read models away first; --yes says that you mean it',
        undefined,
        exitCodes.usage,
      );
    if (!/^y(es)?$/i.test(answer.trim())) {
      terminal.tell('nothing was done\n');
      return exitCodes.interrupted;
    }
  }
  const progress = openProgress(terminal, 'records');
  let last: RebuildResponseJson = {};
  for await (const line of client.postLines<RebuildResponseJson>('/api/v1/admin/rebuild', {})) {
    last = line;
    progress.report(Number(line.done ?? 0), Number(line.total ?? 0));
  }
  progress.end();
  const [done, total] = [Number(last.done ?? 0), Number(last.total ?? 0)];
  if (last.done === undefined || done < total) {
    throw Failure.of(
      'internal',
      `the rebuild broke off after ${done} of ${total} records`,
      'the log of the server says why; a rebuild can be started again',
    );
  }
  for (const { topic = '', partition = 0, fromOffset = '0', toOffset = '0' } of last.gaps ?? []) {
    terminal.tell(
      `gap: ${topic}/${partition} from ${fromOffset} to ${toOffset} is no longer on the log and could not be rebuilt\n`,
    );
  }
  await printObject(context, last, [['rebuilt', `${done} records`]]);
  return exitCodes.done;
}
