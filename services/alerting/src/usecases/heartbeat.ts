// A sign of life for a watchdog outside: it hears of us only while everything between an alert and its receiver works.

/** One part of the chain: why it does not work, or undefined. It may throw too. */
export interface Check {
  readonly name: string;
  readonly ask: () => Promise<string | undefined>;
}

export type Beat = { readonly beat: 'sent' } | { readonly beat: 'withheld' | 'failed'; readonly reason: string };

/**
 * Asks every part, and sends a sign of life if all of them work.
 *
 * @param send  throws when nobody heard it
 */
export function heartbeat({ checks, send }: { checks: readonly Check[]; send: () => Promise<void> }) {
  return async (): Promise<Beat> => {
    for (const { name, ask } of checks) {
      const reason = await ask().catch((error: unknown) => (Error.isError(error) ? error.message : String(error)));
      if (reason !== undefined) return { beat: 'withheld', reason: `${name}: ${reason}` };
    }
    try {
      await send();
    } catch (error) {
      return { beat: 'failed', reason: Error.isError(error) ? error.message : String(error) };
    }
    return { beat: 'sent' };
  };
}

/** Whether events that lie on the log are taken: between two looks a partition where some wait must have moved. */
export function eventsAreTaken(look: () => Promise<{ partition: string; logged: bigint; taken: bigint }[]>): Check['ask'] {
  let before = new Map<string, bigint>();
  return async () => {
    const waiting = (await look()).filter(({ logged, taken }) => logged > taken);
    const stuck = waiting.find(({ partition, taken }) => before.get(partition) === taken);
    before = new Map(waiting.map(({ partition, taken }) => [partition, taken]));
    return stuck === undefined ? undefined : `events wait in ${stuck.partition} and none is taken`;
  };
}

/** Whether the dispatcher keeps up: nothing that is due waits longer than `patienceMs`. */
export function dispatcherKeepsUp(
  nextDueMs: () => Promise<number | undefined>,
  clock: () => number,
  patienceMs: number,
): Check['ask'] {
  return async () => {
    const lateMs = clock() - ((await nextDueMs()) ?? Infinity);
    return lateMs <= patienceMs ? undefined : `what is due waits for ${Math.round(lateMs / 1000)} s`;
  };
}
