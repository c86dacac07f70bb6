import type { Logger } from '@tmws/telemetry';
import type { Clock, ExecutionStore } from '../ports.ts';

interface Settling {
  readonly store: ExecutionStore;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How long an execution told by spans runs on without a word. */
  readonly idleAfterMs: number;
  /** Told when any was settled. */
  readonly settled: () => void;
}

/**
 * Executions that spans tell of and whose root never came are `unknown` once nothing was heard of them for a while: still
 * open, a later span makes them run again. Any replica may do it.
 */
export function settleSilent({ store, clock, logger, idleAfterMs, settled }: Settling) {
  const everyMs = Math.min(5000, idleAfterMs / 10);
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let closed = false;
  const look = async (): Promise<void> => {
    try {
      if ((await store.settleSilent(clock() - idleAfterMs)) > 0) settled();
    } catch (error) {
      logger.debug({ err: error }, 'silent executions cannot be settled at the moment');
    }
    running = undefined;
    if (!closed) timer = setTimeout(begin, everyMs);
  };
  const begin = (): void => {
    running = look();
  };
  timer = setTimeout(begin, everyMs);
  return {
    async close(): Promise<void> {
      closed = true;
      clearTimeout(timer);
      await running;
    },
  };
}
