// Rule 4: a ServiceAccount for each service, without a token; Jobs before the chart's own objects use none of them.
import { ofKind, podsOf } from '../../tools/charts/manifest.ts';
import { everyValuesFile, rendered, umbrella, valuesFile } from './rendered.ts';

test.each(everyValuesFile)('%s gives no pod a token of the API server', async (_, options) => {
  const objects = await rendered(options);
  const withToken = podsOf(objects).filter(({ pod }) => pod.automountServiceAccountToken !== false);
  expect(withToken.map(({ title }) => title)).toEqual([]);
  for (const account of ofKind(objects, 'ServiceAccount')) expect(account.automountServiceAccountToken).toBe(false);
});

test('every service has a ServiceAccount of its own', async () => {
  const objects = await umbrella('default');
  const used = podsOf(objects)
    .filter(({ title }) => title.startsWith('Deployment/'))
    .map(({ pod }) => pod.serviceAccountName);
  expect(new Set(used).size).toBe(used.length);
  expect(
    ofKind(objects, 'ServiceAccount')
      .map(({ metadata }) => metadata.name)
      .toSorted(),
  ).toEqual(used.toSorted());
});

test.each(['default', 'external-db'])('migration Jobs with %s use no ServiceAccount of the chart', async (name) => {
  const objects = await umbrella(name);
  const jobs = podsOf(objects).filter(({ title }) => title.startsWith('Job/'));
  expect(jobs.length).toBeGreaterThan(0);
  expect(jobs.map(({ pod }) => pod.serviceAccountName)).toEqual(jobs.map(() => undefined));
});

test('a ServiceAccount that is there is used, and none made', async () => {
  const set = { 'gateway.serviceAccount.create': false, 'gateway.serviceAccount.name': 'mine' };
  const objects = await rendered({ chart: 'tmws', valuesFiles: [valuesFile('tmws', 'default')], set });
  expect(ofKind(objects, 'ServiceAccount').map(({ metadata }) => metadata.name)).not.toContain('tmws-gateway');
  const [gateway] = ofKind(objects, 'Deployment').filter(({ metadata }) => metadata.name === 'tmws-gateway');
  expect(gateway?.spec.template.spec.serviceAccountName).toBe('mine');
});

test('no object gives anybody a right in the API server', async () => {
  for (const [, options] of everyValuesFile) {
    const kinds = (await rendered(options)).map(({ kind }) => kind);
    expect(kinds.filter((kind) => /Role/.test(kind))).toEqual([]);
  }
});
