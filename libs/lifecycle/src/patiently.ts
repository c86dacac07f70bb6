import { setTimeout as delay } from 'node:timers/promises';
import { Problem, retryable } from '@tmws/problems';
import type { Logger } from '@tmws/telemetry';

/**
 * Does what needs a neighbour that may still be starting: tries again every `everyMs` until it works.
 *
 * @param what  said in the log while it waits: `the database`
 * @param options.signal  no more is tried once it comes
 * @throws what is not "not now", at once; the last of what it was told when the signal comes
 */
export async function patiently<T>(
  what: string,
  logger: Logger,
  work: () => Promise<T>,
  { everyMs = 1000, signal }: { everyMs?: number; signal?: AbortSignal | undefined } = {},
): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Problem && retryable(error.kind)) || signal?.aborted === true) throw error;
      if (tries % 10 === 0) logger.warn({ err: error }, `${what} is away; waiting for it`);
      await delay(everyMs, undefined, { ...(signal !== undefined && { signal }) }).catch(() => undefined);
    }
  }
}
