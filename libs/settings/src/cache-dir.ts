import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** The folder for what can be made again: `TMWS_CACHE_DIR`, else `tmws` in `XDG_CACHE_HOME` or `~/.cache`. */
export function cacheDirOf(env: NodeJS.ProcessEnv): string {
  return resolve(env.TMWS_CACHE_DIR || join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'tmws'));
}
