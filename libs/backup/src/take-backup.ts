import { randomBytes, randomUUID } from 'node:crypto';
import type { EventBus } from '@tmws/events';
import { Problem } from '@tmws/problems';
import type { ChunkPlace } from './chunk-file.ts';
import { connect, problemOf } from './connect.ts';
import { lockDataFolder } from './data-lock.ts';
import { dumpDatabase } from './dump-database.ts';
import { copyFiles, dataPrefix, emptyFolders, includedPrefix } from './files.ts';
import { beginFolder, retain } from './folder.ts';
import { readKafka } from './kafka-part.ts';
import { type BackupKey, wrapKey } from './key.ts';
import { type DatabasePart, type FileEntry, format, type KafkaPart, type Manifest } from './manifest.ts';
import { nextFile, openTally } from './progress.ts';
import { settingsOf } from './settings-of.ts';

export interface BackupOptions {
  /** Folder of backups; this one becomes a folder in it. */
  readonly to: string;
  readonly version: string;
  /** Absent: not encrypted. */
  readonly key: BackupKey | undefined;
  /** One of both. */
  readonly databaseUrl: string | undefined;
  /** Of a fleet in one process, stopped. */
  readonly dataDir: string | undefined;
  /** Absent: offsets of the log are not noted. */
  readonly bus: EventBus | undefined;
  readonly include: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** How many backups stay, this one among them. */
  readonly retain: number | undefined;
  readonly now: () => Date;
}

/** What a backup amounts to. */
export interface Taken {
  readonly dir: string;
  readonly takenAt: string;
  readonly rows: number;
  readonly files: number;
  readonly bytes: number;
  readonly storedBytes: number;
  readonly elapsedMs: number;
  readonly encrypted: boolean;
  readonly removed: readonly string[];
}

/**
 * Makes a backup: whole or not at all.
 *
 *   K1  all schemas are of one instant
 *   K2  a folder named like a backup is whole and on the disk
 *   K3  rows pass through; no table is held in memory
 *
 * @throws Problem with what failed; nothing of the backup stays then
 */
export async function takeBackup(options: BackupOptions): Promise<Taken> {
  const { databaseUrl, dataDir, key, include } = options;
  if ((databaseUrl === undefined) === (dataDir === undefined))
    throw new Problem(
      'invalid',
      'a backup is of a database or of a data folder: set TMWS_DATABASE_URL (or _FILE), or say --data-dir for a stopped fleet',
    );
  if (include.length > 0 && key === undefined)
    throw new Problem(
      'precondition',
      'files of --include may hold secrets, so they are only backed up encrypted; name a key file by --key-file',
    );
  const started = options.now();
  const id = randomUUID();
  const dataKey = key === undefined ? undefined : randomBytes(32);
  const folder = await beginFolder(options.to, started);
  const place = (file: number): ChunkPlace => ({ path: folder.path(file), backupId: id, file, dataKey });
  const tally = openTally();
  const work = { place, files: nextFile(), progress: tally };
  try {
    let kafka: KafkaPart | undefined;
    let database: DatabasePart | undefined;
    let takenAt = started;
    const entries: FileEntry[] = [];
    let folders: string[] = [];
    if (databaseUrl !== undefined) {
      const client = await connect(databaseUrl);
      try {
        database = await dumpDatabase(client, {
          ...work,
          taken: async (stored) => {
            takenAt = options.now();
            if (options.bus !== undefined) kafka = await readKafka(options.bus, stored);
          },
        });
      } finally {
        await client.end().catch(() => undefined);
      }
    }
    if (dataDir !== undefined) {
      const lock = lockDataFolder(dataDir);
      try {
        entries.push(...(await copyFiles(dataDir, dataPrefix, work)));
        folders = await emptyFolders(dataDir);
      } finally {
        lock.close();
      }
    }
    for (const [i, path] of include.entries()) entries.push(...(await copyFiles(path, `${includedPrefix}/${i + 1}`, work)));
    const manifest: Manifest = {
      format,
      version: options.version,
      id,
      takenAt: takenAt.toISOString(),
      finishedAt: options.now().toISOString(),
      ...(key !== undefined && dataKey !== undefined && { key: wrapKey(key, dataKey) }),
      ...(database !== undefined && { database }),
      ...(kafka !== undefined && { kafka }),
      files: entries,
      folders,
      settings: settingsOf(options.env),
    };
    const dir = await folder.finish(manifest, dataKey);
    const removed = options.retain === undefined ? [] : await retain(options.to, options.retain, started);
    const tables = database?.schemas.flatMap((schema) => schema.tables) ?? [];
    return {
      dir,
      takenAt: manifest.takenAt,
      rows: tables.reduce((sum, { rows }) => sum + rows, 0),
      files: entries.length,
      bytes: tally.totals.bytes,
      storedBytes: [...tables, ...entries].reduce((sum, { storedBytes }) => sum + storedBytes, 0),
      elapsedMs: options.now().getTime() - started.getTime(),
      encrypted: key !== undefined,
      removed,
    };
  } catch (error) {
    await folder.abandon().catch(() => undefined);
    throw problemOf(error);
  }
}
