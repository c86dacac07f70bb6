import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { dlqOf, topics } from '../../libs/events/src/catalog.ts';
import type { Manifest } from '../../tools/charts/manifest.ts';
import { root } from '../../tools/mesh/call-graph.ts';
import { rendered } from './rendered.ts';

const dir = join(root, 'k8s/operators');
const objectsIn = (path: string): Manifest[] =>
  parseAllDocuments(readFileSync(path, 'utf8')).map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS() as Manifest;
  });
const objects = globSync('*/*.yaml', { cwd: dir })
  .filter((path) => !path.endsWith('kustomization.yaml'))
  .flatMap((path) => objectsIn(join(dir, path)));
const named = (kind: string): Manifest[] => objects.filter((object) => object.kind === kind);

test('every file of a folder is in its kustomization', () => {
  for (const path of globSync('*/kustomization.yaml', { cwd: dir })) {
    const [kustomization] = objectsIn(join(dir, path)) as unknown as [{ resources: string[] }];
    const files = globSync('*.yaml', { cwd: join(dir, path, '..') }).filter((file) => file !== 'kustomization.yaml');
    expect(kustomization.resources.toSorted()).toEqual(files.toSorted());
  }
});

test('Kafka has the topics of the code, twelve partitions each, on three brokers', () => {
  const wanted = topics.flatMap((topic) => [
    { name: topic, partitions: 12, replicas: 3 },
    { name: dlqOf(topic), partitions: 1, replicas: 3 },
  ]);
  const there = named('KafkaTopic').map(({ metadata: { name }, spec: { partitions, replicas } }) => ({
    name,
    partitions,
    replicas,
  }));
  const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : 1);
  expect(there.toSorted(byName)).toEqual(wanted.toSorted(byName));
});

test('every object of Kafka belongs to the one cluster there is', () => {
  const [kafka] = named('Kafka');
  const parts = objects.filter(({ kind }) => /^Kafka(NodePool|User|Topic)$/.test(kind));
  expect(parts.map(({ metadata }) => metadata.labels?.['strimzi.io/cluster'])).toEqual(parts.map(() => kafka?.metadata.name));
  expect(kafka?.spec).toMatchObject({ kafka: { config: { 'default.replication.factor': 3, 'min.insync.replicas': 2 } } });
});

test('the charts render with the values of this folder, and take the secrets these objects make', async () => {
  const all = await rendered({ chart: 'tmws', valuesFiles: [join(dir, 'values.yaml')] });
  const pods = all.filter(({ kind }) => kind === 'Deployment').map((deployment) => JSON.stringify(deployment.spec));
  expect(pods.length).toBeGreaterThan(2);
  const [kafka] = named('Kafka');
  const [user] = named('KafkaUser');
  const [postgres] = named('Cluster');
  for (const pod of pods) {
    expect(pod).toContain(`"${postgres?.metadata.name}-app"`);
    expect(pod).toContain(`"${kafka?.metadata.name}-cluster-ca-cert"`);
    expect(pod).toContain(`"${user?.metadata.name}"`);
    expect(pod).toContain(`"${kafka?.metadata.name}-kafka-bootstrap:9093"`);
  }
  const secrets = named('ExternalSecret').map(({ metadata }) => metadata.name);
  expect(secrets).toContain('tmws-auth');
});

test('Postgres keeps three instances and is backed up every night', () => {
  const [cluster] = named('Cluster');
  const [backup] = named('ScheduledBackup');
  expect(cluster?.spec).toMatchObject({ instances: 3 });
  expect(backup?.spec).toMatchObject({
    cluster: { name: cluster?.metadata.name },
    schedule: expect.stringMatching(/^0 (\S+ ){4}\*$/) as string,
  });
});
