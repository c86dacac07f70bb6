import { join } from 'node:path';
import { normalised } from '../../tools/charts/golden.ts';
import { valueArguments } from '../../tools/charts/helm.ts';
import { kubesOf } from '../../tools/charts/matrix.ts';
import { chartNamed, chartsDir } from '../../tools/charts/tree.ts';
import { everyValuesFile, helm, renderedText } from './rendered.ts';

test.each(everyValuesFile)('%s passes `helm lint --strict` of both majors', async (_, options) => {
  const lint = (major: 4 | 3) => helm(major, 'lint', '--strict', join(chartsDir, options.chart), ...valueArguments(options));
  for (const said of await Promise.all([lint(4), lint(3)])) expect(said).toContain('1 chart(s) linted, 0 chart(s) failed');
});

test.each(everyValuesFile)('%s is the same objects by Helm 4 and Helm 3', async (title, options) => {
  for (const kube of kubesOf(3, title.split(' ').at(-1) ?? '')) {
    const [four, three] = await Promise.all([renderedText({ ...options, kube }), renderedText({ ...options, kube, helm: 3 })]);
    expect(normalised(three)).toBe(normalised(four));
  }
});

test('the umbrella has values files for the ways people run it', () => {
  const names = chartNamed('tmws').valuesFiles.map(({ name }) => name);
  expect(names).toEqual(
    expect.arrayContaining(['default', 'minimal', 'ha', 'mesh-istio', 'mesh-linkerd', 'external-db', 'openshift', 'keda']),
  );
});

test('an older Kubernetes than the charts are for is refused', async () => {
  const render = helm(4, 'template', 'tmws', join(chartsDir, 'tmws'), '--kube-version', '1.24.0');
  await expect(render).rejects.toThrow(/chart requires kubeVersion: >=1\.25/);
});
