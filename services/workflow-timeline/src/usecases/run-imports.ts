import { Problem, retryable } from '@tmws/problems';
import type { Logger } from '@tmws/telemetry';
import type { ImportFiles, Operation, Operations } from '../import-ports.ts';
import type { Clock } from '../ports.ts';
import type { ImportEnd, ImportTask } from './import-file.ts';

interface Running {
  readonly files: ImportFiles;
  readonly operations: Operations;
  readonly importFile: (task: ImportTask, signal: AbortSignal) => Promise<ImportEnd>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** This process among those that share the store. */
  readonly owner: string;
  /** No other process has this store: whatever is said to be under way is not. */
  readonly alone: boolean;
  /** Told when an operation begins or ends. */
  readonly changed: () => void;
}

const retryAfterMs = 1000;
// How often a replica looks for work that others left.
const lookEveryMs = 5000;

/**
 * Imports what is queued, one file at a time, and first of all what is kept and was not imported to its end: after a crash,
 * or with a store that is new. A store that is away is waited for.
 */
export function runImports({ files, operations, importFile, clock, logger, owner, alone, changed }: Running) {
  const closing = new AbortController();
  const bell: { rung: boolean; ring: (() => void) | undefined } = { rung: false, ring: undefined };
  const wake = (): void => {
    bell.rung = true;
    bell.ring?.();
  };

  // Asked anew each time: it may change during any wait.
  const nothingNew = (): boolean => !bell.rung;
  const stopping = (): boolean => closing.signal.aborted;

  const takeUp = async (): Promise<void> => {
    if (alone) await operations.release(undefined);
    for (const file of await files.list()) {
      const operation = await operations.find(file.namespace, file.id);
      if (operation === undefined) await operations.enqueue(file, true);
      else if ((operation.status === 'failed' || operation.status === 'cancelled') && !operation.again) await files.drop(file.id);
    }
  };

  const end = async (operation: Operation, status: 'failed' | 'cancelled', problem?: Problem): Promise<void> => {
    // Before the end is told: then the same file may be given again.
    if (!operation.again) await files.drop(operation.id);
    await operations.end(owner, operation.id, status, clock(), problem);
  };

  const work = async (operation: Operation): Promise<void> => {
    const about = { import: operation.id, namespace: operation.namespace };
    changed();
    try {
      const how: ImportEnd = operation.cancelling
        ? 'cancelled'
        : await importFile({ claim: { owner, id: operation.id }, again: operation.again }, closing.signal);
      if (how === 'cancelled') await end(operation, how);
      logger.info(about, `an import is ${how}`);
    } catch (error) {
      const problem = Problem.from(error);
      if (stopping() || retryable(problem.kind)) throw error;
      if (problem.kind === 'internal') logger.error({ ...about, err: error }, 'an import failed');
      else logger.warn({ ...about, reason: problem.message }, 'an import failed');
      await end(operation, 'failed', problem);
    }
    changed();
  };

  const run = async (): Promise<void> => {
    let tookUp = false;
    while (!stopping()) {
      bell.rung = false;
      try {
        if (!tookUp) await takeUp();
        tookUp = true;
        const operation = await operations.claim(owner, clock());
        if (operation !== undefined) await work(operation);
        else if (nothingNew()) await pause(alone ? undefined : lookEveryMs);
      } catch (error) {
        if (stopping()) break;
        logger.warn({ err: error }, 'imports wait for the store');
        await operations.release(owner).catch(() => undefined);
        await pause(retryAfterMs);
      }
    }
    await operations.release(owner).catch(() => undefined);
  };

  /** Until it is woken, or stops; at most `ms`. */
  const pause = async (ms: number | undefined): Promise<void> => {
    if (stopping()) return;
    await new Promise<void>((resolve) => {
      const leave = (): void => {
        clearTimeout(timer);
        closing.signal.removeEventListener('abort', leave);
        bell.ring = undefined;
        resolve();
      };
      const timer = ms === undefined ? undefined : setTimeout(leave, ms);
      closing.signal.addEventListener('abort', leave, { once: true });
      bell.ring = leave;
    });
  };

  const running = run();
  return {
    /** Something was queued. */
    wake,
    async close(): Promise<void> {
      closing.abort();
      await running;
    },
  };
}
