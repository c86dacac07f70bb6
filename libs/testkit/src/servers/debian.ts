// Programs out of Debian's packages: those on the machine if they are there, else installed (by root) or unpacked into the cache.
import { constants } from 'node:fs';
import { access, chmod, lstat, mkdir, readdir, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, join, relative, resolve } from 'node:path';
import { exists, installOnce } from './cache.ts';
import { run } from './run.ts';

export const isRoot = () => process.getuid?.() === 0;

/** The program's path, looked for as a shell does. */
export async function findProgram(name: string, folders = (process.env.PATH ?? '').split(':')): Promise<string | undefined> {
  for (const folder of folders) {
    const path = join(folder, name);
    const runs = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (runs) return path;
  }
  return undefined;
}

// One apt at a time within this process; other processes are waited for by apt itself.
let previous: Promise<unknown> = Promise.resolve();
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const mine = previous.then(work, work);
  previous = mine.catch(() => undefined);
  return mine;
}

const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' };
const apt = (args: readonly string[], cwd?: string) => run('apt-get', args, { env, ...(cwd === undefined ? {} : { cwd }) });

/** Installs packages on the machine. Only root may. */
export function installDebian(packages: readonly string[]): Promise<void> {
  return inTurn(async () => {
    const install = ['install', '-y', '-q', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=300', ...packages];
    await withFreshLists([], () => apt(install));
  });
}

/**
 * Unpacks packages, and those of their dependencies the machine lacks, into the cache; nothing of the machine is changed.
 * Each of `programs` (paths as in the packages) can be run as `bin/<its name>` of the returned folder.
 */
export function unpackDebian(
  cache: string,
  name: string,
  packages: readonly string[],
  programs: readonly string[],
  finish: (dir: string) => Promise<void> = () => Promise.resolve(),
): Promise<string> {
  return installOnce(cache, name, (dir) =>
    inTurn(async () => {
      const debs = join(dir, 'debs');
      const own = join(dir, 'apt');
      await mkdir(debs);
      for (const folder of ['lists/partial', 'cache/archives/partial']) await mkdir(join(own, folder), { recursive: true });
      // Who is not root keeps lists of his own if the machine has none.
      const places = isRoot() ? [] : ['-o', `Dir::State::Lists=${own}/lists`, '-o', `Dir::Cache=${own}/cache`];
      await withFreshLists(places, async (fresh) => {
        const use = fresh ? places : [];
        const plan = await apt([...use, '-s', 'install', '--no-install-recommends', ...packages]);
        // `Inst kcat (1.7.1-2 …)` is new to the machine, `Inst kcat [1.7.0-1] (1.7.1-2 …)` would only replace what it has.
        const missing = [...plan.matchAll(/^Inst (\S+) \(/gm)].map((match) => match[1]!);
        await apt([...use, 'download', ...new Set([...packages, ...missing])], debs);
      });
      for (const deb of await readdir(debs)) await run('dpkg', ['-x', join(debs, deb), dir]);
      await rm(debs, { recursive: true });
      await rm(own, { recursive: true });
      await finish(dir);
      await makeRunnable(dir, programs);
    }),
  );
}

/** Makes a tree that packages were unpacked into a place to run programs from, wherever it lies. */
export async function makeRunnable(dir: string, programs: readonly string[]): Promise<void> {
  await keepLinksInside(dir, dir);
  const libraries = await libraryFolders(dir);
  await mkdir(join(dir, 'bin'), { recursive: true });
  for (const program of programs) await writeWrapper(dir, program, libraries);
}

/** Tries, and when that fails fetches the lists of packages and tries again. */
async function withFreshLists(places: readonly string[], work: (fresh: boolean) => Promise<unknown>): Promise<void> {
  try {
    await work(false);
  } catch {
    await apt([...places, 'update', '-q']);
    await work(true);
  }
}

/** Links lead to where they would lead were the tree at `/`: into the tree where it has their target, else to the machine's own. */
async function keepLinksInside(folder: string, root: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await keepLinksInside(path, root);
    if (!entry.isSymbolicLink()) continue;
    const meant = resolve('/', relative(root, folder), await readlink(path));
    await rm(path);
    // A link to its own folder (`/usr/bin/X11`) is `.`, which `relative` calls ''.
    await symlink((await isThere(join(root, meant))) ? relative(folder, join(root, meant)) || '.' : meant, path);
  }
}

const isThere = (path: string) =>
  lstat(path).then(
    () => true,
    () => false,
  );

/**
 * Where a program of the tree has to look for libraries: `/lib` too, as packages from before its merge into `/usr/lib` still use it, and
 * folders below that a library names by their path at `/` (libpulse does).
 */
async function libraryFolders(dir: string): Promise<string[]> {
  const found: string[] = [];
  for (const folder of ['usr/lib', 'lib']) {
    if (!(await exists(join(dir, folder)))) continue;
    found.push(folder);
    for (const nested of await readdir(join(dir, folder), { withFileTypes: true })) {
      if (!nested.isDirectory() || !nested.name.includes('-linux-gnu')) continue;
      const own = `${folder}/${nested.name}`;
      found.push(own);
      for (const below of await readdir(join(dir, own), { withFileTypes: true })) {
        if (!below.isDirectory()) continue;
        if ((await readdir(join(dir, own, below.name))).some((name) => /^lib.*\.so/.test(name)))
          found.push(`${own}/${below.name}`);
      }
    }
  }
  return found;
}

async function writeWrapper(dir: string, program: string, libraries: readonly string[]): Promise<void> {
  const path = join(dir, 'bin', basename(program));
  const search = libraries.map((folder) => `$here/${folder}`).join(':');
  await writeFile(
    path,
    `#!/bin/sh
here=$(cd "$(dirname "$0")/.." && pwd)
export LD_LIBRARY_PATH="${search}\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
exec "$here/${program}" "$@"
`,
  );
  await chmod(path, 0o755);
}
