// Where what was installed stays. A folder in it appears whole or not at all: it is made under another name, gets its marker
// as the last file, and is then renamed. So two installs at once waste work but never see each other's halves.
import { constants } from 'node:fs';
import { access, chmod, mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

const marker = '.complete';

/** `TMWS_CACHE_DIR`, else `$XDG_CACHE_HOME/tmws`, else `~/.cache/tmws`. */
export function cacheDir(env: NodeJS.ProcessEnv = process.env): string {
  if (env.TMWS_CACHE_DIR) return env.TMWS_CACHE_DIR;
  return join(env.XDG_CACHE_HOME ? env.XDG_CACHE_HOME : join(homedir(), '.cache'), 'tmws');
}

/**
 * Where to put what another user has to run too. PostgreSQL refuses to run as root, and root's home is closed to others:
 * so for root it is `/var/cache/tmws` unless others can already reach `cache`; for anybody else it is `cache`.
 */
export async function reachableCacheDir(cache: string): Promise<string> {
  if (process.getuid?.() !== 0 || (await othersReach(cache))) return cache;
  return '/var/cache/tmws';
}

async function othersReach(path: string): Promise<boolean> {
  for (let folder = path; ; folder = dirname(folder)) {
    const found = await stat(folder).catch(() => undefined);
    if (found !== undefined && (found.mode & constants.S_IXOTH) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

/** The folder `name` of the cache, made by `build` in an empty folder unless it is there already. @returns its path */
export async function installOnce(cache: string, name: string, build: (dir: string) => Promise<void>): Promise<string> {
  const place = join(cache, name);
  if (await exists(join(place, marker))) return place;
  await mkdir(cache, { recursive: true, mode: 0o755 });
  await removeLeftovers(cache);
  const dir = await mkdtemp(join(cache, `.${name}-`));
  try {
    await build(dir);
    await writeFile(join(dir, marker), '');
    await chmod(dir, 0o755);
    if ((await exists(place)) && !(await exists(join(place, marker)))) await rm(place, { recursive: true, force: true });
    await rename(dir, place).catch(async (error: unknown) => {
      // Somebody else was first, and theirs may be in use.
      if (!(await exists(join(place, marker)))) throw error;
    });
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
  return place;
}

/** What a killed install left behind. An hour is longer than any install takes. */
async function removeLeftovers(cache: string): Promise<void> {
  for (const name of await readdir(cache)) {
    if (!name.startsWith('.')) continue;
    const found = await stat(join(cache, name)).catch(() => undefined);
    if (found !== undefined && Date.now() - found.mtimeMs > 3_600_000)
      await rm(join(cache, name), { recursive: true, force: true });
  }
}

export const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );
