import type { Logger } from '@tmws/telemetry';
import type { Database, Queryable } from './database.ts';
import type { OutboxRecord } from './outbox.ts';

export interface Relay {
  /** Looks at once instead of at the next interval; call it after a commit that enqueued something. */
  wake(): void;
  /** Ends after the batch under way. */
  close(): Promise<void>;
}

interface RelayOptions {
  readonly schema: string;
  /** Resolves when the broker has all records. */
  readonly publish: (records: OutboxRecord[]) => Promise<void>;
  readonly logger: Logger;
  readonly everyMs?: number;
  readonly batchSize?: number;
}

/** Sends the outbox to Kafka: one replica at a time, in order, deleting what the broker has. A failure waits for the next interval. */
export function relayOutbox(db: Database, options: RelayOptions): Relay {
  const { schema, publish, logger, everyMs = 1000, batchSize = 500 } = options;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let closed = false;

  // The embedded database has one connection, which must not be held while the broker is awaited; it has one relay too.
  const exclusively = <T>(work: (tx: Queryable) => Promise<T>): Promise<T> =>
    db.kind === 'embedded' ? work(db) : db.transaction(work);

  const sendOnce = (): Promise<boolean> =>
    exclusively(async (tx) => {
      const [lock] = await tx.query<{ mine: boolean }>(`SELECT pg_try_advisory_xact_lock(hashtext($1)) AS mine`, [
        `${schema}.outbox`,
      ]);
      if (lock?.mine !== true) return false;
      const rows = await tx.query<{
        id: bigint;
        topic: string;
        key: Buffer | null;
        headers: Record<string, string>;
        value: Buffer | null;
      }>(`SELECT id, topic, key, headers, value FROM ${schema}.outbox ORDER BY id LIMIT $1`, [batchSize]);
      if (rows.length === 0) return false;
      await publish(
        rows.map(({ topic, key, headers, value }) => ({ topic, key: key ?? undefined, headers, value: value ?? undefined })),
      );
      await tx.query(`DELETE FROM ${schema}.outbox WHERE id = ANY($1)`, [rows.map(({ id }) => id)]);
      return rows.length === batchSize;
    });

  const run = async (): Promise<void> => {
    clearTimeout(timer);
    try {
      while (!closed && (await sendOnce()));
    } catch (error) {
      if (!closed) logger.warn({ err: error, schema }, 'the outbox could not be sent; it is tried again');
    }
    running = undefined;
    if (!closed) timer = setTimeout(wake, everyMs);
  };
  const wake = (): void => {
    running ??= closed ? undefined : run();
  };
  wake();
  return {
    wake,
    async close() {
      closed = true;
      clearTimeout(timer);
      await running;
    },
  };
}
