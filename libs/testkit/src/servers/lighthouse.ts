import { join } from 'node:path';
import { installOnce } from './cache.ts';
import { run } from './run.ts';

const version = '13.5.0';

/** Lighthouse with all it needs, in the cache: too large (170 MB) to be in every checkout. @returns its script, for this Node to run */
export async function installLighthouse(cache: string): Promise<string> {
  try {
    const dir = await installOnce(cache, `lighthouse-${version}`, async (into) => {
      const quiet = ['--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
      await run('npm', ['install', '--prefix', into, ...quiet, `lighthouse@${version}`], { cwd: into });
    });
    return join(dir, 'node_modules/lighthouse/cli/index.js');
  } catch (cause) {
    throw new Error(`Lighthouse ${version} could not be installed by npm: ${(cause as Error).message}`, { cause });
  }
}
