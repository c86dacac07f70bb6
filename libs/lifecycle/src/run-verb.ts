// What a program is asked for by its first argument. Light on purpose: `ready` is asked every few seconds, so what serving needs is loaded
// by `serve` and `migrate` themselves.
import { Problem } from '@tmws/problems';
import { askReady } from './ask-ready.ts';
import type { Lifecycle } from './compose.ts';
import { runProcess, runToEnd } from './run-process.ts';

interface Verbs {
  /** Without an argument. */
  readonly serve: () => Promise<Lifecycle>;
  readonly migrate?: () => Promise<void>;
}

/**
 * The whole of a `main.ts`: without an argument it serves until it is told to stop; `ready` asks the process that serves here, `migrate` makes
 * what is to be there first, and both end with 0, or with 1 and a sentence.
 */
export async function runVerb(owner: string, { serve, migrate }: Verbs): Promise<void> {
  const args = process.argv.slice(2);
  const [verb] = args;
  if (verb === undefined) await runProcess(serve);
  else if (args.length === 1 && verb === 'ready') await runToEnd(() => askReady(owner, process.env));
  else if (args.length === 1 && verb === 'migrate' && migrate !== undefined) await runToEnd(migrate);
  else {
    const allowed = migrate === undefined ? '`ready`' : '`migrate` or `ready`';
    const said = JSON.stringify(args.join(' '));
    await runToEnd(() =>
      Promise.reject(new Problem('invalid', `${owner} takes no argument, to serve, or ${allowed} alone (got ${said})`)),
    );
  }
}
