import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { type Database, migrate, openDatabase } from '@tmws/postgres';
import { openLogger, openMetrics } from '@tmws/telemetry';
import { tempDir } from '@tmws/testkit';
import { openImportFolder } from '../src/outbound/import-files-folder.ts';
import { importFilesInPostgres } from '../src/outbound/import-files-postgres.ts';
import { importFilesContract } from './import-files.contract.ts';

const logger = openLogger('test', 'silent');
let dir: Awaited<ReturnType<typeof tempDir>>;
beforeAll(async () => {
  dir = await tempDir('import-files');
});
afterAll(() => dir.remove());

describe('files in a folder', () => {
  importFilesContract(() => openImportFolder(join(dir.path, 'imports'), logger));

  test('what was half written when a process ended is thrown away, what is no file of ours is left alone', async () => {
    const folder = join(dir.path, 'half');
    await openImportFolder(folder, logger);
    await writeFile(join(folder, 'x.new'), 'half');
    await writeFile(join(folder, 'imp-y.zst'), 'nothing of ours');
    expect(await (await openImportFolder(folder, logger)).list()).toEqual([]);
    expect(await readdir(folder)).toEqual(['imp-y.zst']);
  });

  test('a kept file is a skippable frame that says what it is, and the content compressed', async () => {
    const files = await openImportFolder(join(dir.path, 'zstd'), logger);
    const about = { id: 'imp-z', namespace: 'default', name: 'z', sha256: '', sizeBytes: 5, keptMs: 1 };
    await files.keep(about, zstdCompressSync('hello'));
    const bytes = await readFile(join(dir.path, 'zstd', 'imp-z.zst'));
    const end = 8 + bytes.readUInt32LE(4);
    expect([bytes.readUInt32LE(0), JSON.parse(bytes.toString('utf8', 8, end))]).toEqual([0x184d2a50, about]);
    expect(zstdDecompressSync(bytes.subarray(end)).toString()).toBe('hello');
  });
});

describe('files in Postgres', () => {
  let db: Database;
  beforeAll(async () => {
    const cacheDir = process.env.TMWS_CACHE_DIR ?? join(dir.path, 'cache');
    const options = {
      url: undefined,
      dataDir: join(dir.path, 'postgres'),
      cacheDir,
      maxConnections: 1,
      logger,
      metrics: openMetrics(),
    };
    db = await openDatabase(options);
    const migrations = join(import.meta.dirname, '../migrations');
    await migrate(db, { schema: 'timeline', dir: migrations, contract: true, logger });
  }, 60_000);
  afterAll(() => db.close());

  importFilesContract(() => Promise.resolve(importFilesInPostgres(db, 'timeline')));
});
