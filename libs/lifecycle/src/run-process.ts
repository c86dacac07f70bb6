import { Problem } from '@tmws/problems';
import type { Lifecycle } from './compose.ts';

/** How long a start that is told to stop may take to come to its end. */
const startGraceMs = 1000;

const signals = [
  ['SIGTERM', 143],
  ['SIGINT', 130],
] as const;

/**
 * A process that serves: starts, stops on SIGTERM or SIGINT (a second signal ends at once), ends with a code.
 * A start that fails says so in one sentence on standard error and ends with 1; one that hangs when the signal comes is left.
 */
export async function runProcess(start: () => Promise<Lifecycle>): Promise<void> {
  let lifecycle: Lifecycle | undefined;
  const state = { asked: false };
  const stop = (): void => void lifecycle?.stop().then(() => process.exit(0));
  for (const [signal, code] of signals) {
    // Before the start, which may print that it is ready a moment before it is over.
    process.on(signal, () => {
      if (state.asked) process.exit(130);
      state.asked = true;
      if (lifecycle === undefined) setTimeout(() => lifecycle ?? process.exit(code), startGraceMs);
      stop();
    });
  }
  try {
    lifecycle = await start();
    if (state.asked) stop();
  } catch (error) {
    fail(error);
  }
}

/** A process that does one thing: ends with 0, or as a start that fails; a signal ends it at once. */
export async function runToEnd(work: () => Promise<void>): Promise<void> {
  // As the first process of a container it would not hear them otherwise.
  for (const [signal, code] of signals) process.on(signal, () => process.exit(code));
  try {
    await work();
    process.exit(0);
  } catch (error) {
    fail(error);
  }
}

function fail(error: unknown): never {
  const known = error instanceof Problem && error.kind !== 'internal';
  process.stderr.write(`${known ? error.message : String(Error.isError(error) ? (error.stack ?? error.message) : error)}\n`);
  process.exit(1);
}
