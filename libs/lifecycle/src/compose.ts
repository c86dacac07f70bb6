// Composition: things are opened top to bottom and closed bottom to top, also when opening fails half-way.
import type { Logger } from '@tmws/telemetry';

export interface Lifecycle {
  /** Closes everything, last opened first. Twice is harmless; a step that fails is named and the rest goes on. */
  stop(): Promise<void>;
}

export interface App {
  /** Registers the closer of something just opened, and gives it back. */
  closing<T extends { close(): Promise<void> | void }>(name: string, opened: T): T;
  onStop(name: string, step: () => Promise<void> | void): void;
}

interface ComposeOptions {
  /** How long stopping may take in all, ms; then what is left is given up. */
  readonly stopBudgetMs: number;
  readonly logger: Logger;
}

/** Runs `wire`; if it throws, closes what it had opened and passes the error on. */
export async function compose(options: ComposeOptions, wire: (app: App) => Promise<void>): Promise<Lifecycle> {
  const steps: { name: string; step: () => Promise<void> | void }[] = [];
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopping ??= stopAll(steps.toReversed(), options));
  const app: App = {
    closing(name, opened) {
      steps.push({ name, step: () => opened.close() });
      return opened;
    },
    onStop(name, step) {
      steps.push({ name, step });
    },
  };
  try {
    await wire(app);
  } catch (error) {
    await stop();
    throw error;
  }
  return { stop };
}

async function stopAll(
  steps: readonly { name: string; step: () => Promise<void> | void }[],
  { stopBudgetMs, logger }: ComposeOptions,
): Promise<void> {
  const deadlineMs = performance.now() + stopBudgetMs;
  for (const { name, step } of steps) {
    const budget = Promise.withResolvers<never>();
    const timer = setTimeout(
      () => budget.reject(new Error('the stop budget is spent')),
      Math.max(0, deadlineMs - performance.now()),
    );
    try {
      await Promise.race([step(), budget.promise]);
    } catch (error) {
      logger.error({ err: error, step: name }, 'a step of stopping failed');
    } finally {
      clearTimeout(timer);
    }
  }
}
