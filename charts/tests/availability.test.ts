// Rule 5: pods are spread, and a drain takes one at a time, where there is more than one.
import { ofKind } from '../../tools/charts/manifest.ts';
import { rendered, umbrella, valuesFile } from './rendered.ts';

const budgets = async (set: Record<string, unknown>) => {
  const objects = await rendered({ chart: 'tmws', valuesFiles: [valuesFile('tmws', 'default')], set });
  return ofKind(objects, 'PodDisruptionBudget')
    .map(({ metadata }) => metadata.name)
    .filter((name) => /gateway/.test(name));
};

test.each([
  ['two pods at least', {}, 1],
  ['one pod at least', { 'gateway.autoscaling.minReplicas': 1 }, 0],
  ['one pod', { 'gateway.autoscaling.enabled': false, 'gateway.replicas': 1 }, 0],
  ['two pods', { 'gateway.autoscaling.enabled': false, 'gateway.replicas': 2 }, 1],
  ['its budget switched off', { 'gateway.pdb.enabled': false }, 0],
])('with %s a service has as many budgets as do not hold a drain for ever', async (_, set, count) => {
  expect(await budgets(set)).toHaveLength(count);
});

test('a pod that is not ready holds no drain where Kubernetes knows how', async () => {
  const policies = async (kube: '1.25' | '1.30') =>
    ofKind(await umbrella('default', { kube }), 'PodDisruptionBudget').map(({ spec }) => 'unhealthyPodEvictionPolicy' in spec);
  expect(new Set(await policies('1.25'))).toEqual(new Set([false]));
  expect(new Set(await policies('1.30'))).toEqual(new Set([true]));
});

test('pods are spread over zones and nodes, those of one version by themselves where Kubernetes knows how', async () => {
  const spreads = async (kube: '1.25' | '1.30') =>
    ofKind(await umbrella('default', { kube }), 'Deployment').map(
      ({ spec }) => spec.template.spec.topologySpreadConstraints ?? [],
    );
  for (const spread of await spreads('1.30')) {
    expect(spread.map(({ topologyKey }) => topologyKey)).toEqual(['topology.kubernetes.io/zone', 'kubernetes.io/hostname']);
    expect(spread.map(({ matchLabelKeys }) => matchLabelKeys)).toEqual([['pod-template-hash'], ['pod-template-hash']]);
  }
  for (const spread of await spreads('1.25')) {
    expect(spread.map(({ matchLabelKeys }) => matchLabelKeys)).toEqual([undefined, undefined]);
  }
});

test('where zones are a must, nothing is put where it must not be', async () => {
  const [first] = ofKind(await umbrella('ha'), 'Deployment');
  expect(first?.spec.template.spec.topologySpreadConstraints?.map(({ whenUnsatisfiable }) => whenUnsatisfiable)).toEqual([
    'DoNotSchedule',
    'DoNotSchedule',
  ]);
});

test('a rolling update takes no pod away before another is ready', async () => {
  for (const { spec } of ofKind(await umbrella('default'), 'Deployment')) {
    expect(spec).toMatchObject({ strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0 } } });
  }
});
