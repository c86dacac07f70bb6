// What a Node program needs of an operating system: Node, the libraries it is linked to, certificates, names of users.
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, copyFileSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { workspace } from './services.ts';

/** The user of every image, as distroless images name it. */
export const nonroot = 65_532;

/** Writes all of a root filesystem but the program. Owners are set when it is root who runs it. */
export function makeRuntime(out: string): void {
  copyNode(out);
  writeFile(out, 'etc/passwd', `root:x:0:0:root:/:/sbin/nologin\nnonroot:x:${nonroot}:${nonroot}:nonroot:/tmp:/sbin/nologin\n`);
  writeFile(out, 'etc/group', `root:x:0:\nnonroot:x:${nonroot}:\n`);
  writeFile(out, 'etc/nsswitch.conf', 'hosts: files dns\n');
  // The set Node carries, not the building machine's: that one may trust a proxy of its own.
  writeFile(out, 'etc/ssl/certs/ca-certificates.crt', `${rootCertificates.join('\n')}\n`);
  makeDir(out, 'tmp', 0o1777);
  makeDir(out, 'var/lib/tmws', 0o750, nonroot);
}

/** Node of the workspace's pinned `node` package: the one its tests ran on. */
export function workspaceNode(): string {
  return realpathSync(join(workspace, 'node_modules/node/bin/node'));
}

function copyNode(out: string): void {
  const node = workspaceNode();
  copyInto(out, node, 'usr/local/bin/node');
  // Both the loader and the libraries are looked for under the path the program is linked to.
  for (const path of linkedLibraries(execFileSync('ldd', [node], { encoding: 'utf8' }))) copyInto(out, path, path);
}

/**
 * Paths in what `ldd` prints, the dynamic loader's too.
 *
 * @throws Error that names the libraries this machine does not have
 */
export function linkedLibraries(ldd: string): string[] {
  const missing = [...ldd.matchAll(/^\s*(\S+) => not found/gm)].map(([, name]) => name);
  if (missing.length > 0) throw new Error(`node needs ${missing.join(', ')}, which this machine does not have; install them`);
  const paths = [...ldd.matchAll(/^\s*(?:\S+ => )?(\/\S+) \(0x/gm)].map(([, path = '']) => path);
  if (paths.length === 0) throw new Error(`ldd names no library of node; it said: ${ldd.trim()}`);
  return paths;
}

function copyInto(out: string, from: string, to: string): void {
  const path = join(out, to);
  mkdirSync(dirname(path), { recursive: true });
  copyFileSync(realpathSync(from), path);
  chmodSync(path, 0o755);
}

function writeFile(out: string, name: string, text: string): void {
  const path = join(out, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text, { mode: 0o644 });
}

function makeDir(out: string, name: string, mode: number, owner?: number): void {
  const path = join(out, name);
  mkdirSync(path, { recursive: true });
  const root = process.getuid?.() === 0;
  if (owner !== undefined && root) chownSync(path, owner, owner);
  // Whoever packs the folder without being root cannot give it away: then everyone may write.
  chmodSync(path, owner === undefined || root ? mode : 0o1777);
}
