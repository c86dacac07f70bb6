import { Problem } from '@tmws/problems';
import type { Client } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { type ChunkPlace, writeChunks } from './chunk-file.ts';
import { openContentSum } from './content-sum.ts';
import { describeSchema, findSchemas } from './describe-schema.ts';
import type { DatabasePart, SchemaPart, TablePart } from './manifest.ts';
import type { nextFile, Progress } from './progress.ts';

interface DumpOptions {
  readonly place: (file: number) => ChunkPlace;
  readonly files: ReturnType<typeof nextFile>;
  readonly progress: Progress;
  /** Told when the snapshot is taken. */
  readonly taken: (stored: readonly StoredOffset[]) => Promise<void>;
}

export interface StoredOffset {
  readonly consumer: string;
  readonly topic: string;
  readonly partition: number;
  readonly next: string;
}

/** Retention may drop a part between the snapshot and its lock; then another snapshot is taken. */
const snapshots = 3;
const undefinedTable = '42P01';

/**
 * All schemas of TMWS as they stood at one instant: one REPEATABLE READ transaction reads every table, by COPY, a row at a time.
 *
 * @throws Problem `not_found` when the database has none
 */
export async function dumpDatabase(client: Client, options: DumpOptions): Promise<DatabasePart> {
  const schemas = await snapshotOf(client);
  const parts: SchemaPart[] = [];
  await options.taken(schemas.flatMap(({ offsets }) => offsets));
  for (const { tables, ...schema } of schemas) {
    const dumped: TablePart[] = [];
    for (const { name, columns } of tables) {
      const file = options.files.next();
      const rows = readRows(client, name, columns, options.progress);
      const stored = await writeChunks(options.place(file), rows.pieces);
      dumped.push({ name, columns, file, ...stored, ...rows.total() });
      options.progress.rows(dumped.at(-1)?.rows ?? 0);
    }
    parts.push({ ...schema, tables: dumped });
  }
  const { rows: extensions } = await client.query<{ extname: string }>(
    `SELECT extname FROM pg_extension WHERE extname = 'vector'`,
  );
  const { rows } = await client.query<{ version: string }>(`SELECT current_setting('server_version') AS version`);
  await client.query('COMMIT');
  return { server: rows[0]?.version ?? '', extensions: extensions.map(({ extname }) => extname), schemas: parts };
}

/** The rows of a table, whole rows in each piece; what they amount to is known when all were read. */
export function readRows(client: Client, table: string, columns: readonly string[], progress: Progress) {
  const sum = openContentSum();
  const pieces = async function* (): AsyncGenerator<Buffer> {
    const stream = client.query(copyTo(`COPY ${table} (${columns.join(', ')}) TO STDOUT`));
    for await (const piece of stream as AsyncIterable<Buffer>) {
      progress.bytes(piece.length);
      const rows = sum.take(piece);
      if (rows !== undefined) yield rows;
    }
  };
  return { pieces: pieces(), total: () => sum.total() };
}

type Snapshot = Omit<SchemaPart, 'tables'> & { readonly tables: readonly Pick<TablePart, 'name' | 'columns'>[] };

/** Opens the transaction and keeps the tables from being changed in form or dropped while they are read. */
async function snapshotOf(client: Client): Promise<Snapshot[]> {
  for (let left = snapshots; ; left--) {
    try {
      await client.query('BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
      const found: Snapshot[] = [];
      for (const name of await findSchemas(client)) {
        const described = await describeSchema(client, name);
        if (described.tables.length > 0)
          await client.query(`LOCK TABLE ${described.tables.map((table) => table.name).join(', ')} IN ACCESS SHARE MODE`);
        const steps = await client.query<{ name: string; checksum: string }>(
          `SELECT name, checksum FROM "${name}".migrations ORDER BY name`,
        );
        const offsets = await client.query<StoredOffset>(
          `SELECT consumer, topic, partition, next_offset::text AS next FROM "${name}".offsets ORDER BY consumer, topic, partition`,
        );
        found.push({
          name,
          ...described,
          steps: Object.fromEntries(steps.rows.map((row) => [row.name, row.checksum])),
          offsets: offsets.rows,
        });
      }
      if (found.length > 0) return found;
      throw new Problem(
        'not_found',
        'the database has no schema of TMWS (one with a table of migrations); TMWS_DATABASE_URL names another database',
      );
    } catch (error) {
      await client.query('ROLLBACK');
      if (left === 1 || (error as { code?: unknown }).code !== undefinedTable) throw error;
    }
  }
}
