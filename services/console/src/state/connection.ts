import { batch, type ReadonlySignal, signal } from '@preact/signals';

/** Whether the server answers, and since when what is shown may be old. */
export interface Connection {
  readonly reachable: ReadonlySignal<boolean>;
  /** The device says that it has a network. */
  readonly online: ReadonlySignal<boolean>;
  /** `performance.now()` of the last sign of the server. */
  readonly heardMs: ReadonlySignal<number>;
  /** It answered, whatever it said. */
  heard(): void;
  /** No answer came. */
  missed(): void;
}

export function createConnection(): Connection {
  const reachable = signal(true);
  const online = signal(navigator.onLine);
  const heardMs = signal(performance.now());
  addEventListener('online', () => (online.value = true));
  addEventListener('offline', () => (online.value = false));
  return {
    reachable,
    online,
    heardMs,
    heard: () =>
      batch(() => {
        reachable.value = true;
        heardMs.value = performance.now();
      }),
    missed: () => (reachable.value = false),
  };
}
