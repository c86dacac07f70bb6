import type { Client } from 'pg';
import { readChunks } from './chunk-file.ts';
import { connect, problemOf } from './connect.ts';
import { openContentSum, type Content } from './content-sum.ts';
import { readRows } from './dump-database.ts';
import { checkFiles } from './files.ts';
import { openBackup } from './folder.ts';
import type { BackupKey } from './key.ts';
import type { TablePart } from './manifest.ts';
import { openTally, type Progress } from './progress.ts';
import { placesOf } from './restore-backup.ts';
import { Problem } from '@tmws/problems';

export interface VerifyOptions {
  readonly from: string;
  readonly key: BackupKey | undefined;
  /** Compared with, when given. */
  readonly databaseUrl: string | undefined;
  readonly dataDir: string | undefined;
  readonly now: () => Date;
}

export interface Verified {
  readonly dir: string;
  readonly takenAt: string;
  readonly rows: number;
  readonly bytes: number;
  readonly elapsedMs: number;
  /** Every table or file whose content is another; undefined when nothing was compared. */
  readonly differences: readonly Difference[] | undefined;
}

export interface Difference {
  readonly name: string;
  readonly backupRows: number;
  /** Undefined: it is not there. */
  readonly databaseRows: number | undefined;
}

/** Reads every chunk and checks it; compares counts and checksums with a database or a data folder. @throws Problem where the backup is damaged */
export async function verifyBackup({ from, key, databaseUrl, dataDir, now }: VerifyOptions): Promise<Verified> {
  const started = now();
  const backup = await openBackup(from, key);
  const { manifest, dir } = backup;
  const place = placesOf(backup);
  const tally = openTally();
  const tables = manifest.database?.schemas.flatMap((schema) => schema.tables) ?? [];
  for (const table of tables) {
    const sum = openContentSum();
    for await (const piece of readChunks(place(table.file), table)) {
      sum.take(piece);
      tally.bytes(piece.length);
    }
    if (!same(sum.total(), table))
      throw new Problem('precondition', `${table.name} is damaged in the backup: its rows are others than the manifest says`);
    tally.rows(table.rows);
  }
  const wrong = await checkFiles(manifest.files, place, tally, dataDir);
  const compared =
    databaseUrl === undefined || manifest.database === undefined ? undefined : await compare(databaseUrl, tables, tally);
  const differences =
    compared === undefined && dataDir === undefined
      ? undefined
      : [...(compared ?? []), ...wrong.map((name) => ({ name, backupRows: 1, databaseRows: undefined }))];
  return { dir, takenAt: manifest.takenAt, ...tally.totals, elapsedMs: now().getTime() - started.getTime(), differences };
}

const same = (one: Content, other: Content): boolean => one.rows === other.rows && one.sum === other.sum;

async function compare(url: string, tables: readonly TablePart[], progress: Progress): Promise<Difference[]> {
  const client = await connect(url);
  try {
    await client.query('BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
    const differences: Difference[] = [];
    for (const table of tables) {
      const there = await contentOf(client, table, progress);
      if (there === undefined || !same(there, table))
        differences.push({ name: table.name, backupRows: table.rows, databaseRows: there?.rows });
    }
    return differences;
  } catch (error) {
    throw problemOf(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function contentOf(client: Client, { name, columns }: TablePart, progress: Progress): Promise<Content | undefined> {
  const { rows } = await client.query<{ there: boolean }>('SELECT to_regclass($1) IS NOT NULL AS there', [name]);
  if (rows[0]?.there !== true) return undefined;
  const read = readRows(client, name, columns, progress);
  while ((await read.pieces.next()).done !== true);
  return read.total();
}
