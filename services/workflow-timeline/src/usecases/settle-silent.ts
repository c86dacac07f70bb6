import { type Repeated, repeatedly } from '@tmws/lifecycle';
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
export function settleSilent({ store, clock, logger, idleAfterMs, settled }: Settling): Repeated {
  const look = async (): Promise<void> => {
    if ((await store.settleSilent(clock() - idleAfterMs)) > 0) settled();
  };
  return repeatedly(look, {
    everyMs: Math.min(5000, idleAfterMs / 10),
    failed: (error) => logger.debug({ err: error }, 'silent executions cannot be settled; it is tried again'),
  });
}
