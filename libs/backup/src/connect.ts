import { Problem } from '@tmws/problems';
import pg from 'pg';

/** As which backups show in pg_stat_activity; services are `tmws`. */
const ownName = 'tmws-backup';
export const serviceName = 'tmws';

/**
 * One connection whose texts do not depend on the server's settings.
 *
 * @throws Problem `unavailable` when the database cannot be reached
 */
export async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    application_name: ownName,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
  });
  // A connection that dies fails the statement under way; without a listener it would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    for (const setting of fixed) await client.query(`SET ${setting}`);
  } catch (cause) {
    await client.end().catch(() => undefined);
    throw new Problem('unavailable', `the database of TMWS_DATABASE_URL cannot be reached: ${(cause as Error).message}`, {
      cause,
    });
  }
  return client;
}

const fixed = [
  "client_encoding = 'UTF8'",
  "datestyle = 'ISO, YMD'",
  "intervalstyle = 'postgres'",
  "timezone = 'UTC'",
  'extra_float_digits = 1',
  "bytea_output = 'hex'",
  "search_path = ''",
  'statement_timeout = 0',
  "lock_timeout = '30s'",
  'idle_in_transaction_session_timeout = 0',
  'row_security = off',
];

/** @throws Problem with the server's words, where it is not one already */
export function problemOf(error: unknown): unknown {
  if (error instanceof Problem || !Error.isError(error)) return error;
  const { code } = error as Error & { code?: string };
  if (code === '55P03')
    return new Problem('unavailable', 'a table is locked by somebody else for more than 30 s (a migration?); try again later', {
      cause: error,
    });
  if (code === 'ENOSPC')
    return new Problem('precondition', 'the disk of the backup is full; make room, or keep fewer by --retain', { cause: error });
  if (code !== undefined || /Connection terminated/.test(error.message))
    return new Problem('unavailable', `the work was broken off: ${error.message}`, { cause: error });
  return error;
}
