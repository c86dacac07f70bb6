import type { Refusals } from '@tmws/auth';
import { type Repeated, repeatedly } from '@tmws/lifecycle';
import type { Logger } from '@tmws/telemetry';
import type { Audit } from '../access-ports.ts';

interface Options {
  readonly refusals: Refusals;
  readonly audit: Pick<Audit, 'record'>;
  readonly logger: Logger;
}

/** Stores what was counted, soon after its minute is over, and all of it at the end. */
export function tellCounted({ refusals, audit, logger }: Options): Repeated {
  const tell = async (all: boolean): Promise<void> => {
    const counts = refusals.counted(all);
    const stored = await Promise.allSettled(counts.map((count) => audit.record(count)));
    for (const [n, { status }] of stored.entries()) {
      const count = counts[n];
      if (status === 'rejected' && count !== undefined) refusals.keep(count);
    }
    const lost = stored.find(({ status }) => status === 'rejected');
    if (lost?.status === 'rejected') throw lost.reason;
  };
  const failed = (error: unknown): void =>
    logger.warn({ err: error }, 'counted refusals could not be stored in the audit; it is tried again');
  const telling = repeatedly(() => tell(false), { everyMs: 1_000, failed });
  return {
    async close() {
      await telling.close();
      await tell(true).catch(failed);
    },
  };
}
