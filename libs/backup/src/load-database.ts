import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Problem } from '@tmws/problems';
import type { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { type ChunkPlace, readChunks } from './chunk-file.ts';
import { serviceName } from './connect.ts';
import { openContentSum } from './content-sum.ts';
import { quoted } from './describe-schema.ts';
import type { DatabasePart, TablePart } from './manifest.ts';
import type { Progress } from './progress.ts';

export interface LoadOptions {
  readonly place: (file: number) => ChunkPlace;
  /** What is there goes; all of it, in the same transaction. */
  readonly replace: boolean;
  readonly whileConnected: boolean;
  /** Stored offsets are left out: consumers begin at the first record of another log. */
  readonly forgetOffsets: boolean;
  readonly progress: Progress;
}

// The lock that migrations take: a service that starts meanwhile waits with its own.
const migrationsLock = 0x746d7773;

/**
 * Makes the schemas of a backup, in one transaction: all of it is there at the end, or the database is as it was.
 *
 * @throws Problem `conflict` for services that are connected and for schemas that are there; `precondition` for a damaged backup
 */
export async function loadDatabase(client: Client, part: DatabasePart, options: LoadOptions): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query('SELECT pg_advisory_xact_lock($1)', [migrationsLock]);
    await client.query('SET LOCAL check_function_bodies = off');
    if (!options.whileConnected) await refuseConnected(client);
    await makeRoom(client, part, options.replace);
    for (const extension of part.extensions)
      await client.query(`CREATE EXTENSION IF NOT EXISTS ${quoted(extension)} WITH SCHEMA public`);
    for (const schema of part.schemas) {
      for (const sql of schema.before) await client.query(sql);
      for (const table of schema.tables) await loadTable(client, table, options);
      for (const sql of schema.after) await client.query(sql);
      for (const { name, value, called } of schema.sequences)
        await client.query('SELECT setval($1::regclass, $2::bigint, $3)', [name, value, called]);
      if (options.forgetOffsets) await client.query(`DELETE FROM ${quoted(schema.name)}.offsets`);
      for (const { name } of schema.tables) await client.query(`ANALYZE ${name}`);
    }
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

async function refuseConnected(client: Client): Promise<void> {
  const { rows } = await client.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM pg_stat_activity WHERE datname = current_database() AND application_name = $1',
    [serviceName],
  );
  const count = rows[0]?.count ?? 0;
  if (count > 0)
    throw new Problem(
      'conflict',
      `services of TMWS are connected to the database (${count} connections); stop them first (kubectl scale --replicas=0), or say --while-connected`,
    );
}

async function makeRoom(client: Client, part: DatabasePart, replace: boolean): Promise<void> {
  const { rows } = await client.query<{ name: string; tables: number }>(
    `SELECT nspname AS name, (SELECT count(*)::int FROM pg_class c WHERE c.relnamespace = n.oid AND relkind IN ('r', 'p')) AS tables
     FROM pg_namespace n WHERE nspname = ANY($1) ORDER BY 1`,
    [part.schemas.map(({ name }) => name)],
  );
  if (rows.length > 0 && !replace)
    throw new Problem(
      'conflict',
      `the database has ${rows.map(({ name, tables }) => `${name} (${tables} tables)`).join(', ')} already; --replace puts the backup in their place`,
    );
  for (const { name } of rows) await client.query(`DROP SCHEMA ${quoted(name)} CASCADE`);
}

async function loadTable(client: Client, table: TablePart, { place, progress }: LoadOptions): Promise<void> {
  const sum = openContentSum();
  const pieces = async function* (): AsyncGenerator<Buffer> {
    for await (const piece of readChunks(place(table.file), table)) {
      sum.take(piece);
      progress.bytes(piece.length);
      if (piece.length > 0) yield piece;
    }
  };
  await pipeline(
    Readable.from(pieces(), { objectMode: true, highWaterMark: 1 }),
    client.query(copyFrom(`COPY ${table.name} (${table.columns.join(', ')}) FROM STDIN`)),
  );
  const { rows, sum: found } = sum.total();
  if (rows !== table.rows || found !== table.sum)
    throw new Problem('precondition', `${table.name} is damaged: it has ${rows} rows of ${table.rows}, or others`);
  progress.rows(rows);
}
