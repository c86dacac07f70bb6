import type { Operation } from '../import-ports.ts';
import { hasEnded } from './operations.ts';

/** Tells who waits here that an operation changed, before they would ask for themselves. */
export interface OperationBell {
  ring(): void;
  /** Resolves at the next ring, after `ms`, or when the signal aborts. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

export function openBell(): OperationBell {
  const waiting = new Set<() => void>();
  return {
    ring() {
      for (const leave of waiting) leave();
    },
    async wait(ms, signal) {
      if (signal.aborted) return;
      await new Promise<void>((resolve) => {
        const leave = (): void => {
          clearTimeout(timer);
          signal.removeEventListener('abort', leave);
          waiting.delete(leave);
          resolve();
        };
        const timer = setTimeout(leave, ms);
        signal.addEventListener('abort', leave, { once: true });
        waiting.add(leave);
      });
    },
  };
}

/** An operation now and whenever it changes, until it has ended or the signal aborts. Another replica's work is asked for each `everyMs`. */
export function watchOperation(get: (namespace: string, id: string) => Promise<Operation>, bell: OperationBell, everyMs: number) {
  return async function* (namespace: string, id: string, signal: AbortSignal): AsyncIterable<Operation> {
    let told = '';
    while (!signal.aborted) {
      const rung = bell.wait(everyMs, signal);
      const operation = await get(namespace, id);
      const text = JSON.stringify([operation.status, operation.done, operation.total, operation.cancelling]);
      if (text !== told) yield operation;
      told = text;
      if (hasEnded(operation)) return;
      await rung;
    }
  };
}
