import pg from 'pg';
import type { Logger, Metrics } from '@tmws/telemetry';
import { type Database, databaseOf, statementTimeoutMs } from './database.ts';
import { openEmbedded } from './embedded/open-embedded.ts';

export interface DatabaseOptions {
  /** `postgres://…`; absent = the embedded one in `dataDir`. */
  readonly url: string | undefined;
  /** Folder of the embedded database. */
  readonly dataDir: string;
  /** Where the template of new embedded databases is kept. */
  readonly cacheDir: string;
  /** Connections to a server; the embedded one always has one. */
  readonly maxConnections: number;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Opens the store: `pg`'s own Pool over a server, or over PGlite in a worker. A server that is away is found out by the first query. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  if (options.url === undefined) {
    const embedded = await openEmbedded(options);
    const pool = new pg.Pool({
      stream: embedded.connect,
      max: 1,
      idleTimeoutMillis: 0,
      // Not for connecting, which is instant, but for the turn at the one connection.
      connectionTimeoutMillis: 60_000,
      types: bigintTypes,
      user: 'postgres',
      database: 'postgres',
      ssl: false,
    });
    pool.on('error', lost(options.logger));
    return databaseOf(pool, 'embedded', options.metrics, embedded.close);
  }
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.maxConnections,
    types: bigintTypes,
    connectionTimeoutMillis: 5000,
    statement_timeout: statementTimeoutMs,
    idle_in_transaction_session_timeout: 60_000,
    application_name: 'tmws',
    keepAlive: true,
  });
  pool.on('error', lost(options.logger));
  return databaseOf(pool, 'postgres', options.metrics, () => Promise.resolve());
}

/** An idle connection that dies is replaced by the next query; without a listener it would end the process. */
const lost = (logger: Logger) => (error: Error) => logger.warn({ err: error }, 'an idle database connection was lost');

const int8 = 20;
const int8Array = 1016;
const parserOf = pg.types.getTypeParser as (oid: number, format?: string) => unknown;
const textsOf = parserOf(int8Array) as (value: string) => NestedTexts;
const bigintTypes: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: string) => {
    if (oid === int8) return BigInt as never;
    if (oid === int8Array) return ((value: string) => bigints(textsOf(value))) as never;
    return parserOf(oid, format) as never;
  },
};

type NestedTexts = readonly (string | null | NestedTexts)[];

function bigints(texts: NestedTexts): unknown[] {
  return texts.map((text) => (text === null ? null : typeof text === 'string' ? BigInt(text) : bigints(text)));
}
