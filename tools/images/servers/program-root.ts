// A root filesystem of some programs and nothing else: their folders, and the libraries the loader would find for them.
import { cp, mkdir, readdir, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { run } from '@tmws/testkit';

/** Copies a folder or file of this machine to `to` below the root; links become what they lead to. */
export async function addTree(root: string, from: string, to: string): Promise<void> {
  const place = join(root, to);
  await mkdir(dirname(place), { recursive: true });
  await cp(await realpath(from), place, { recursive: true, dereference: true, filter: isThere });
}

/** Links that lead nowhere (Debian's Java has some to its sources and documents) are left out. */
const isThere = (path: string): Promise<boolean> =>
  realpath(path).then(
    () => true,
    () => false,
  );

/**
 * Copies the libraries that `ldd` names for the programs and libraries in `folders` (of this machine) to the root, each to
 * the path the loader looks for it. Those that lie in one of the folders came with it.
 *
 * @param searched  folders to look for libraries in first, as in LD_LIBRARY_PATH
 */
export async function addLibraries(root: string, folders: readonly string[], searched: readonly string[] = []): Promise<void> {
  const binaries = (await Promise.all(folders.map(binariesIn))).flat();
  const env = { ...process.env, LD_LIBRARY_PATH: searched.join(':') };
  const copied = new Set<string>();
  // ldd fails as a whole when one of the files is no dynamic program; what it printed of the others counts.
  const lines = (await run('sh', ['-c', 'ldd "$@" 2>/dev/null || true', 'ldd', ...binaries], { env })).split('\n');
  for (const line of lines) {
    const [, named, found] = /^\s+(?:(\S+) => )?(\/\S+) \(0x/.exec(line) ?? [];
    if (found === undefined || copied.has(found) || folders.some((folder) => found.startsWith(`${folder}/`))) continue;
    copied.add(found);
    const place = named === undefined || !searched.some((folder) => found.startsWith(folder)) ? found : join('/usr/lib', named);
    await mkdir(join(root, dirname(place)), { recursive: true });
    await cp(await realpath(found), join(root, place));
  }
}

async function binariesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((each) => each.isFile() && (/\.so(\.|$)/.test(each.name) || !each.name.includes('.')))
    .map(({ parentPath, name }) => join(parentPath, name));
}
