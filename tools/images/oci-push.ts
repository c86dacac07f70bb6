// An image to a registry over its HTTP API (OCI distribution specification 1.1), without an engine.
import { createHash } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import type { Layer } from './oci-layer.ts';

/** What a container of the image starts with (OCI image specification, config.md). */
export interface ImageConfig {
  readonly entrypoint: readonly string[];
  readonly cmd?: readonly string[];
  readonly user: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly workingDir?: string;
}

export interface Image {
  readonly layers: readonly Layer[];
  readonly config: ImageConfig;
}

export interface Registry {
  /** `host:port`, with `http://` or `https://` before it, or with neither: then loopback is spoken to by HTTP, others by HTTPS. */
  readonly address: string;
  /** `user:password` for Basic sign-in. */
  readonly credential?: string;
}

/** Repositories of a registry that have a blob, by its digest: from there it is taken over instead of sent. */
export type Known = Map<string, string>;

export interface Pushed {
  /** `sha256:…` of the manifest. */
  readonly digest: string;
  /** What had to be sent; the rest was there. */
  readonly sentBytes: number;
}

/**
 * Pushes `image` as `repository:tag`. Blobs the repository has are not sent again, nor those `known` to lie in another one.
 *
 * @param known  is added to
 * @throws when the registry refuses, with its status and words
 */
export async function pushImage(
  registry: Registry,
  repository: string,
  tag: string,
  image: Image,
  known: Known = new Map(),
): Promise<Pushed> {
  const at = door(registry, repository);
  let sentBytes = 0;
  for (const layer of image.layers) {
    if (!(await at.has(layer.digest))) {
      const sent = await at.send(layer.digest, await openAsBlob(layer.file), known.get(layer.digest));
      if (sent) sentBytes += layer.sizeBytes;
    }
    known.set(layer.digest, repository);
  }
  const config = Buffer.from(JSON.stringify(configOf(image)));
  const configDigest = digestOf(config);
  if (!(await at.has(configDigest))) await at.send(configDigest, new Blob([config]));
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: configDigest, size: config.length },
    layers: image.layers.map(({ digest, sizeBytes }) => ({
      mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
      digest,
      size: sizeBytes,
    })),
  });
  await at.name(tag, manifest);
  return { digest: digestOf(manifest), sentBytes };
}

const digestOf = (content: string | Buffer): string => `sha256:${createHash('sha256').update(content).digest('hex')}`;

function configOf({ layers, config }: Image): object {
  return {
    architecture: process.arch === 'arm64' ? 'arm64' : 'amd64',
    os: 'linux',
    config: {
      User: config.user,
      Env: Object.entries({ PATH: '/usr/local/bin:/usr/bin:/bin', ...config.env }).map(([name, value]) => `${name}=${value}`),
      Entrypoint: config.entrypoint,
      ...(config.cmd === undefined ? {} : { Cmd: config.cmd }),
      WorkingDir: config.workingDir ?? '/',
      ...(config.labels === undefined ? {} : { Labels: config.labels }),
    },
    rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
  };
}

interface Door {
  has(digest: string): Promise<boolean>;
  /** @returns whether it had to be sent: the registry may take it over `from` another repository */
  send(digest: string, content: Blob, from?: string): Promise<boolean>;
  name(tag: string, manifest: string): Promise<void>;
}

function door({ address, credential }: Registry, repository: string): Door {
  const base = `${baseOf(address)}/v2/${repository}`;
  const signIn = credential === undefined ? {} : { authorization: `Basic ${Buffer.from(credential).toString('base64')}` };
  const ask = async (method: string, url: string, init: { headers?: Record<string, string>; body?: Blob | string } = {}) => {
    const headers = { ...signIn, ...init.headers };
    const answer = await fetch(url, { ...init, method, headers, signal: AbortSignal.timeout(300_000) }).catch(
      (cause: unknown) => {
        throw new Error(`the registry ${address} did not answer ${method} ${url}: ${String(cause)}`, { cause });
      },
    );
    if (answer.ok || (method === 'HEAD' && answer.status === 404)) return answer;
    throw new Error(`the registry ${address} refused ${method} ${url}: ${answer.status} ${await answer.text()}`);
  };
  const binary = { 'content-type': 'application/octet-stream' };
  return {
    has: async (digest) => (await ask('HEAD', `${base}/blobs/${digest}`)).ok,
    async send(digest, content, from) {
      const mount = from === undefined ? '' : `?mount=${digest}&from=${encodeURIComponent(from)}`;
      const begun = await ask('POST', `${base}/blobs/uploads/${mount}`);
      await begun.arrayBuffer();
      if (begun.status === 201) return false;
      const location = begun.headers.get('location');
      if (location === null) throw new Error(`the registry ${address} named no place to send a blob of ${repository} to`);
      const place = new URL(location, `${base}/blobs/uploads/`);
      place.searchParams.set('digest', digest);
      const answer = await ask('PUT', place.href, { headers: binary, body: content });
      await answer.arrayBuffer();
      return true;
    },
    async name(tag, manifest) {
      const headers = { 'content-type': 'application/vnd.oci.image.manifest.v1+json' };
      const answer = await ask('PUT', `${base}/manifests/${tag}`, { headers, body: manifest });
      await answer.arrayBuffer();
    },
  };
}

/** @returns where its API begins: `http://127.0.0.1:5000` */
export function baseOf(address: string): string {
  if (/^https?:\/\//.test(address)) return address.replace(/\/+$/, '');
  const loopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/.test(address);
  return `${loopback ? 'http' : 'https'}://${address}`;
}
