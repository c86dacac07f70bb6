/** Time as the broker takes it; a test gives its own. */
export interface Timers {
  /** ms since the epoch. */
  nowMs(): number;
  /** Calls `action` once, `delayMs` from now. @returns how to call it off */
  after(delayMs: number, action: () => void): () => void;
}

/** The machine's clock. A waiting timer does not keep the process alive. */
export const systemTimers: Timers = {
  nowMs: () => Date.now(),
  after(delayMs, action) {
    const timer = setTimeout(action, delayMs).unref();
    return () => clearTimeout(timer);
  },
};
