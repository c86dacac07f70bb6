import type { Logger } from '@tmws/telemetry';
import type { ExecutionStore } from '../ports.ts';

/** Tells watchers that something changed, also when another replica changed it: the store is asked while anyone watches. */
export interface Changes {
  /** A change happened here; watchers look at once. */
  wake(): void;
  waiter(signal: AbortSignal): {
    /** Resolves true when something may have changed since the last call, false when the signal was aborted. */
    next(): Promise<boolean>;
    close(): void;
  };
  close(): void;
}

interface Waiter {
  changed: boolean;
  resolve: (() => void) | undefined;
}

/** @param everyMs  how often the store is asked */
export function openChanges(store: ExecutionStore, logger: Logger, everyMs = 250): Changes {
  const waiters = new Set<Waiter>();
  let latest: bigint | undefined;
  let asking: NodeJS.Timeout | undefined;

  const wake = (): void => {
    for (const waiter of waiters) {
      waiter.changed = true;
      waiter.resolve?.();
    }
  };
  const ask = async (): Promise<void> => {
    try {
      const now = await store.latestRevision();
      if (latest !== undefined && now !== latest) wake();
      latest = now;
    } catch (error) {
      logger.debug({ err: error }, 'changes cannot be asked for at the moment');
    }
    asking = waiters.size > 0 ? setTimeout(() => void ask(), everyMs) : undefined;
  };

  return {
    wake,
    waiter(signal) {
      const waiter: Waiter = { changed: false, resolve: undefined };
      waiters.add(waiter);
      const leave = (): void => waiter.resolve?.();
      signal.addEventListener('abort', leave);
      asking ??= setTimeout(() => void ask(), 0);
      return {
        async next() {
          if (!waiter.changed && !signal.aborted) await new Promise<void>((resolve) => (waiter.resolve = resolve));
          waiter.changed = false;
          waiter.resolve = undefined;
          return !signal.aborted;
        },
        close() {
          waiters.delete(waiter);
          signal.removeEventListener('abort', leave);
        },
      };
    },
    close() {
      clearTimeout(asking);
      for (const waiter of waiters) waiter.resolve?.();
    },
  };
}
