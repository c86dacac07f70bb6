// Starts PostgreSQL as the image postgres does: POSTGRES_* and PGDATA, a database made once, then the server in this process' place.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync, appendFileSync } from 'node:fs';
import { join } from 'node:path';

const bin = '/opt/postgres/pginstall18/bin';
const scripts = '/docker-entrypoint-initdb.d';
const { env } = process;
const data = env.PGDATA ?? '/var/lib/postgresql/data';
const user = setting('POSTGRES_USER') ?? 'postgres';
const database = setting('POSTGRES_DB') ?? user;

if (!existsSync(join(data, 'PG_VERSION'))) initialise();
const given = process.argv.slice(2);
const args = given[0] === 'postgres' ? given.slice(1) : given;
const postgres = join(bin, 'postgres');
const own = ['-D', data, '-c', 'listen_addresses=*', '-c', 'unix_socket_directories=/tmp'];
process.execve?.(postgres, [postgres, ...own, ...args], environment());

function initialise(): void {
  const password = setting('POSTGRES_PASSWORD');
  if (password === undefined || password === '')
    throw new Error('POSTGRES_PASSWORD is not set: a server that others reach has a password; set it, or POSTGRES_PASSWORD_FILE');
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const file = '/tmp/password';
  writeFileSync(file, `${password}\n`, { mode: 0o600 });
  const more = (env.POSTGRES_INITDB_ARGS ?? '').split(/\s+/).filter((word) => word !== '');
  // A volume's own folder may be the group's; the server wants it for itself.
  run('initdb', ['-D', data, '-U', user, '--pwfile', file, '-A', 'scram-sha-256', '-E', 'UTF8', '--locale=C.UTF-8', ...more]);
  rmSync(file);
  chmodSync(data, 0o700);
  appendFileSync(join(data, 'pg_hba.conf'), '\nhost all all all scram-sha-256\n');
  const sql = [
    ...(database === 'postgres' ? [] : [`CREATE DATABASE "${database}";`]),
    ...(existsSync(scripts) ? readdirSync(scripts).toSorted() : [])
      .filter((name) => name.endsWith('.sql'))
      .flatMap((name) => [`\\connect "${database}"`, readFileSync(join(scripts, name), 'utf8')]),
  ];
  run('pg_ctl', ['-D', data, '-w', '-s', '-o', '-c listen_addresses= -c unix_socket_directories=/tmp', 'start']);
  run('psql', ['-q', '-v', 'ON_ERROR_STOP=1', '-h', '/tmp', '-U', user, '-d', 'postgres'], {
    input: `${sql.join('\n')}\n`,
    env: { ...environment(), PGPASSWORD: password },
  });
  run('pg_ctl', ['-D', data, '-w', '-s', '-m', 'fast', 'stop']);
}

function run(
  program: string,
  args: readonly string[],
  { input, env: given = environment() }: { readonly input?: string; readonly env?: Record<string, string> } = {},
): void {
  const { status, error } = spawnSync(join(bin, program), args, {
    env: given,
    stdio: [input === undefined ? 'ignore' : 'pipe', 'inherit', 'inherit'],
    ...(input === undefined ? {} : { input }),
  });
  if (status !== 0) throw new Error(`${program} ended with ${String(status)}`, { cause: error });
}

/** The setting, or what the file says that `NAME_FILE` names. */
function setting(name: string): string | undefined {
  const file = env[`${name}_FILE`];
  return file === undefined ? env[name] : readFileSync(file, 'utf8').trimEnd();
}

function environment(): Record<string, string> {
  const known = Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return { ...Object.fromEntries(known), LC_ALL: 'C.UTF-8', HOME: '/tmp' };
}
