// Backups of a stopped fleet's folder: files as they are, folders that are empty too, nothing while a process has it.
import { mkdir, readdir, readFile, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { tempDir } from '@tmws/testkit';
import { readKeyFile, restoreBackup, takeBackup, verifyBackup, writeNewKey } from '../src/index.ts';

const now = (): Date => new Date();
const none = { key: undefined, databaseUrl: undefined, bus: undefined, now };
const take = { ...none, version: '0.0.0', include: [] as string[], env: {}, retain: undefined };
const put = { ...none, replace: false, whileConnected: false, newKafka: false, filesTo: undefined };

async function folders() {
  const dir = await tempDir('backup-folder');
  const [dataDir, to] = [join(dir.path, 'data'), join(dir.path, 'backups')];
  await mkdir(join(dataDir, 'postgres/pg_notify'), { recursive: true });
  await writeFile(join(dataDir, 'layout.json'), '{"layout":1}\n');
  await writeFile(join(dataDir, 'postgres/PG_VERSION'), '18\n');
  await writeFile(join(dataDir, 'addresses.json'), '{}');
  await writeFile(join(dataDir, 'empty'), '');
  return { dir, dataDir, to, [Symbol.asyncDispose]: () => dir[Symbol.asyncDispose]() };
}

test('a data folder comes back with all files and empty folders, without what was of its process', async () => {
  await using at = await folders();
  const { dir: from, files } = await takeBackup({ ...take, dataDir: at.dataDir, to: at.to });
  expect(files).toBe(3);
  const other = join(at.dir.path, 'other');
  await restoreBackup({ ...put, from, dataDir: other });
  expect((await readdir(other, { recursive: true })).toSorted()).toEqual([
    'empty',
    'layout.json',
    'postgres',
    'postgres/PG_VERSION',
    'postgres/pg_notify',
  ]);
  expect(await readFile(join(other, 'postgres/PG_VERSION'), 'utf8')).toBe('18\n');
  expect((await verifyBackup({ ...none, from, dataDir: other })).differences).toEqual([]);
  await writeFile(join(other, 'empty'), 'x');
  expect((await verifyBackup({ ...none, from, dataDir: other })).differences?.map(({ name }) => name)).toEqual(['data/empty']);
});

test('a folder that a fleet has is neither backed up nor replaced', async () => {
  await using at = await folders();
  const { dir: from } = await takeBackup({ ...take, dataDir: at.dataDir, to: at.to });
  const fleet = new DatabaseSync(join(at.dataDir, 'lock'));
  fleet.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  await expect(takeBackup({ ...take, dataDir: at.dataDir, to: at.to })).rejects.toThrow('is in use by a fleet; stop it first');
  await expect(restoreBackup({ ...put, from, dataDir: at.dataDir, replace: true })).rejects.toThrow('is in use by a fleet');
  fleet.close();
  await expect(restoreBackup({ ...put, from, dataDir: at.dataDir })).rejects.toThrow('is not empty; --replace');
  expect(await readdir(at.to)).toHaveLength(1);
});

test('a damaged backup leaves the folder that is there', async () => {
  await using at = await folders();
  const { dir: from } = await takeBackup({ ...take, dataDir: at.dataDir, to: at.to });
  await truncate(join(from, 'data/000003.chunks'), 3);
  await writeFile(join(at.dataDir, 'since'), 'x');
  await expect(restoreBackup({ ...put, from, dataDir: at.dataDir, replace: true })).rejects.toThrow('has 3 bytes instead of');
  expect(await readdir(at.dataDir)).toContain('since');
});

test('configuration as Kubernetes mounts it is backed up once, encrypted, and written where it is wanted', async () => {
  await using at = await folders();
  const [mounted, key, filesTo] = [join(at.dir.path, 'mounted'), join(at.dir.path, 'key'), join(at.dir.path, 'files')];
  await mkdir(join(mounted, '..2026'), { recursive: true });
  await writeFile(join(mounted, '..2026/rules.yml'), 'secret: yes\n');
  await symlink('..2026', join(mounted, '..data'));
  await symlink('..data/rules.yml', join(mounted, 'rules.yml'));
  await writeNewKey(key);
  const opened = await readKeyFile(key);
  const { dir: from } = await takeBackup({ ...take, key: opened, dataDir: at.dataDir, to: at.to, include: [mounted] });
  await restoreBackup({ ...put, key: opened, from, dataDir: join(at.dir.path, 'other'), filesTo });
  expect(await readdir(filesTo, { recursive: true })).toEqual(['1', '1/rules.yml']);
  expect(await readFile(join(filesTo, '1/rules.yml'), 'utf8')).toBe('secret: yes\n');
  await expect(readKeyFile(join(mounted, 'rules.yml'))).rejects.toThrow('must hold 32 bytes as 64 hex digits or as base64');
});
