import { hash } from 'node:crypto';
import type pg from 'pg';
import { Problem } from '@tmws/problems';
import { inSpan, type Metrics, SpanKind } from '@tmws/telemetry';
import { problemOfPostgres } from './problem-of-postgres.ts';

export type Row = Record<string, unknown>;

/** Something that answers SQL: the database, or one transaction of it. BIGINT comes as bigint, bytea as Buffer. */
export interface Queryable {
  /**
   * @throws Problem `unavailable` or `timeout` when the server is away or slow; driver errors otherwise, with their SQLSTATE in `code`.
   *   Inside a transaction a driver's error becomes a Problem when it leaves the transaction.
   */
  query<R = Row>(text: string, values?: readonly unknown[], options?: QueryOptions): Promise<R[]>;
}

export interface QueryOptions {
  /** The server keeps the statement and, once it has seen it a few times, its plan: for what is long, asked often, and always the same text. */
  readonly prepared?: boolean;
}

export interface TransactionOptions {
  /** Statements may take as long as they like: for migrations. */
  readonly unhurried?: boolean;
  /** The work may run several times: it is begun anew when the server broke it off because of a deadlock. */
  readonly again?: boolean;
}

/** A Postgres, on a server or embedded. Tables are named with their schema; each service has one of its own. */
export interface Database extends Queryable {
  readonly kind: 'postgres' | 'embedded';
  /**
   * Runs `work` in one transaction (READ COMMITTED): all of it is there after the promise, or none.
   *
   * `work` asks only its `tx`: the embedded database has one connection, and this transaction holds it.
   *
   * @throws Error also when `work` caught a statement's error and went on: the transaction was lost with that statement
   */
  transaction<T>(work: (tx: Queryable) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /** Answers what was asked before, refuses what is asked from now on. Twice is harmless. */
  close(): Promise<void>;
}

/** A statement on a server ends after this long, by `statement_timeout`. */
export const statementTimeoutMs = 30_000;
// The server's own limit comes first; this one is for a server that does not answer at all.
const answerTimeoutMs = statementTimeoutMs + 10_000;

/** The pool as a Database. */
export function databaseOf(pool: pg.Pool, kind: Database['kind'], metrics: Metrics, afterClose: () => Promise<void>): Database {
  const seconds = metrics.histogram('tmws_postgres_seconds', 'time a database round trip took', ['op']);
  const failures = metrics.counter('tmws_postgres_failures_total', 'database round trips that failed', ['op', 'kind']);
  metrics.gauge('tmws_postgres_pool_connections', 'connections to the database', ['state'], (gauge) => {
    gauge.set({ state: 'busy' }, pool.totalCount - pool.idleCount);
    gauge.set({ state: 'idle' }, pool.idleCount);
  });
  metrics.gauge('tmws_postgres_pool_max_connections', 'connections there may be at once').set(pool.options.max);
  metrics.gauge('tmws_postgres_pool_waiting', 'who waits for a connection', [], (gauge) => gauge.set(pool.waitingCount));
  const running = new Set<Promise<unknown>>();
  let closing: Promise<void> | undefined;

  const timed = async <T>(op: string, work: () => Promise<T>): Promise<T> => {
    const end = seconds.startTimer({ op });
    try {
      return await inSpan(`postgres ${op}`, SpanKind.CLIENT, { 'db.system': 'postgresql' }, work);
    } catch (error) {
      const problem = problemOfPostgres(error);
      failures.inc({ op, kind: problem instanceof Problem ? problem.kind : 'other' });
      throw problem;
    } finally {
      end();
    }
  };
  const whileOpen = async <T>(op: string, work: () => Promise<T>): Promise<T> => {
    if (closing !== undefined) throw new Problem('unavailable', 'the database is closed');
    const one = timed(op, work);
    running.add(one);
    try {
      return await one;
    } finally {
      running.delete(one);
    }
  };
  const close = async (): Promise<void> => {
    // The pool forgets callers that still wait for a connection when it ends.
    while (running.size > 0) await Promise.allSettled(running);
    await pool.end();
    await afterClose();
  };
  return {
    kind,
    query: <R>(text: string, values?: readonly unknown[], options?: QueryOptions) =>
      whileOpen('query', () => queryable(pool, answerTimeoutMs).query<R>(text, values, options)),
    transaction: (work, options) => whileOpen('transaction', () => transactions(pool, work, options)),
    close: () => (closing ??= close()),
  };
}

function queryable(client: pg.Pool | pg.PoolClient, timeoutMs: number | undefined): Queryable {
  return {
    query: async <R>(text: string, values?: readonly unknown[], { prepared = false }: QueryOptions = {}) => {
      const config = {
        text,
        ...(prepared && { name: hash('sha1', text) }),
        ...(values !== undefined && { values: [...values] }),
        query_timeout: timeoutMs,
      };
      return (await client.query(config)).rows as R[];
    },
  };
}

const deadlock = '40P01';
const deadlocksInARow = 5;

async function transactions<T>(
  pool: pg.Pool,
  work: (tx: Queryable) => Promise<T>,
  { again = false, unhurried = false }: TransactionOptions = {},
): Promise<T> {
  for (let left = again ? deadlocksInARow : 0; ; left--) {
    try {
      return await transaction(pool, work, unhurried);
    } catch (error) {
      if (left === 0 || (error as { code?: unknown }).code !== deadlock) throw error;
    }
  }
}

async function transaction<T>(pool: pg.Pool, work: (tx: Queryable) => Promise<T>, unhurried: boolean): Promise<T> {
  const client = await pool.connect();
  // Between two statements nobody else listens, and an 'error' without a listener ends the process; the next statement tells of it.
  const ignore = (): void => undefined;
  client.on('error', ignore);
  const tx = queryable(client, unhurried ? undefined : answerTimeoutMs);
  let broken: Error | undefined;
  try {
    await tx.query('BEGIN');
    if (unhurried) await tx.query('SET LOCAL statement_timeout = 0');
    const result = await work(tx);
    const { command } = await client.query('COMMIT');
    if (command !== 'COMMIT') throw new Error('the transaction was rolled back: a statement in it had failed');
    return result;
  } catch (error) {
    // A connection that cannot even roll back is thrown away.
    await queryable(client, answerTimeoutMs)
      .query('ROLLBACK')
      .catch((cause: unknown) => (broken = cause as Error));
    throw error;
  } finally {
    client.off('error', ignore);
    client.release(broken);
  }
}
