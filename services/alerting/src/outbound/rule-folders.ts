// Folders of rules: their files, and that something in them changed. ConfigMaps are mounted as links to files below a folder `..data`
// that is replaced whole: links are followed, and what begins with a dot is not looked into.
import { type FSWatcher, watch } from 'node:fs';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Refusal } from '@tmws/detection';
import { Problem } from '@tmws/problems';
import type { RuleTexts } from '../domain/detection/rule-set.ts';

const [mostFiles, mostBytes, mostDepth] = [20_000, 1_048_576, 16];
const readAtOnce = 32;

interface FoundFile {
  readonly path: string;
  readonly source: string;
  readonly size: number;
  /** Another, where the file may hold something else. */
  readonly stamp: string;
}

/**
 * The texts of all `*.yml` and `*.yaml` below the folders, by the path below their folder, in order. A file that cannot be read, is too
 * large or leads nowhere, and a folder inside that cannot be read, is refused alone.
 *
 * @throws Problem `precondition` that names the folder that cannot be read, or holds too many files
 */
export async function readRuleFolders(folders: readonly string[]): Promise<RuleTexts> {
  const { files, refused } = await filesUnder(folders);
  const texts: { source: string; text: string }[] = [];
  for (let at = 0; at < files.length; at += readAtOnce) {
    const some = files.slice(at, at + readAtOnce);
    const read = await Promise.all(
      some.map(async ({ path, source, size }) => {
        if (size > mostBytes)
          return refusal(source, `the file has ${size} bytes; a file of rules has at most ${mostBytes}: split it`);
        try {
          return { source, text: await readFile(path, 'utf8') };
        } catch (cause) {
          return refusal(source, `the file cannot be read: ${whyUnreadable(cause)}`);
        }
      }),
    );
    for (const each of read) {
      if ('text' in each) texts.push(each);
      else refused.push(each);
    }
  }
  return { texts, refused };
}

const refusal = (source: string, message: string): Refusal => ({ source, document: 0, faults: [{ path: '', message }] });

/** Of all files together; another, where reading again may give something else. @throws as `readRuleFolders` */
export async function stampOf(folders: readonly string[]): Promise<string> {
  const { files, refused } = await filesUnder(folders);
  return [...files.map(({ path, stamp }) => `${path} ${stamp}`), ...refused.map(({ source }) => source)].join('\n');
}

/** Calls when something in the folders moved, at once or later; what it misses is for whoever polls. */
export async function watchFolders(folders: readonly string[], moved: () => void): Promise<{ close(): void }> {
  const watchers: FSWatcher[] = [];
  for (const folder of folders) {
    for (const { path } of (await foldersUnder(folder)).found) {
      try {
        watchers.push(watch(path, { persistent: false }, moved).on('error', () => undefined));
      } catch {
        // The system has no more watches to give: polling finds it.
      }
    }
  }
  return { close: () => watchers.forEach((each) => each.close()) };
}

function whyUnreadable(cause: unknown): string {
  const code = (cause as { code?: unknown }).code;
  if (code === 'ENOENT') return 'it is not there';
  if (code === 'ENOTDIR') return 'it is no folder';
  if (code === 'ELOOP') return 'it is a link to itself';
  return typeof code === 'string' ? code : 'why is not known';
}

const unreadable = (path: string, cause: unknown): Problem =>
  new Problem('precondition', `rules cannot be read from ${path}: ${whyUnreadable(cause)}`, { cause });

async function filesUnder(folders: readonly string[]): Promise<{ files: FoundFile[]; refused: Refusal[] }> {
  const files: FoundFile[] = [];
  const refused: Refusal[] = [];
  for (const folder of folders) {
    const sourceOf = (path: string): string => (folders.length === 1 ? relative(folder, path) : path);
    const inner = await foldersUnder(folder);
    for (const { path, cause } of inner.unreadable)
      refused.push(refusal(sourceOf(path), `the folder cannot be read: ${whyUnreadable(cause)}`));
    for (const { path: each, names } of inner.found) {
      for (const name of names) {
        if (!/\.ya?ml$/i.test(name) || /^info\.ya?ml$/i.test(name)) continue;
        const path = join(each, name);
        const { isFile, isDirectory, size, stamp, cause } = await statOf(path);
        if (cause !== undefined) refused.push(refusal(sourceOf(path), `the file cannot be read: ${whyUnreadable(cause)}`));
        else if (!isFile && !isDirectory) refused.push(refusal(sourceOf(path), 'it is no file'));
        if (!isFile) continue;
        files.push({ path, source: sourceOf(path), size, stamp });
        if (files.length > mostFiles)
          throw new Problem(
            'precondition',
            `${folders.join(', ')} hold more than ${mostFiles} files of rules; name a smaller folder`,
          );
      }
    }
  }
  return { files: files.toSorted((a, b) => (a.path < b.path ? -1 : 1)), refused };
}

interface FoundFolders {
  readonly found: { readonly path: string; readonly names: readonly string[] }[];
  readonly unreadable: { readonly path: string; readonly cause: unknown }[];
}

/** The folder and those in it, each once however many links lead there. @throws Problem `precondition` if the folder itself cannot be read */
async function foldersUnder(folder: string): Promise<FoundFolders> {
  const folders: FoundFolders = { found: [], unreadable: [] };
  const known = new Set<string>();
  const visit = async (path: string, depth: number): Promise<void> => {
    let names: string[];
    try {
      const real = await realpath(path);
      if (known.has(real) || depth > mostDepth) return;
      known.add(real);
      names = (await readdir(path)).filter((name) => !name.startsWith('.')).toSorted();
    } catch (cause) {
      if (depth === 0) throw unreadable(path, cause);
      folders.unreadable.push({ path, cause });
      return;
    }
    folders.found.push({ path, names });
    for (const name of names) {
      const inner = join(path, name);
      if (name !== 'node_modules' && (await statOf(inner)).isDirectory) await visit(inner, depth + 1);
    }
  };
  await visit(folder, 0);
  return folders;
}

interface FileStat {
  readonly isFile: boolean;
  readonly isDirectory: boolean;
  readonly size: number;
  readonly stamp: string;
  /** Why nothing is known of it: a link that leads nowhere, a folder that may not be entered. */
  readonly cause?: unknown;
}

async function statOf(path: string): Promise<FileStat> {
  try {
    const found = await stat(path);
    const stamp = `${found.mtimeMs} ${found.ctimeMs} ${found.size} ${found.ino}`;
    return { isFile: found.isFile(), isDirectory: found.isDirectory(), size: found.size, stamp };
  } catch (cause) {
    return { isFile: false, isDirectory: false, size: 0, stamp: '', cause };
  }
}
