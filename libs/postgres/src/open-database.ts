import pg from 'pg';
import type { Logger, Metrics } from '@tmws/telemetry';
import { type Database, databaseOf } from './database.ts';
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
      types: bigintTypes,
      user: 'postgres',
      database: 'postgres',
      ssl: false,
    });
    return databaseOf(pool, 'embedded', options.metrics, embedded.close);
  }
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.maxConnections,
    types: bigintTypes,
    connectionTimeoutMillis: 5000,
    statement_timeout: 30_000,
    idle_in_transaction_session_timeout: 60_000,
    application_name: 'tmws',
    keepAlive: true,
  });
  // An idle connection that dies is replaced by the next query; without a listener it would end the process.
  pool.on('error', (error) => options.logger.warn({ err: error }, 'an idle database connection was lost'));
  return databaseOf(pool, 'postgres', options.metrics, () => Promise.resolve());
}

const int8 = 20;
const parserOf = pg.types.getTypeParser as (oid: number, format?: string) => unknown;
const bigintTypes: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: string) =>
    (oid === int8 ? (value: string) => BigInt(value) : parserOf(oid, format)) as never,
};
