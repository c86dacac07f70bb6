// Rule 1: whoever scales a workload is the only one who says how many pods it has.
import { ofKind } from '../../tools/charts/manifest.ts';
import { everyValuesFile, refusal, rendered, umbrella, valuesFile } from './rendered.ts';

const scaledIn = (objects: Awaited<ReturnType<typeof umbrella>>) =>
  new Set([
    ...ofKind(objects, 'HorizontalPodAutoscaler').map(({ spec }) => spec.scaleTargetRef.name),
    ...ofKind(objects, 'ScaledObject').map(({ spec }) => (spec.scaleTargetRef as { name: string }).name),
  ]);

test.each(everyValuesFile)('%s has replicas only where nobody scales', async (_, options) => {
  const objects = await rendered(options);
  const scaled = scaledIn(objects);
  for (const { metadata, spec } of ofKind(objects, 'Deployment')) {
    expect([metadata.name, 'replicas' in spec]).toEqual([metadata.name, !scaled.has(metadata.name)]);
  }
});

test.each(everyValuesFile)('%s scales each workload by one object only, and one that is there', async (_, options) => {
  const objects = await rendered(options);
  const targets = [...ofKind(objects, 'HorizontalPodAutoscaler'), ...ofKind(objects, 'ScaledObject')].map(
    ({ spec }) => (spec.scaleTargetRef as { name: string }).name,
  );
  expect(new Set(targets).size).toBe(targets.length);
  const deployments = ofKind(objects, 'Deployment').map(({ metadata }) => metadata.name);
  expect(deployments).toEqual(expect.arrayContaining(targets));
});

test('every service scales by CPU unless told otherwise, fast up and slowly down', async () => {
  const objects = await umbrella('default');
  const scalers = ofKind(objects, 'HorizontalPodAutoscaler');
  expect(scalers.map(({ metadata }) => metadata.name).toSorted()).toEqual(
    ofKind(objects, 'Deployment')
      .map(({ metadata }) => metadata.name)
      .toSorted(),
  );
  for (const { apiVersion, spec } of scalers) {
    expect(apiVersion).toBe('autoscaling/v2');
    expect(spec.behavior).toMatchObject({
      scaleUp: { stabilizationWindowSeconds: 0 },
      scaleDown: { stabilizationWindowSeconds: 300 },
    });
  }
});

test('a consumer that scales by lag has at most as many pods as partitions, and a number while Kafka is silent', async () => {
  const [timeline] = ofKind(await umbrella('keda'), 'ScaledObject').filter(({ metadata }) => /timeline/.test(metadata.name));
  expect(timeline?.spec).toMatchObject({ minReplicaCount: 3, maxReplicaCount: 12, fallback: { replicas: 3 } });
  expect(timeline?.spec.triggers).toMatchObject([
    {
      type: 'kafka',
      metadata: { topic: 'tmws.workflow', lagThreshold: '5000', consumerGroup: expect.stringMatching(/timeline/) as never },
    },
  ]);
});

const refused = (set: Record<string, unknown>) => refusal({ chart: 'tmws', valuesFiles: [valuesFile('tmws', 'default')], set });

test('CPU and lag at once are refused with the remedy', async () => {
  expect(await refused({ 'alerting.keda.enabled': true })).toContain(
    'autoscaling.enabled and keda.enabled are both true, and would scale against each other: set one to false',
  );
});

test('more pods than partitions are refused', async () => {
  const set = { 'alerting.keda.enabled': true, 'alerting.autoscaling.enabled': false, 'alerting.keda.maxReplicaCount': 13 };
  expect(await refused(set)).toContain('keda.maxReplicaCount (13) is more than keda.partitions (12)');
});

test('lag of a service that reads no topic is refused', async () => {
  expect(await refused({ 'gateway.keda.enabled': true, 'gateway.autoscaling.enabled': false })).toContain(
    'gateway has no consumer group whose lag could count',
  );
});
