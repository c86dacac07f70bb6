// Files as they are: those of a data folder whose process is stopped, and configuration that was asked for.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { Problem } from '@tmws/problems';
import { type ChunkPlace, readChunks, writeChunks } from './chunk-file.ts';
import { syncFolder } from './folder.ts';
import type { FileEntry } from './manifest.ts';
import type { nextFile, Progress } from './progress.ts';

/** Files of a data folder that are of a running process, not of the data. */
const ofProcess = /^(lock(-journal|-wal|-shm)?|addresses\.json(\.new)?|postgres\/postmaster\.pid)$/;
const pieceBytes = 256 * 1024;

interface CopyOptions {
  readonly place: (file: number) => ChunkPlace;
  readonly files: ReturnType<typeof nextFile>;
  readonly progress: Progress;
}

/** Copies a file, or all files below a folder, into the backup as `<prefix>/<path>`. @throws Problem `precondition` */
export async function copyFiles(from: string, prefix: string, { place, files, progress }: CopyOptions): Promise<FileEntry[]> {
  const entries: FileEntry[] = [];
  for (const path of await pathsBelow(from)) {
    const name = path === from ? basename(from) : relative(from, path).split(sep).join('/');
    if (prefix === dataPrefix && ofProcess.test(name)) continue;
    const hash = createHash('sha256');
    const file = files.next();
    const pieces = async function* (): AsyncGenerator<Buffer> {
      for await (const piece of createReadStream(path, { highWaterMark: pieceBytes }) as AsyncIterable<Buffer>) {
        hash.update(piece);
        progress.bytes(piece.length);
        yield piece;
      }
    };
    const stored = await writeChunks(place(file), pieces());
    progress.rows(1);
    entries.push({
      path: `${prefix}/${name}`,
      mode: (await stat(path)).mode & 0o777,
      content: hash.digest('hex'),
      file,
      ...stored,
    });
  }
  return entries;
}

/** Folders below that hold nothing, with slashes between names. */
export async function emptyFolders(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const filled = new Set(entries.map(({ parentPath }) => parentPath));
  const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
  return folders
    .filter((path) => !filled.has(path))
    .map((path) => relative(dir, path).split(sep).join('/'))
    .toSorted();
}

export const dataPrefix = 'data';
export const includedPrefix = 'included';

/** Writes files of a prefix below a folder that is made whole or not at all. @throws Problem `conflict` when it is there and may not go */
export async function writeFiles(
  to: string,
  prefix: string,
  entries: readonly FileEntry[],
  {
    place,
    progress,
    replace,
    folders = [],
  }: Omit<CopyOptions, 'files'> & { readonly replace: boolean; readonly folders?: readonly string[] },
): Promise<void> {
  const before = await readdir(to).catch(() => []);
  if (before.length > 0 && !replace) throw new Problem('conflict', `${to} is not empty; --replace puts the backup in its place`);
  const partial = `${to}.restoring`;
  await rm(partial, { recursive: true, force: true });
  for (const name of ['.', ...folders]) await mkdir(inside(partial, name), { recursive: true, mode: 0o700 });
  for (const entry of entries.filter(({ path }) => path.startsWith(`${prefix}/`))) {
    const path = inside(partial, entry.path.slice(prefix.length + 1));
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const handle = await open(path, 'wx', entry.mode);
    try {
      for await (const piece of readChunks(place(entry.file), entry)) {
        await handle.writeFile(piece);
        progress.bytes(piece.length);
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    progress.rows(1);
  }
  await syncFolder(partial);
  const aside = `${to}.replaced`;
  await rm(aside, { recursive: true, force: true });
  await rename(to, aside).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  });
  await rename(partial, to);
  await syncFolder(dirname(to));
  await rm(aside, { recursive: true, force: true });
}

function inside(dir: string, name: string): string {
  if (name.startsWith('/') || name.split('/').includes('..'))
    throw new Problem('precondition', `the backup names a file outside of its folder: ${name}`);
  return join(dir, name);
}

/** Reads all chunks of files. @returns paths whose content is another in `dir`, when one is given */
export async function checkFiles(
  entries: readonly FileEntry[],
  place: CopyOptions['place'],
  progress: Progress,
  dir?: string,
): Promise<string[]> {
  const wrong: string[] = [];
  for (const entry of entries) {
    const hash = createHash('sha256');
    for await (const piece of readChunks(place(entry.file), entry)) {
      hash.update(piece);
      progress.bytes(piece.length);
    }
    progress.rows(1);
    if (hash.digest('hex') !== entry.content) throw new Problem('precondition', `${entry.path} is damaged in the backup`);
    if (dir === undefined || !entry.path.startsWith(`${dataPrefix}/`)) continue;
    const there = await hashOf(join(dir, entry.path.slice(dataPrefix.length + 1)));
    if (there !== entry.content) wrong.push(entry.path);
  }
  return wrong;
}

async function hashOf(path: string): Promise<string | undefined> {
  const hash = createHash('sha256');
  try {
    for await (const piece of createReadStream(path) as AsyncIterable<Buffer>) hash.update(piece);
    return hash.digest('hex');
  } catch {
    return undefined;
  }
}

async function pathsBelow(from: string): Promise<string[]> {
  try {
    if (!(await stat(from)).isDirectory()) return [from];
    const entries = await readdir(from, { recursive: true, withFileTypes: true });
    const paths = entries
      .filter((entry) => entry.isFile() || entry.isSymbolicLink())
      .map((entry) => join(entry.parentPath, entry.name));
    // Links of ConfigMaps: `name` leads through `..data` to the file; the folders behind it are the same files again.
    return paths.filter((path) => !/(^|\/)\.\.[^/]/.test(relative(from, path))).toSorted();
  } catch (cause) {
    throw new Problem('precondition', `${from} cannot be read (${(cause as NodeJS.ErrnoException).code ?? ''})`, { cause });
  }
}
