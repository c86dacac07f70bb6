export interface Repeated {
  /** Does it no more; waits for the time it is being done. */
  close(): Promise<void>;
}

/**
 * Does something again and again, each time so long after the last has ended.
 *
 * @param failed  told when it throws; it goes on
 */
export function repeatedly(
  work: (signal: AbortSignal) => Promise<unknown>,
  { everyMs, firstMs = everyMs, failed }: { everyMs: number; firstMs?: number; failed: (error: unknown) => void },
): Repeated {
  const closing = new AbortController();
  let running: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  const begin = (): void => {
    running = work(closing.signal)
      .then(() => undefined, failed)
      .finally(() => {
        if (!closing.signal.aborted) timer = setTimeout(begin, everyMs);
      });
  };
  timer = setTimeout(begin, firstMs);
  return {
    async close() {
      closing.abort();
      clearTimeout(timer);
      await running;
    },
  };
}
