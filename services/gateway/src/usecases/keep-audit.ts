import { type Repeated, repeatedly } from '@tmws/lifecycle';
import type { Logger } from '@tmws/telemetry';
import type { Audit } from '../access-ports.ts';

interface Options {
  readonly audit: Pick<Audit, 'dropBefore'>;
  /** How long rows are kept, ms. */
  readonly retentionMs: number;
  /** ms since the epoch. */
  readonly clock: () => number;
  readonly logger: Logger;
}

/** Drops what is older than it is kept, once an hour or, where that is shorter, as often as a row's time goes by. */
export function keepAudit({ audit, retentionMs, clock, logger }: Options): Repeated {
  const drop = async (stopped: AbortSignal): Promise<void> => {
    const beforeNs = BigInt(Math.floor(clock() - retentionMs)) * 1_000_000n;
    for (let dropped = 1; dropped > 0 && !stopped.aborted;) {
      dropped = await audit.dropBefore(beforeNs);
      if (dropped > 0) logger.info({ rows: dropped }, 'rows of the audit are older than they are kept and were dropped');
    }
  };
  return repeatedly(drop, {
    everyMs: Math.min(3_600_000, Math.max(1_000, retentionMs)),
    firstMs: 1_000,
    failed: (error) => logger.warn({ err: error }, 'the audit could not be dropped; it is tried again'),
  });
}
