import { cacheDir, installKubernetesTypes } from '@tmws/testkit';
import { parse } from 'yaml';
import { kubeVersions } from '../../tools/charts/helm.ts';
import { titleOf } from '../../tools/charts/manifest.ts';
import { faultsOf } from '../../tools/charts/strict/faults.ts';
import { everyValuesFile, rendered, umbrella } from './rendered.ts';

const types = await installKubernetesTypes(cacheDir());

test.each(everyValuesFile)('%s has no field that its kind does not have, on any Kubernetes', async (_, options) => {
  for (const kube of kubeVersions) {
    const faults = (await rendered({ ...options, kube })).flatMap((object) =>
      faultsOf(object, types).map((fault) => `${titleOf(object)}${fault}`),
    );
    expect(faults).toEqual([]);
  }
});

const planted = async (kind: string, plant: (object: never) => void): Promise<string[]> => {
  const object = structuredClone((await umbrella('default')).find((other) => other.kind === kind)!);
  plant(object as never);
  return faultsOf(object, types);
};

test('a misspelt field is found with its path', async () => {
  const faults = await planted('Deployment', (object: { spec: { replica: number } }) => (object.spec.replica = 2));
  expect(faults).toEqual(['.spec.replica is no field of V1DeploymentSpec']);
});

test('a misspelt field of a container is found with its path', async () => {
  const faults = await planted(
    'Deployment',
    (object: { spec: { template: { spec: { containers: Record<string, unknown>[] } } } }) =>
      (object.spec.template.spec.containers[0]!.redinessProbe = {}),
  );
  expect(faults).toEqual(['.spec.template.spec.containers[0].redinessProbe is no field of V1Container']);
});

test('a number where a text must be is found', async () => {
  const faults = await planted(
    'Service',
    (object: { spec: { ports: { name: unknown }[] } }) => (object.spec.ports[0]!.name = 80),
  );
  expect(faults).toEqual(['.spec.ports[0].name is the number 80, not a string']);
});

test('a field that must be there is missed', async () => {
  const faults = await planted('Deployment', (object: { spec: { selector?: unknown } }) => delete object.spec.selector);
  expect(faults).toEqual(['.spec.selector is absent, which V1DeploymentSpec has to have']);
});

test('a kind of a version that is gone is found', async () => {
  const faults = await planted('PodDisruptionBudget', (object: { apiVersion: string }) => (object.apiVersion = 'policy/v1beta1'));
  expect(faults).toEqual([' is PodDisruptionBudget of policy/v1beta1; it is policy/v1']);
});

test("a misspelt field of an operator's kind is found with its path", () => {
  const object = parse(`
    apiVersion: keda.sh/v1alpha1
    kind: ScaledObject
    metadata: {name: a, namespace: b}
    spec:
      scaleTargetRef: {name: a}
      minReplicas: 2
      triggers: [{type: kafka, metadata: {bootstrapServers: 'k:9092', consumerGroup: g, topic: t}}]
  `) as never;
  expect(faultsOf(object, types)).toEqual(['.spec: Unrecognized key: "minReplicas"']);
});
