import { Problem } from '@tmws/problems';
import type { Lifecycle } from './compose.ts';

/**
 * The whole of a `main.ts`: starts, stops on SIGTERM or SIGINT (a second signal ends at once), ends with a code.
 * A start that fails says so in one sentence on standard error and ends with 1.
 */
export async function runProcess(start: () => Promise<Lifecycle>): Promise<void> {
  try {
    const lifecycle = await start();
    let asked = false;
    const stop = (): void => {
      if (asked) process.exit(130);
      asked = true;
      void lifecycle.stop().then(() => process.exit(0));
    };
    process.on('SIGTERM', stop);
    process.on('SIGINT', stop);
  } catch (error) {
    const known = error instanceof Problem && error.kind !== 'internal';
    process.stderr.write(`${known ? error.message : String(Error.isError(error) ? (error.stack ?? error.message) : error)}\n`);
    process.exit(1);
  }
}
