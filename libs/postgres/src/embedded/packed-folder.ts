// A folder as one compressed file: a new database is a thousand small files, nearly all of them empty pages.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';

/** Files by their paths in the folder; `null` is a folder. */
type Entries = [path: string, content: Uint8Array | null][];

/** Writes what is in `folder` to `file`. */
export async function packFolder(folder: string, file: string): Promise<void> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const entries: Entries = [];
  for (const each of found) {
    const path = join(each.parentPath, each.name);
    entries.push([relative(folder, path), each.isDirectory() ? null : await readFile(path)]);
  }
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, zstdCompressSync(serialize(entries)));
}

/** Writes what is in `file` to `folder`, which is made. */
export async function unpackFolder(file: string, folder: string): Promise<void> {
  const entries = deserialize(zstdDecompressSync(await readFile(file))) as Entries;
  await mkdir(folder, { recursive: true });
  for (const [path, content] of entries) {
    if (content === null) await mkdir(join(folder, path));
    else await writeFile(join(folder, path), content, { mode: 0o600 });
  }
}
