import { Problem } from '@tmws/problems';

/**
 * How often an open stream asks whether its credential is still good, ms. With what the authenticator remembers (5 s) a stream ends at most
 * 10 s after its credential.
 */
export const lookAgainMs = 5_000;

interface Options {
  readonly everyMs: number;
  /** When there is nothing to watch for any more. */
  readonly over: AbortSignal;
  /** Called once, with what was said. */
  readonly ended: (problem: Problem) => void;
}

/** Looks again and again whether who was let in would be known still. That nobody can say at the moment ends nothing. */
export function watchCredential(look: () => Promise<unknown>, { everyMs, over, ended }: Options): void {
  if (over.aborted) return;
  const again = async (): Promise<void> => {
    try {
      await look();
    } catch (error) {
      // `limited`: it is not good, and too many that are not have come from there.
      const gone = error instanceof Problem && (error.kind === 'unauthenticated' || error.kind === 'limited');
      if (gone && !over.aborted) return ended(error);
    }
    if (!over.aborted) timer = setTimeout(() => void again(), everyMs);
  };
  let timer = setTimeout(() => void again(), everyMs);
  over.addEventListener('abort', () => clearTimeout(timer), { once: true });
}
