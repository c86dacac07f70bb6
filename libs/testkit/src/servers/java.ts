import { createHash, X509Certificate } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { getCACertificates } from 'node:tls';

import { findProgram, installDebian, isRoot, unpackDebian } from './debian.ts';
import { run } from './run.ts';

const packages = ['openjdk-17-jre-headless', 'maven'];
const home = `usr/lib/jvm/java-17-openjdk-${process.arch === 'arm64' ? 'arm64' : 'amd64'}`;

/** Java 17 or newer, which Kafka 4 asks for. @returns the path of the program */
export async function installJava(cache: string): Promise<string> {
  const there = await findProgram('java');
  if (there !== undefined && (await majorVersion(there)) >= 17) return there;
  if (!isRoot()) return join(await unpackJava(cache), 'bin/java');
  await installDebian(packages);
  return join('/', home, 'bin/java');
}

export type Maven = { readonly mvn: string; readonly env: NodeJS.ProcessEnv };

/** Maven, with the environment to run it in. */
export async function installMaven(cache: string): Promise<Maven> {
  const there = await findProgram('mvn');
  if (there !== undefined && (await findProgram('java')) !== undefined) return { mvn: there, env: process.env };
  if (isRoot()) {
    await installDebian(packages);
    return { mvn: '/usr/bin/mvn', env: process.env };
  }
  const dir = await unpackJava(cache);
  return { mvn: join(dir, 'bin/mvn'), env: { ...process.env, JAVA_HOME: join(dir, home), MAVEN_SKIP_RC: '1' } };
}

const unpackJava = (cache: string) =>
  unpackDebian(cache, 'java-17', packages, [`${home}/bin/java`, 'usr/share/maven/bin/mvn'], async (dir) => {
    // On a machine this file is made when the package ca-certificates-java is set up.
    const path = join(dir, 'etc/ssl/certs/java/cacerts');
    await mkdir(dirname(path), { recursive: true });
    await writeFile(
      path,
      trustStore([...getCACertificates('bundled'), ...getCACertificates('system'), ...getCACertificates('extra')]),
    );
  });

async function majorVersion(java: string): Promise<number> {
  const text = await run(java, ['-version']).catch(() => '');
  return Number(/version "(\d+)/.exec(text)?.[1] ?? 0);
}

/**
 * Certificates as the key store Java reads: its format JKS, version 2, as `sun.security.provider.JavaKeyStore` writes it;
 * the digest at its end is keyed with the password Java expects of its own store.
 */
function trustStore(certificates: readonly string[]): Buffer {
  const u32 = (value: number) => Buffer.from(new Uint32Array([value]).buffer).swap32();
  const text = (value: string) => Buffer.concat([Buffer.from([value.length >> 8, value.length & 255]), Buffer.from(value)]);
  const entries = [...new Set(certificates)].map((pem, index) => {
    const der = new X509Certificate(pem).raw;
    return Buffer.concat([u32(2), text(`ca-${index}`), Buffer.alloc(8), text('X.509'), u32(der.length), der]);
  });
  const store = Buffer.concat([u32(0xfeedfeed), u32(2), u32(entries.length), ...entries]);
  const password = Buffer.from('changeit', 'utf16le').swap16();
  const digest = createHash('sha1').update(password).update('Mighty Aphrodite').update(store).digest();
  return Buffer.concat([store, digest]);
}
