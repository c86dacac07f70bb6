export type ManualClock = {
  /** Milliseconds since the epoch, as the test last set them. */
  now(): number;
  /** Moves the clock by `ms`; a negative number steps it back, as a corrected system clock does. */
  advance(ms: number): void;
};

/** A clock that stands still until the test moves it. */
export function manualClock(startMs: number): ManualClock {
  let nowMs = startMs;
  return {
    now: () => nowMs,
    advance: (ms) => {
      nowMs += ms;
    },
  };
}
