// What was taken and may not be sent now goes back to the ledger, many together.
import type { Logger } from '@tmws/telemetry';
import type { LedgerStore, Postponed } from '../ledger-ports.ts';
import type { TakenNotification } from '../ports.ts';

interface GivingBack {
  readonly ledger: Pick<LedgerStore, 'postpone'>;
  readonly logger: Logger;
  /** Some are due again then. */
  readonly given: (dueMs: number) => void;
}

export interface GiveBack {
  /** It waits until then. Where that cannot be written down its lease ends, and it is taken again. */
  put(notification: TakenNotification, dueMs: number): void;
  /** Lets what is being written down finish. */
  close(): Promise<void>;
}

const mostTogether = 500;
/** Whoever holds one holds it for a moment. */
const mostTries = 5;

export function openGiveBack({ ledger, logger, given }: GivingBack): GiveBack {
  const waiting: Postponed[] = [];
  let writing: Promise<void> | undefined;
  const write = async (): Promise<void> => {
    // Those of the same turn go together.
    await Promise.resolve();
    for (let tries = 0; waiting.length > 0 && tries < mostTries;) {
      const some = waiting.splice(0, mostTogether);
      try {
        const held = await ledger.postpone(some);
        const gone = new Set(held);
        const dueMs = some.reduce((least, each) => (gone.has(each) ? least : Math.min(least, each.dueMs)), Infinity);
        if (dueMs < Infinity) given(dueMs);
        if (held.length === 0) continue;
        waiting.push(...held);
        tries++;
      } catch (error) {
        logger.warn({ err: error }, 'messages that may not be sent yet could not be given back; they are taken again later');
      }
    }
    waiting.length = 0;
    writing = undefined;
  };
  return {
    put(notification, dueMs) {
      waiting.push({ notification, dueMs });
      writing ??= write();
    },
    async close() {
      await writing;
    },
  };
}
