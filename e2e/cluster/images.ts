// The images of a run: made of this checkout, pushed under a tag of their own. What they have in common (Node and its libraries)
// is one layer, so a registry takes it once.
import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDir, installOnce } from '@tmws/testkit';
import { makeApp } from '../../tools/images/app.ts';
import { bundleProgram } from '../../tools/images/bundle.ts';
import { packLayer, type Layer } from '../../tools/images/oci-layer.ts';
import { pushImage, type ImageConfig, type Known, type Registry } from '../../tools/images/oci-push.ts';
import { makeRuntime, nonroot } from '../../tools/images/runtime.ts';
import { addEntrypoints, serverImages, type ServerImage } from '../../tools/images/servers/server-images.ts';
import { workspace } from '../../tools/images/services.ts';

export interface Images {
  /** As nodes name it. */
  readonly registry: string;
  readonly tag: string;
  /** The same, as they were before `migration`. */
  readonly previousTag: string;
  /** The newest migration of alerting, which those before lack. */
  readonly migration: string;
  readonly count: number;
  readonly sentBytes: number;
}

/** Services that have a chart of their own. */
export async function chartedServices(): Promise<string[]> {
  return (await readdir(join(workspace, 'charts/tmws/charts'))).toSorted();
}

/** @param dir  an empty folder for what is made on the way */
export async function makeImages(registry: Registry, pullRegistry: string, dir: string): Promise<Images> {
  const tag = `e2e-${randomBytes(4).toString('hex')}`;
  const previousTag = `${tag}-previous`;
  const known: Known = new Map();
  let [count, sentBytes] = [0, 0];
  const push = async (name: string, as: string, layers: readonly Layer[], config: ImageConfig): Promise<void> => {
    sentBytes += (await pushImage(registry, `tmws/${name}`, as, { layers, config }, known)).sentBytes;
    count++;
  };
  makeRuntime(join(dir, 'runtime'));
  const data = await packLayer(join(dir, 'runtime'), join(dir, 'data.tgz'), { only: ['var/lib/tmws'], owner: nonroot });
  const runtime = await packLayer(join(dir, 'runtime'), join(dir, 'runtime.tgz'), { without: ['var'] });
  let migration = '';
  // The charts' tests are done by the CLI.
  for (const service of [...(await chartedServices()), 'cli']) {
    const root = join(dir, service);
    await makeApp(service, join(root, 'app'));
    await push(service, tag, [runtime, data, await packLayer(root, join(dir, `${service}.tgz`))], programConfig);
    if (service === 'alerting') migration = await removeNewestMigration(root);
    await push(service, previousTag, [runtime, data, await packLayer(root, join(dir, `${service}-before.tgz`))], programConfig);
  }
  await push('e2e-client', tag, [runtime, await clientLayer(dir)], programConfig);
  await addEntrypoints(join(dir, 'entrypoints'));
  const entrypoints = await packLayer(join(dir, 'entrypoints'), join(dir, 'entrypoints.tgz'));
  for (const server of serverImages)
    await push(`e2e-${server.name}`, tag, [runtime, await serverLayer(server), entrypoints], server.config);
  return { registry: pullRegistry, tag, previousTag, migration, count, sentBytes };
}

/** As the Dockerfile has it. */
const programConfig: ImageConfig = {
  entrypoint: ['/usr/local/bin/node', '/app/main.mjs'],
  user: `${nonroot}:${nonroot}`,
  env: {
    NODE_ENV: 'production',
    TMWS_DATA_DIR: '/var/lib/tmws',
    TMWS_CACHE_DIR: '/tmp/tmws',
    SSL_CERT_FILE: '/etc/ssl/certs/ca-certificates.crt',
  },
};

/** @returns its name as the database keeps it */
async function removeNewestMigration(root: string): Promise<string> {
  const folder = join(root, 'app/services/alerting/migrations');
  const newest = (await readdir(folder)).toSorted().at(-1);
  if (newest === undefined) throw new Error(`the image of alerting has no migrations in ${folder}`);
  await rm(join(folder, newest));
  return newest.replace(/\.sql$/, '');
}

async function clientLayer(dir: string): Promise<Layer> {
  const root = join(dir, 'client');
  await mkdir(join(root, 'app'), { recursive: true });
  const { files } = await bundleProgram('e2e/cluster/client/main.ts', { embedded: false });
  for (const { name, code } of files) await writeFile(join(root, 'app', name === 'program.mjs' ? 'main.mjs' : name), code);
  return packLayer(root, join(dir, 'client.tgz'));
}

/** Kept in the cache by its recipe: its packages have fixed versions; what the machine brings (C's library) is told apart by its release. */
async function serverLayer(server: ServerImage): Promise<Layer> {
  const system = existsSync('/etc/os-release') ? await readFile('/etc/os-release', 'utf8') : '';
  const release = /^VERSION_ID="?([\w.]+)/m.exec(system)?.[1] ?? 'unknown';
  const recipe = createHash('sha256');
  for (const name of ['server-images.ts', 'program-root.ts', '../oci-layer.ts'])
    recipe.update(await readFile(join(workspace, 'tools/images/servers', name)));
  const key = `image-${server.name}-${release}-${recipe.digest('hex').slice(0, 12)}`;
  const kept = await installOnce(cacheDir(), key, async (into) => {
    const root = join(into, 'root');
    await mkdir(root);
    await server.build(root);
    await writeFile(join(into, 'layer.json'), JSON.stringify(await packLayer(root, join(into, 'layer.tgz'))));
    await rm(root, { recursive: true });
  });
  return { ...(JSON.parse(await readFile(join(kept, 'layer.json'), 'utf8')) as Layer), file: join(kept, 'layer.tgz') };
}
