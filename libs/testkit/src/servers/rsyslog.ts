import { glob, mkdir, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { selfSignedCertificate } from '../certificate.ts';
import { startChild } from '../child.ts';
import { cacheDir } from './cache.ts';
import { unpackDebian } from './debian.ts';
import { freePort } from './ports.ts';
import { openServer, serverFolder, type Server } from './server.ts';

/** What rsyslog's parser of RFC 5424 made of a message. */
export interface RsyslogMessage {
  readonly pri: string;
  /** As it was sent. */
  readonly timestamp: string;
  readonly hostname: string;
  readonly appName: string;
  readonly procId: string;
  readonly msgId: string;
  readonly structuredData: string;
  /** With the byte order mark it was sent with. */
  readonly msg: string;
}

export type RsyslogServer = Server & {
  readonly host: '127.0.0.1';
  /** TCP with octet counting. */
  readonly port: number;
  /** The same over TLS. */
  readonly tlsPort: number;
  /** The file of the certificate that signs itself. */
  readonly caFile: string;
  /** What it wrote down, in the order it did. */
  messages(): Promise<RsyslogMessage[]>;
};

/** rsyslog out of Debian's packages, as whoever runs it and in a folder of its own. It writes each message down at once. */
export async function startRsyslog(cache = cacheDir()): Promise<RsyslogServer> {
  const dir = await installRsyslog(cache);
  const folder = await serverFolder('rsyslog');
  const [port, tlsPort] = [await freePort(), await freePort()];
  const caFile = join(folder, 'cert.pem');
  const written = join(folder, 'messages');
  const prepare = async (): Promise<void> => {
    const { cert, key } = selfSignedCertificate();
    await mkdir(join(folder, 'work'));
    await writeFile(caFile, cert);
    await writeFile(join(folder, 'key.pem'), key, { mode: 0o600 });
    await writeFile(join(folder, 'rsyslog.conf'), configuration(folder, port, tlsPort));
  };
  const modules = await modulesFolder(dir);
  const args = ['-n', '-f', join(folder, 'rsyslog.conf'), '-i', join(folder, 'pid'), '-M', modules];
  const server = await openServer({
    name: 'rsyslog',
    folder,
    prepare,
    launch: () => startChild(join(dir, 'bin/rsyslogd'), args, { cwd: folder, env: { PATH: process.env.PATH, LC_ALL: 'C' } }),
    answers: async () => {
      await listens(port);
      await listens(tlsPort);
    },
    end: (child) => child.kill(),
  });
  const messages = async (): Promise<RsyslogMessage[]> => {
    const text = await readFile(written, 'utf8').catch(() => '');
    const lines = text.split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line) as RsyslogMessage);
  };
  return { ...server, host: '127.0.0.1', port, tlsPort, caFile, messages };
}

const program = 'usr/sbin/rsyslogd';

async function installRsyslog(cache: string): Promise<string> {
  try {
    return await unpackDebian(cache, 'rsyslog', ['rsyslog', 'rsyslog-openssl'], [program]);
  } catch (cause) {
    throw new Error(`rsyslog could not be installed from Debian's package rsyslog: ${(cause as Error).message}`, { cause });
  }
}

async function modulesFolder(dir: string): Promise<string> {
  const [imtcp] = await Array.fromAsync(glob('usr/lib/*/rsyslog/imtcp.so', { cwd: dir }));
  if (imtcp === undefined) throw new Error("rsyslog could not be started: Debian's package rsyslog has no imtcp.so");
  return join(dir, imtcp, '..');
}

const configuration = (folder: string, port: number, tlsPort: number): string => `global(
  workDirectory="${folder}/work"
  defaultNetstreamDriverCAFile="${folder}/cert.pem"
  defaultNetstreamDriverCertFile="${folder}/cert.pem"
  defaultNetstreamDriverKeyFile="${folder}/key.pem"
)
module(load="imtcp")
template(name="fields" type="list" option.jsonf="on") {
  property(outname="pri" name="pri" format="jsonf")
  property(outname="timestamp" name="timereported" dateFormat="rfc3339" format="jsonf")
  property(outname="hostname" name="hostname" format="jsonf")
  property(outname="appName" name="app-name" format="jsonf")
  property(outname="procId" name="procid" format="jsonf")
  property(outname="msgId" name="msgid" format="jsonf")
  property(outname="structuredData" name="structured-data" format="jsonf")
  property(outname="msg" name="msg" format="jsonf")
}
ruleset(name="written" parser="rsyslog.rfc5424") {
  action(type="omfile" file="${folder}/messages" template="fields")
}
input(type="imtcp" address="127.0.0.1" port="${port}" ruleset="written")
input(type="imtcp" address="127.0.0.1" port="${tlsPort}" ruleset="written"
  streamDriver.name="ossl" streamDriver.mode="1" streamDriver.authMode="anon")
`;

async function listens(port: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  const socket = connect(port, '127.0.0.1');
  socket.once('connect', () => resolve(undefined));
  socket.once('error', reject);
  try {
    await promise;
  } finally {
    socket.destroy();
  }
}
