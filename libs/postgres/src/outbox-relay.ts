import { setTimeout as delay } from 'node:timers/promises';
import { Problem } from '@tmws/problems';
import type { Logger, Metrics } from '@tmws/telemetry';
import type { Database, Queryable } from './database.ts';
import type { OutboxRecord } from './outbox.ts';

export interface Relay {
  /** Looks at once instead of at the next interval; call it after a commit that enqueued something. */
  wake(): void;
  /** Ends after the batch under way, or without it when the broker does not answer: the next relay sends it again. */
  close(): Promise<void>;
}

interface RelayOptions {
  readonly schema: string;
  /** Resolves when the broker has all records. */
  readonly publish: (records: OutboxRecord[]) => Promise<void>;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly everyMs?: number;
  readonly batchSize?: number;
  /** Between two batches that are not full; 10 unless told. A longer one makes fewer and larger ones. */
  readonly pauseMs?: number;
}

interface StoredRecord {
  readonly id: bigint;
  readonly topic: string;
  readonly key: Buffer | null;
  readonly headers: Record<string, string>;
  readonly value: Buffer | null;
}

const graceMs = 1500;
const countEveryMs = 10_000;
/** A backlog is counted so far and no further: how much more it is tells nothing new. */
const mostCounted = 100_000;

/** Sends the outbox to Kafka: one replica at a time, in order, deleting what the broker has. A failure waits for the next interval. */
export function relayOutbox(db: Database, options: RelayOptions): Relay {
  const { schema, publish, logger, metrics, everyMs = 1000, batchSize = 500, pauseMs = 10 } = options;
  const waiting = metrics.gauge('tmws_outbox_records', 'records that wait for the broker, counted every 10 s up to 100,000', [
    'schema',
  ]);
  const failures = metrics.counter('tmws_outbox_failures_total', 'times the outbox could not be sent', ['schema']);
  failures.inc({ schema }, 0);
  let countAtMs = performance.now();
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let wakes = 0;
  let giveUp: ((problem: Problem) => void) | undefined;

  // The embedded database has one connection, which must not be held while the broker is awaited; it has one relay too.
  const exclusively = <T>(work: (tx: Queryable) => Promise<T>): Promise<T> =>
    db.kind === 'embedded' ? work(db) : db.transaction(work);

  /** What the broker says, or that this relay does not wait for it any longer. */
  const unlessClosed = (answer: Promise<void>): Promise<void> =>
    new Promise((resolve, reject) => {
      giveUp = reject;
      answer.then(resolve, reject);
    });

  const sendOnce = (): Promise<boolean> =>
    exclusively(async (tx) => {
      const [lock] = await tx.query<{ mine: boolean }>(`SELECT pg_try_advisory_xact_lock(hashtext($1)) AS mine`, [
        `${schema}.outbox`,
      ]);
      if (lock?.mine !== true) return false;
      const rows = await tx.query<StoredRecord>(
        `SELECT id, topic, key, headers, value FROM ${schema}.outbox ORDER BY id LIMIT $1`,
        [batchSize],
      );
      if (rows.length === 0) return false;
      await unlessClosed(publish(rows.map(recordOf)));
      await tx.query(`DELETE FROM ${schema}.outbox WHERE id = ANY($1)`, [rows.map(({ id }) => id)]);
      return rows.length === batchSize;
    });

  const count = async (): Promise<void> => {
    if (closed || performance.now() < countAtMs) return;
    countAtMs = performance.now() + countEveryMs;
    const text = `SELECT count(*)::int AS n FROM (SELECT FROM ${schema}.outbox LIMIT ${mostCounted}) AS waiting`;
    const [row] = await db.query<{ n: number }>(text);
    waiting.set({ schema }, row?.n ?? 0);
  };

  const run = async (): Promise<void> => {
    clearTimeout(timer);
    try {
      for (let more = true, seen = wakes; !closed && (more || seen !== wakes);) {
        seen = wakes;
        more = await sendOnce();
        await count();
        // What comes in a moment goes together.
        if (!more && seen !== wakes) await delay(pauseMs);
      }
    } catch (error) {
      if (!closed) {
        failures.inc({ schema });
        logger.warn({ err: error, schema }, 'the outbox could not be sent; it is tried again');
        // The database may be what is away.
        await count().catch(() => undefined);
      }
    }
    running = undefined;
    if (!closed) timer = setTimeout(wake, everyMs);
  };
  const wake = (): void => {
    wakes++;
    if (!closed) running ??= run();
  };
  wake();
  return {
    wake,
    async close() {
      closed = true;
      clearTimeout(timer);
      const grace = setTimeout(() => giveUp?.(new Problem('unavailable', 'the relay is closing')), graceMs);
      await running;
      clearTimeout(grace);
    },
  };
}

const recordOf = ({ topic, key, headers, value }: StoredRecord): OutboxRecord => ({
  topic,
  key: key ?? undefined,
  headers,
  value: value ?? undefined,
});
