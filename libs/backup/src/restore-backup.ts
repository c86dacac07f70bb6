import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { EventBus } from '@tmws/events';
import { Problem } from '@tmws/problems';
import type { ChunkPlace } from './chunk-file.ts';
import { connect, problemOf } from './connect.ts';
import { lockDataFolder } from './data-lock.ts';
import { dataPrefix, includedPrefix, writeFiles } from './files.ts';
import { dataPath, openBackup, type OpenedBackup } from './folder.ts';
import { compareLog, type LogVerdict, refuseOther } from './kafka-part.ts';
import type { BackupKey } from './key.ts';
import { loadDatabase } from './load-database.ts';
import { openTally } from './progress.ts';

export interface RestoreOptions {
  readonly from: string;
  readonly key: BackupKey | undefined;
  /** One of both, as the backup was made. */
  readonly databaseUrl: string | undefined;
  readonly dataDir: string | undefined;
  /** Absent: whether the log is that of the backup is not asked. */
  readonly bus: EventBus | undefined;
  readonly replace: boolean;
  readonly whileConnected: boolean;
  readonly newKafka: boolean;
  /** Where included files go; absent: nowhere. */
  readonly filesTo: string | undefined;
  readonly now: () => Date;
}

export interface Restored {
  readonly dir: string;
  readonly takenAt: string;
  readonly rows: number;
  readonly bytes: number;
  readonly elapsedMs: number;
  /** Records after the snapshot, which services will read; undefined where no Kafka was asked. */
  readonly toRead: string | undefined;
  /** Records after the snapshot that the log no longer has. */
  readonly cut: string | undefined;
}

/**
 * Puts a backup in place: all of it, or everything is as it was.
 *
 * @throws Problem `conflict` for what stands in the way, with the option that allows it; others of opening and reading a backup
 */
export async function restoreBackup(options: RestoreOptions): Promise<Restored> {
  const started = options.now();
  const backup = await openBackup(options.from, options.key);
  const { manifest, dir } = backup;
  const tally = openTally();
  const place = placesOf(backup);
  try {
    const verdict = await logVerdict(options, backup);
    if (manifest.database !== undefined) await intoDatabase(options, backup, tally);
    if (manifest.files.some(({ path }) => path.startsWith(`${dataPrefix}/`))) {
      const { dataDir } = options;
      if (dataDir === undefined) throw new Problem('invalid', `${dir} is of a data folder; --data-dir says where it goes`);
      // Held only to see that nobody has it: the folder itself is put aside.
      if (existsSync(join(dataDir, 'layout.json'))) lockDataFolder(dataDir).close();
      await writeFiles(dataDir, dataPrefix, manifest.files, {
        place,
        progress: tally,
        replace: options.replace,
        folders: manifest.folders,
      });
    }
    if (options.filesTo !== undefined)
      await writeFiles(options.filesTo, includedPrefix, manifest.files, { place, progress: tally, replace: options.replace });
    return {
      dir,
      takenAt: manifest.takenAt,
      ...tally.totals,
      elapsedMs: options.now().getTime() - started.getTime(),
      toRead: verdict && String(verdict.toRead),
      cut: verdict && String(verdict.cut),
    };
  } catch (error) {
    throw problemOf(error);
  }
}

export const placesOf =
  ({ dir, manifest, dataKey }: OpenedBackup) =>
  (file: number): ChunkPlace => ({ path: dataPath(dir, file), backupId: manifest.id, file, dataKey });

async function logVerdict({ bus, newKafka }: RestoreOptions, { manifest }: OpenedBackup): Promise<LogVerdict | undefined> {
  if (bus === undefined || newKafka || manifest.kafka === undefined || manifest.database === undefined) return undefined;
  const verdict = await compareLog(bus, manifest.kafka, manifest.database);
  refuseOther(verdict, newKafka);
  return verdict;
}

async function intoDatabase(
  options: RestoreOptions,
  backup: OpenedBackup,
  progress: ReturnType<typeof openTally>,
): Promise<void> {
  const { databaseUrl } = options;
  const { database } = backup.manifest;
  if (database === undefined) return;
  if (databaseUrl === undefined)
    throw new Problem('invalid', `${backup.dir} is of a database; TMWS_DATABASE_URL (or _FILE) says where it goes`);
  const client = await connect(databaseUrl);
  try {
    await loadDatabase(client, database, {
      place: placesOf(backup),
      replace: options.replace,
      whileConnected: options.whileConnected,
      forgetOffsets: options.newKafka,
      progress,
    });
  } finally {
    await client.end().catch(() => undefined);
  }
}
