import { containersOf, podsOf } from '../../tools/charts/manifest.ts';
import { rendered, umbrella, valuesFile } from './rendered.ts';

const imagesOf = async (set: Record<string, unknown>) => {
  const objects = await rendered({ chart: 'tmws', valuesFiles: [valuesFile('tmws', 'default')], set });
  const images = podsOf(objects).flatMap(({ title, pod }) => containersOf(pod).map(({ image }) => [title, image] as const));
  return new Map(images.filter(([title]) => title.startsWith('Deployment/') || title.startsWith('Job/')));
};

test("images are tmws/SERVICE of the chart's version", async () => {
  expect((await imagesOf({})).get('Deployment/tmws-gateway')).toMatch(/^tmws\/gateway:\d+\.\d+\.\d+$/);
});

test('a registry and a tag for all are of every image, those of Jobs too', async () => {
  const images = await imagesOf({ 'global.imageRegistry': 'registry.example.org/a', 'global.imageTag': '1.2.3' });
  expect(images.size).toBeGreaterThan(5);
  for (const image of images.values()) expect(image).toMatch(/^registry\.example\.org\/a\/tmws\/[\w-]+:1\.2\.3$/);
});

test("a service's own tag beats that for all, and a digest beats both", async () => {
  const digest = `sha256:${'a'.repeat(64)}`;
  const images = await imagesOf({
    'global.imageTag': '1.2.3',
    'gateway.image.tag': '2.0.0',
    'alerting.image': { tag: '2.0.0', digest },
  });
  expect(images.get('Deployment/tmws-gateway')).toBe('tmws/gateway:2.0.0');
  expect(images.get('Deployment/tmws-alerting')).toBe(`tmws/alerting@${digest}`);
  expect(images.get('Job/tmws-alerting-migrate')).toBe(`tmws/alerting@${digest}`);
});

test('secrets to pull by are given to every pod', async () => {
  for (const { title, pod } of podsOf(await umbrella('ha'))) {
    expect([title, pod.imagePullSecrets]).toEqual([title, [{ name: 'registry' }]]);
  }
});
