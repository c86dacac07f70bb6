import { glob, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { startChild } from '../child.ts';
import { cacheDir, reachableCacheDir } from './cache.ts';
import { isRoot, unpackDebian } from './debian.ts';
import { nobody } from './nobody.ts';
import { freePort } from './ports.ts';
import { run } from './run.ts';
import { openServer, serverFolder, type Server } from './server.ts';

export type EximServer = Server & {
  readonly host: '127.0.0.1';
  readonly port: number;
  /** Mails that were delivered, as they lie in the mailbox. */
  mails(): Promise<string[]>;
};

/**
 * Exim, a mail server, out of Debian's package. It takes mail for any address into one mailbox, but refuses `gone@…` for good and
 * `later@…` for the moment. STARTTLS, with a certificate it signs itself; then `ann` with the password `pw` may log in.
 */
export async function startExim(cache = cacheDir()): Promise<EximServer> {
  const dir = await installExim(await reachableCacheDir(cache));
  const [wrapper] = await Array.fromAsync(glob('usr/lib/*/libnss_wrapper.so', { cwd: dir }));
  if (wrapper === undefined)
    throw new Error("Exim could not be started: Debian's package libnss-wrapper has no libnss_wrapper.so");
  const user = isRoot() ? await nobody() : undefined;
  const { uid, gid } = user ?? { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  const folder = await serverFolder('exim', user);
  const port = await freePort();
  const prepare = async (): Promise<void> => {
    await mkdir(join(folder, 'spool'));
    await writeFile(join(folder, 'exim.conf'), configuration(folder));
    // Exim looks for a user that its package makes; to it, that is whoever runs it.
    await writeFile(join(folder, 'passwd'), `root:x:0:0::/:/bin/sh\nDebian-exim:x:${uid}:${gid}::/:/bin/sh\n`);
    await writeFile(join(folder, 'group'), `root:x:0:\nDebian-exim:x:${gid}:\n`);
    if (user !== undefined) await run('chown', ['-R', `${uid}:${gid}`, folder]);
  };
  const env = {
    PATH: process.env.PATH,
    LC_ALL: 'C',
    LD_PRELOAD: join(dir, wrapper),
    NSS_WRAPPER_PASSWD: join(folder, 'passwd'),
    NSS_WRAPPER_GROUP: join(folder, 'group'),
  };
  const args = ['-C', join(folder, 'exim.conf'), '-bdf', '-q1h', '-oX', `127.0.0.1:${port}`];
  const server = await openServer({
    name: 'Exim',
    folder,
    prepare,
    launch: () => startChild(join(dir, 'bin/exim4'), args, { cwd: folder, env, user }),
    answers: () => greeted(port),
    end: (child) => child.kill(),
  });
  const mails = async (): Promise<string[]> => {
    const box = join(folder, 'mail/new');
    const names = await readdir(box).catch(() => []);
    return Promise.all(names.toSorted().map((name) => readFile(join(box, name), 'utf8')));
  };
  return { ...server, host: '127.0.0.1', port, mails };
}

async function installExim(cache: string): Promise<string> {
  const program = 'usr/sbin/exim4';
  // Set-uid, it would heed no environment; it runs as one user here.
  const plain = async (dir: string): Promise<void> => {
    await run('chmod', ['u-s,g-s', join(dir, program)]);
  };
  try {
    return await unpackDebian(cache, 'exim', ['exim4-daemon-light', 'libnss-wrapper'], [program], plain);
  } catch (cause) {
    throw new Error(`Exim could not be installed from Debian's package exim4-daemon-light: ${(cause as Error).message}`, {
      cause,
    });
  }
}

const configuration = (folder: string): string => `primary_hostname = mail.example
spool_directory = ${folder}/spool
log_file_path = ${folder}/%slog
pid_file_path = ${folder}/exim.pid
local_interfaces = 127.0.0.1
tls_advertise_hosts = *
keep_environment =
host_lookup =
rfc1413_hosts =
acl_smtp_rcpt = rcpt
deliver_drop_privilege = true
begin acl
rcpt:
  deny local_parts = gone
       message = unknown here
  defer local_parts = later
       message = come again
  accept
begin routers
all:
  driver = accept
  transport = box
begin transports
box:
  driver = appendfile
  directory = ${folder}/mail
  maildir_format
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_condition = \${if and{{eq{$auth2}{ann}}{eq{$auth3}{pw}}}}
  server_set_id = $auth2
  server_advertise_condition = \${if def:tls_in_cipher}
`;

async function greeted(port: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  const socket = connect(port, '127.0.0.1');
  socket.once('data', () => resolve(undefined));
  socket.once('error', reject);
  socket.setTimeout(5000, () => socket.destroy(new Error('no greeting')));
  try {
    await promise;
  } finally {
    socket.destroy();
  }
}
