// Folders of rules: their files, and that something in them changed. ConfigMaps are mounted as links to files below a folder `..data`
// that is replaced whole: links are followed, and what begins with a dot is not looked into.
import { type FSWatcher, watch } from 'node:fs';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { RuleText } from '@tmws/detection';
import { Problem } from '@tmws/problems';

const [mostFiles, mostBytes, mostDepth] = [20_000, 1_048_576, 16];
const readAtOnce = 32;

interface FoundFile {
  readonly path: string;
  readonly source: string;
  /** Another, where the file may hold something else. */
  readonly stamp: string;
}

/**
 * The texts of all `*.yml` and `*.yaml` below the folders, by the path below their folder, in order.
 *
 * @throws Problem `precondition` that names the folder or file that cannot be read, or is too large
 */
export async function readRuleFolders(folders: readonly string[]): Promise<RuleText[]> {
  const files = await filesUnder(folders);
  const texts: RuleText[] = [];
  for (let at = 0; at < files.length; at += readAtOnce) {
    const some = files.slice(at, at + readAtOnce);
    texts.push(...(await Promise.all(some.map(async ({ path, source }) => ({ source, text: await readRuleFile(path) })))));
  }
  return texts;
}

/** Of all files together; another, where reading again may give something else. @throws as `readRuleFolders` */
export async function stampOf(folders: readonly string[]): Promise<string> {
  return (await filesUnder(folders)).map(({ path, stamp }) => `${path} ${stamp}`).join('\n');
}

/** Calls when something in the folders moved, at once or later; what it misses is for whoever polls. */
export async function watchFolders(folders: readonly string[], moved: () => void): Promise<{ close(): void }> {
  const watchers: FSWatcher[] = [];
  for (const folder of folders) {
    for (const each of await foldersUnder(folder)) {
      try {
        watchers.push(watch(each, { persistent: false }, moved).on('error', () => undefined));
      } catch {
        // The system has no more watches to give: polling finds it.
      }
    }
  }
  return { close: () => watchers.forEach((each) => each.close()) };
}

async function readRuleFile(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

function unreadable(path: string, cause: unknown): Problem {
  const code = (cause as { code?: unknown }).code;
  const why =
    code === 'ENOENT'
      ? 'it is not there'
      : code === 'ENOTDIR'
        ? 'it is no folder'
        : typeof code === 'string'
          ? code
          : 'why is not known';
  return new Problem('precondition', `rules cannot be read from ${path}: ${why}`, { cause });
}

async function filesUnder(folders: readonly string[]): Promise<FoundFile[]> {
  const found: FoundFile[] = [];
  for (const folder of folders) {
    for (const each of await foldersUnder(folder)) {
      for (const name of await namesIn(each)) {
        if (!/\.ya?ml$/i.test(name) || name === 'info.yml') continue;
        const path = join(each, name);
        const { isFile, size, stamp } = await statOf(path);
        if (!isFile) continue;
        if (size > mostBytes)
          throw new Problem('precondition', `${path} has ${size} bytes; a file of rules has at most ${mostBytes}: split it`);
        const below = relative(folder, path);
        found.push({ path, source: folders.length === 1 ? below : join(folder, below), stamp });
        if (found.length > mostFiles)
          throw new Problem(
            'precondition',
            `${folders.join(', ')} hold more than ${mostFiles} files of rules; name a smaller folder`,
          );
      }
    }
  }
  return found.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** The folder and those in it, each once however many links lead there. */
async function foldersUnder(folder: string): Promise<string[]> {
  const found: string[] = [];
  const known = new Set<string>();
  const visit = async (path: string, depth: number): Promise<void> => {
    const real = await realOf(path);
    if (known.has(real) || depth > mostDepth) return;
    known.add(real);
    found.push(path);
    for (const name of await namesIn(path)) {
      const inner = join(path, name);
      if (name !== 'node_modules' && (await statOf(inner)).isDirectory) await visit(inner, depth + 1);
    }
  };
  await visit(folder, 0);
  return found;
}

async function realOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => !name.startsWith('.')).toSorted();
  } catch (cause) {
    throw unreadable(folder, cause);
  }
}

/** A link that leads nowhere is neither a file nor a folder: its target is just being replaced. */
async function statOf(path: string): Promise<{ isFile: boolean; isDirectory: boolean; size: number; stamp: string }> {
  try {
    const found = await stat(path);
    const stamp = `${found.mtimeMs} ${found.ctimeMs} ${found.size} ${found.ino}`;
    return { isFile: found.isFile(), isDirectory: found.isDirectory(), size: found.size, stamp };
  } catch {
    return { isFile: false, isDirectory: false, size: 0, stamp: '' };
  }
}
