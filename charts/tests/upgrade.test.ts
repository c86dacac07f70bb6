import { globSync } from 'node:fs';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tempDir } from '@tmws/testkit';
import { type Manifest, ofKind, titleOf } from '../../tools/charts/manifest.ts';
import { chartsDir } from '../../tools/charts/tree.ts';
import { rendered, umbrella, valuesFile } from './rendered.ts';

/** The umbrella as it would be in another version, images with it. */
async function inVersion(version: string): Promise<Manifest[]> {
  await using folder = await tempDir('tmws-upgrade');
  await cp(join(chartsDir, 'tmws'), folder.path, { recursive: true, dereference: true });
  for (const path of globSync('**/Chart.yaml', { cwd: folder.path })) {
    const text = await readFile(join(folder.path, path), 'utf8');
    await writeFile(join(folder.path, path), text.replaceAll(/^( *(?:version|appVersion): ).*$/gm, `$1${version}`));
  }
  return await rendered({ chart: 'tmws', dir: folder.path, valuesFiles: [valuesFile('tmws', 'default')] });
}

test('an upgrade changes no field that Kubernetes does not let change', async () => {
  const before = await umbrella('default');
  const after = await inVersion('2.7.1');
  const titles = (objects: Manifest[]) => objects.map(titleOf).toSorted();
  expect(titles(after)).toEqual(titles(before));
  const fixed = (objects: Manifest[]) => [
    ...ofKind(objects, 'Deployment').map(({ metadata, spec }) => [metadata.name, spec.selector]),
    ...ofKind(objects, 'Service').map(({ metadata, spec }) => [metadata.name, spec.selector, spec.clusterIP]),
    ...ofKind(objects, 'PodDisruptionBudget').map(({ metadata, spec }) => [metadata.name, spec.selector]),
  ];
  expect(fixed(after)).toEqual(fixed(before));
  const [gateway] = ofKind(after, 'Deployment').filter(({ metadata }) => metadata.name === 'tmws-gateway');
  expect(gateway?.metadata.labels?.['app.kubernetes.io/version']).toBe('2.7.1');
  expect(gateway?.spec.template.spec.containers[0]?.image).toBe('tmws/gateway:2.7.1');
});
