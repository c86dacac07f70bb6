import { tempDir } from '@tmws/testkit';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packFolder, unpackFolder } from './packed-folder.ts';

test('what was packed is unpacked as it was, empty folders and empty files too', async () => {
  await using dir = await tempDir('packed');
  const from = join(dir.path, 'from');
  await mkdir(join(from, 'base/1'), { recursive: true });
  await mkdir(join(from, 'pg_notify'));
  const page = new Uint8Array(8192).fill(7);
  await writeFile(join(from, 'base/1/1259'), page);
  await writeFile(join(from, 'PG_VERSION'), '');

  await packFolder(from, join(dir.path, 'made/template.zst'));
  const to = join(dir.path, 'to');
  await unpackFolder(join(dir.path, 'made/template.zst'), to);

  expect((await readdir(to, { recursive: true })).toSorted()).toEqual([
    'PG_VERSION',
    'base',
    'base/1',
    'base/1/1259',
    'pg_notify',
  ]);
  expect(await readdir(join(to, 'pg_notify'))).toEqual([]);
  expect(new Uint8Array(await readFile(join(to, 'base/1/1259')))).toEqual(page);
  expect(await readFile(join(to, 'PG_VERSION'), 'utf8')).toBe('');
});
