import { createHash } from 'node:crypto';
import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { tempDir } from '@tmws/testkit';
import { packLayer } from './oci-layer.ts';
import { baseOf, type Image, pushImage } from './oci-push.ts';

test('the same files are the same layer, whenever they were written', async () => {
  await using dir = await tempDir('layer');
  const digests: string[] = [];
  for (const [name, year] of [
    ['one', 2020],
    ['two', 2025],
  ] as const) {
    const root = join(dir.path, name);
    await mkdir(join(root, 'app'), { recursive: true });
    for (const file of year === 2020 ? ['a', 'b'] : ['b', 'a']) {
      await writeFile(join(root, 'app', file), file);
      await utimes(join(root, 'app', file), new Date(year, 1), new Date(year, 1));
    }
    const layer = await packLayer(root, join(dir.path, `${name}.tgz`));
    digests.push(layer.digest, layer.diffId);
  }
  expect(digests.slice(0, 2)).toEqual(digests.slice(2));
});

test('a folder that is not there is said with what tar says of it', async () => {
  await using dir = await tempDir('layer');
  await expect(packLayer(join(dir.path, 'nothing'), join(dir.path, 'x.tgz'))).rejects.toThrow(
    /tar could not pack .*nothing.*No such file/s,
  );
});

test('an image is pushed once, and its layers are taken over from another repository that has them', async () => {
  await using registry = await openRegistry();
  await using dir = await tempDir('push');
  await mkdir(join(dir.path, 'root'));
  await writeFile(join(dir.path, 'root/hello'), 'hello');
  const image: Image = {
    layers: [await packLayer(join(dir.path, 'root'), join(dir.path, 'layer.tgz'))],
    config: { entrypoint: ['/hello'], user: '65532:65532', env: { NODE_ENV: 'production' } },
  };
  const known = new Map<string, string>();
  const at = { address: registry.address };
  const first = await pushImage(at, 'tmws/one', 'v1', image, known);
  expect(first.sentBytes).toBe(image.layers[0]!.sizeBytes);
  expect((await pushImage(at, 'tmws/one', 'v2', image, known)).sentBytes).toBe(0);
  expect((await pushImage(at, 'tmws/two', 'v1', image, known)).sentBytes).toBe(0);

  const manifest = JSON.parse(registry.manifests.get('tmws/two:v1')!) as Manifest;
  expect(`sha256:${sha256(registry.manifests.get('tmws/one:v1')!)}`).toBe(first.digest);
  const config = JSON.parse(registry.blobs.get(`tmws/two ${manifest.config.digest}`)!.toString()) as {
    config: { Env: string[]; User: string };
    rootfs: { diff_ids: string[] };
  };
  expect(config.config).toMatchObject({ User: '65532:65532', Entrypoint: ['/hello'] });
  expect(config.config.Env).toContain('NODE_ENV=production');
  const layer = registry.blobs.get(`tmws/two ${manifest.layers[0]!.digest}`)!;
  expect(`sha256:${sha256(gunzipSync(layer))}`).toBe(config.rootfs.diff_ids[0]);
});

test('a registry that refuses is told with its status and words', async () => {
  await using registry = await openRegistry({ refuse: true });
  const image: Image = { layers: [], config: { entrypoint: ['/x'], user: '1' } };
  await expect(pushImage({ address: registry.address }, 'tmws/x', 'v1', image)).rejects.toThrow(/refused .*: 403 no such team/);
});

test('loopback is spoken to by HTTP, any other registry by HTTPS unless its address says otherwise', () => {
  expect(['127.0.0.1:5000', 'localhost:5001', 'registry.example.org', 'http://10.0.0.9:5000/'].map(baseOf)).toEqual([
    'http://127.0.0.1:5000',
    'http://localhost:5001',
    'https://registry.example.org',
    'http://10.0.0.9:5000',
  ]);
});

interface Manifest {
  readonly config: { readonly digest: string };
  readonly layers: readonly { readonly digest: string }[];
}

const sha256 = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex');

/** What of the distribution specification a push needs; blobs belong to repositories, as in a real one. */
async function openRegistry({ refuse = false } = {}) {
  const blobs = new Map<string, Buffer>();
  const manifests = new Map<string, string>();
  const server: Server = createServer((request, response) => {
    void request.toArray().then((chunks: Buffer[]) => {
      const body = Buffer.concat(chunks);
      const url = new URL(request.url ?? '/', 'http://registry');
      const [, repository = '', what = '', name = ''] = /^\/v2\/(.+)\/(blobs|manifests)\/(.*)$/.exec(url.pathname) ?? [];
      const asked = url.searchParams;
      if (refuse && request.method === 'POST') return response.writeHead(403).end('no such team');
      if (request.method === 'HEAD') return response.writeHead(blobs.has(`${repository} ${name}`) ? 200 : 404).end();
      if (request.method === 'POST') {
        const there = blobs.get(`${String(asked.get('from'))} ${String(asked.get('mount'))}`);
        if (there === undefined) return response.writeHead(202, { location: `${url.pathname}place?state=1` }).end();
        blobs.set(`${repository} ${String(asked.get('mount'))}`, there);
        return response.writeHead(201).end();
      }
      if (what === 'manifests') manifests.set(`${repository}:${name}`, body.toString());
      else if (asked.get('state') === '1' && asked.get('digest') === `sha256:${sha256(body)}`)
        blobs.set(`${repository} ${String(asked.get('digest'))}`, body);
      else return response.writeHead(400).end('digest does not match');
      return response.writeHead(201).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = (): Promise<void> => new Promise((resolve) => server.close(() => resolve()));
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, blobs, manifests, [Symbol.asyncDispose]: close };
}
