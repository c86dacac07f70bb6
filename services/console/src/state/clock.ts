import { type ReadonlySignal, signal } from '@preact/signals';

/** The page's time. `performance.now()` runs on where the wall clock is set back or ahead. */
export interface Clock {
  /** Monotonic ms, a new value each second while the page is seen. */
  readonly seconds: ReadonlySignal<number>;
  /** ms since the epoch, at the same moments. */
  readonly wall: ReadonlySignal<number>;
  nowMs(): number;
}

export function createClock(): Clock {
  const seconds = signal(performance.now());
  const wall = signal(Date.now());
  const tick = (): void => {
    if (document.hidden) return;
    seconds.value = performance.now();
    wall.value = Date.now();
  };
  setInterval(tick, 1_000);
  document.addEventListener('visibilitychange', tick);
  return { seconds, wall, nowMs: () => performance.now() };
}
