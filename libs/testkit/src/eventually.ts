import { setTimeout as after } from 'node:timers/promises';

export type EventuallyOptions = {
  /** Give up after this long, 10 s by default. */
  readonly timeoutMs?: number;
  /** Pause between two looks, 20 ms by default. */
  readonly everyMs?: number;
};

/**
 * Looks again and again until `check` holds. It does not hold yet while it throws or answers `false` or `null`;
 * so a check may be a condition, a look for something, or assertions that return nothing.
 *
 * @returns what `check` answered
 * @throws  when the time is over: the last error of `check`, or one that says what it answered
 */
export async function eventually<T>(
  check: () => T | Promise<T>,
  { timeoutMs = 10_000, everyMs = 20 }: EventuallyOptions = {},
): Promise<Exclude<T, false | null>> {
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    let miss: unknown;
    try {
      const answer = await check();
      if (answer !== false && answer !== null) return answer as Exclude<T, false | null>;
      miss = new Error(`the condition still answered ${String(answer)} after ${timeoutMs} ms: ${check.toString().slice(0, 200)}`);
    } catch (error) {
      miss = error;
    }
    if (performance.now() + everyMs > deadlineMs) throw miss;
    await after(everyMs);
  }
}
