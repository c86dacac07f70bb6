// Backups as folders `tmws-<time>` of one folder. One is written under a name that begins with a dot and renamed when all of it is on
// the disk, so what bears the name of a backup is whole.
import { mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { timingSafeEqual } from 'node:crypto';
import { Problem } from '@tmws/problems';
import { type BackupKey, sealOf, unwrapKey } from './key.ts';
import { format, type Manifest } from './manifest.ts';

const whole = /^tmws-\d{8}T\d{9}Z$/;
const nameOf = (time: Date): string => `tmws-${time.toISOString().replace(/[-:.]/g, '')}`;
const partialName = (name: string): string => `.${name}.partial`;
const half = /^\.tmws-\d{8}T\d{9}Z\.partial$/;

export interface OpenedBackup {
  readonly dir: string;
  readonly manifest: Manifest;
  readonly dataKey: Buffer | undefined;
}

/** A folder to write a backup in. */
export async function beginFolder(into: string, now: Date) {
  const name = nameOf(now);
  const partial = join(into, partialName(name));
  try {
    await mkdir(join(partial, 'data'), { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new Problem(
      'precondition',
      `${into} cannot be written (${(cause as NodeJS.ErrnoException).code ?? ''}); --to names another folder`,
      { cause },
    );
  }
  return {
    path: (file: number): string => dataPath(partial, file),
    /** Makes it a backup. @returns its folder */
    async finish(manifest: Manifest, dataKey: Buffer | undefined): Promise<string> {
      const bytes = Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`);
      await writeSynced(join(partial, 'manifest.json'), bytes);
      await writeSynced(join(partial, 'manifest.seal'), Buffer.from(`${sealOf(bytes, dataKey)}\n`));
      await syncFolder(join(partial, 'data'));
      await syncFolder(partial);
      await rename(partial, join(into, name));
      await syncFolder(into);
      return join(into, name);
    },
    /** Takes away what was written. */
    abandon: () => rm(partial, { recursive: true, force: true }),
  };
}

export const dataPath = (dir: string, file: number): string => join(dir, 'data', `${String(file).padStart(6, '0')}.chunks`);

const partialsStayMs = 24 * 3_600_000;

/** Removes all but the newest, and what backups that were killed a day ago left. @returns the names of the backups that went */
export async function retain(into: string, count: number, now: Date): Promise<string[]> {
  const names = await readdir(into);
  const dayAgo = partialName(nameOf(new Date(now.getTime() - partialsStayMs)));
  const old = names
    .filter((name) => whole.test(name))
    .toSorted()
    .toReversed()
    .slice(count);
  for (const name of [...old, ...names.filter((each) => half.test(each) && each < dayAgo)]) {
    // Out of sight first: one that is half removed is no backup.
    const away = half.test(name) ? name : partialName(name);
    if (away !== name) await rename(join(into, name), join(into, away));
    await rm(join(into, away), { recursive: true, force: true });
  }
  return old;
}

/**
 * Opens a backup: its folder, or the newest of a folder of backups.
 *
 * @throws Problem `not_found` when there is none, `forbidden` for a wrong or missing key, `precondition` when it was changed or is newer
 */
export async function openBackup(from: string, key: BackupKey | undefined): Promise<OpenedBackup> {
  const dir = await findBackup(from);
  const bytes = await readFile(join(dir, 'manifest.json'));
  const seal = (await readFile(join(dir, 'manifest.seal'), 'utf8').catch(() => '')).trim();
  const manifest = parsed(dir, bytes);
  if (manifest.format > format)
    throw new Problem(
      'precondition',
      `${dir} is a backup of form ${manifest.format}, made by TMWS ${manifest.version}; this one reads forms up to ${format}: use tmws of that version or newer`,
    );
  if (manifest.key !== undefined && key === undefined)
    throw new Problem('forbidden', `${dir} is encrypted with key ${manifest.key.keyId}; name its key file by --key-file`);
  if (manifest.key === undefined && key !== undefined)
    throw new Problem(
      'forbidden',
      `${dir} is not encrypted, so nothing says that who has the key made it; without --key-file it is taken as it is`,
    );
  const dataKey = manifest.key === undefined || key === undefined ? undefined : unwrapKey(key, manifest.key);
  const expected = Buffer.from(sealOf(bytes, dataKey));
  const found = Buffer.from(seal);
  if (expected.length !== found.length || !timingSafeEqual(expected, found))
    throw new Problem(
      'precondition',
      `${join(dir, 'manifest.json')} was changed or damaged: its seal does not fit; take another backup`,
    );
  return { dir, manifest, dataKey };
}

async function findBackup(from: string): Promise<string> {
  const names = await readdir(from).catch((cause: unknown) => {
    throw new Problem(
      'not_found',
      `${from} cannot be read (${(cause as NodeJS.ErrnoException).code ?? ''}); --from names a backup or a folder of backups`,
      { cause },
    );
  });
  if (names.includes('manifest.json')) return from;
  const newest = names
    .filter((name) => whole.test(name))
    .toSorted()
    .at(-1);
  if (newest === undefined)
    throw new Problem('not_found', `there is no whole backup in ${from}; a backup is a folder like tmws-20260301T120000000Z`);
  return join(from, newest);
}

function parsed(dir: string, bytes: Buffer): Manifest {
  try {
    const manifest = JSON.parse(bytes.toString('utf8')) as Manifest;
    if (Number.isInteger(manifest.format)) return manifest;
  } catch {
    // said below
  }
  throw new Problem('precondition', `${join(dir, 'manifest.json')} is damaged; take another backup`);
}

async function writeSynced(path: string, bytes: Buffer): Promise<void> {
  await writeFile(path, bytes, { mode: 0o600, flush: true });
}

/** So that names in it are on the disk. */
export async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
