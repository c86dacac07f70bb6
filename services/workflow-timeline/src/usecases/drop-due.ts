import { type Repeated, repeatedly } from '@tmws/lifecycle';
import type { Logger } from '@tmws/telemetry';
import { dueOf, type RetentionRules } from '../domain/retention.ts';
import type { ImportFiles } from '../import-ports.ts';
import type { Clock, RetentionStore } from '../ports.ts';
import { dropEmptyImports } from './drop-empty-imports.ts';

interface Dropping {
  readonly store: RetentionStore;
  readonly files: Pick<ImportFiles, 'drop'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly defaultDays: number;
  readonly everyMs: number;
}

const portion = 200;

/** The rules in force. */
export async function rulesInForce(store: RetentionStore, defaultDays: number): Promise<RetentionRules> {
  const own = [...(await store.rules())].flatMap(([namespace, { days }]) =>
    days === undefined ? [] : [[namespace, days] as const],
  );
  return { defaultDays, own: new Map(own) };
}

/** Drops what retention no longer keeps, once. Any replica may; two at once do each a part. */
async function dropDue(
  { store, files, clock, logger, defaultDays }: Omit<Dropping, 'everyMs'>,
  signal?: AbortSignal,
): Promise<void> {
  const { days, shares } = dueOf(await store.buckets(), await rulesInForce(store, defaultDays), clock());
  const stopped = (): boolean => signal?.aborted === true;
  let deleted = 0;
  const drain = async (share: (typeof shares)[number], withRows: boolean): Promise<void> => {
    for (let some = portion; some === portion && !stopped();) {
      some = await store.deleteDue(share, { withRows, limit: portion });
      deleted += some;
    }
  };
  for (const share of shares) await drain(share, true);
  const dropped: number[] = [];
  for (const { day, shares: all } of days) {
    for (const share of all) await drain(share, false);
    if (!stopped() && (await store.dropDay(day))) dropped.push(day);
  }
  await dropEmptyImports(store, files);
  if (deleted > 0 || dropped.length > 0)
    logger.info({ executions: deleted, days: dropped }, 'retention dropped what is no longer kept');
}

/** Does so now and then, until closed. */
export function openDropping(options: Dropping): Repeated {
  const { everyMs, logger } = options;
  return repeatedly((signal) => dropDue(options, signal), {
    everyMs,
    firstMs: Math.min(everyMs, 10_000),
    failed: (error) => logger.warn({ err: error }, 'retention could not drop everything; it is tried again'),
  });
}
