import { type ReadonlySignal, signal } from '@preact/signals';
import type { LiveState } from '../api/live-stream.ts';

/** Following the server, for the whole page: the pill in the top bar shows it, `l` switches it. */
export interface Live {
  /** Streams rest while this is set, and resume after the last event they saw. */
  readonly paused: ReadonlySignal<boolean>;
  /** What the page follows now; undefined on a page that follows nothing. */
  readonly followed: ReadonlySignal<ReadonlySignal<LiveState> | undefined>;
  /** `performance.now()` when what is followed was last known to be as the server has it. */
  readonly freshMs: ReadonlySignal<number>;
  toggle(): void;
  fresh(): void;
  show(state: ReadonlySignal<LiveState> | undefined): void;
}

export function createLive(): Live {
  const paused = signal(false);
  const followed = signal<ReadonlySignal<LiveState> | undefined>(undefined);
  const freshMs = signal(performance.now());
  return {
    paused,
    followed,
    freshMs,
    toggle: () => (paused.value = !paused.value),
    fresh: () => (freshMs.value = performance.now()),
    show: (state) => (followed.value = state),
  };
}
