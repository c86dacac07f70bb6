import type pg from 'pg';
import { inSpan, type Metrics, SpanKind } from '@tmws/telemetry';
import { problemOfPostgres } from './problem-of-postgres.ts';

export type Row = Record<string, unknown>;

/** Something that answers SQL: the database, or one transaction of it. BIGINT comes as bigint, bytea as Buffer. */
export interface Queryable {
  /** @throws Problem `unavailable` or `timeout` when the server is away; driver errors otherwise, with their `code` */
  query<R = Row>(text: string, values?: readonly unknown[]): Promise<R[]>;
}

/** A Postgres, on a server or embedded. Tables are named with their schema; each service has one of its own. */
export interface Database extends Queryable {
  readonly kind: 'postgres' | 'embedded';
  /** Runs `work` in one transaction (READ COMMITTED): all of it is there after the promise, or none. */
  transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** The pool as a Database. */
export function databaseOf(pool: pg.Pool, kind: Database['kind'], metrics: Metrics, afterClose: () => Promise<void>): Database {
  const seconds = metrics.histogram('tmws_postgres_seconds', 'time a database round trip took', ['op']);
  const timed = async <T>(op: string, work: () => Promise<T>): Promise<T> => {
    const end = seconds.startTimer({ op });
    try {
      return await inSpan(`postgres ${op}`, SpanKind.CLIENT, { 'db.system': 'postgresql' }, work);
    } catch (error) {
      throw problemOfPostgres(error);
    } finally {
      end();
    }
  };
  const on = (client: pg.Pool | pg.PoolClient): Queryable => ({
    query: async <R>(text: string, values?: readonly unknown[]) => (await client.query(text, values as unknown[])).rows as R[],
  });
  return {
    kind,
    query: <R>(text: string, values?: readonly unknown[]) => timed('query', () => on(pool).query<R>(text, values)),
    transaction: (work) => timed('transaction', () => transaction(pool, (client) => work(on(client)))),
    async close() {
      await pool.end();
      await afterClose();
    },
  };
}

async function transaction<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    // A connection that cannot even roll back is thrown away.
    await client.query('ROLLBACK').catch((cause: unknown) => (broken = cause as Error));
    throw error;
  } finally {
    client.release(broken);
  }
}
