// What the steps have in common: the cluster, the images, the client, and how the fleet is installed.
import { strict as assert } from 'node:assert';
import { join } from 'node:path';
import { eventually } from '@tmws/testkit';
import { workspace } from '../../tools/images/services.ts';
import type { Checks } from './checks.ts';
import type { Client } from './client.ts';
import type { LoadStats } from './client/load.ts';
import type { Cluster, KubeObject } from './cluster.ts';
import type { Images } from './images.ts';
import type { Settings } from './settings.ts';

export interface Stage {
  readonly settings: Settings;
  readonly cluster: Cluster;
  readonly images: Images;
  /** Services that have a chart. */
  readonly services: readonly string[];
  /** A folder for files of the run. */
  readonly dir: string;
  readonly client: Client;
  readonly checks: Checks;
}

/** Some checks that belong together; it goes on from the fleet the one before left. */
export interface Step {
  readonly name: string;
  readonly run: (stage: Stage) => Promise<void>;
}

export const chart = join(workspace, 'charts/tmws');

/** Flags of install and upgrade: a small fleet on the run's own servers. @param more  values over those */
export function fleetFlags({ images, services }: Stage, more: Readonly<Record<string, string | number>> = {}): string[] {
  const small = services.flatMap((service) => [
    [`${service}.autoscaling.minReplicas`, 2],
    [`${service}.autoscaling.maxReplicas`, 2],
    [`${service}.resources.requests.cpu`, '100m'],
    [`${service}.resources.requests.memory`, '128Mi'],
  ]);
  const values: Record<string, string | number> = {
    'global.imageRegistry': images.registry,
    'global.imageTag': images.tag,
    'global.kafka.brokers': 'deps-kafka:9092',
    'global.database.existingSecret': 'deps-postgres',
    ...(Object.fromEntries(small) as Record<string, string | number>),
    ...more,
  };
  return Object.entries(values).flatMap(([name, value]) => ['--set', `${name}=${value}`]);
}

export const adminKey = async ({ cluster }: Stage): Promise<string> => {
  const secrets = await cluster.list('secrets', '-l', 'app.kubernetes.io/instance=tmws');
  const found = secrets.find(({ data }) => data?.['admin-key'] !== undefined);
  if (found === undefined) throw new Error('no Secret of the release has a key admin-key');
  return cluster.secret(found.metadata.name, 'admin-key');
};

export interface Loading {
  readonly senders?: number;
  readonly pauseMs?: number;
  readonly questions?: readonly string[];
}

/** Starts a load and waits until it is served. */
export async function startLoad(stage: Stage, name: string, options: Loading = {}): Promise<void> {
  const { senders = 4, pauseMs = 60, questions = ['/api/v1/executions/{id}'] } = options;
  await stage.client.load({ name, url: 'http://tmws-gateway:8080', key: await adminKey(stage), senders, pauseMs, questions });
  await eventually(async () => (await stage.client.stats(name)).events > 20, { timeoutMs: 60_000, everyMs: 300 });
}

/** Ends the load; whatever was acknowledged must be there once, and soon. */
export async function endLoad({ client }: Stage, name: string): Promise<LoadStats> {
  const stats = await client.finish(name);
  const { wrong } = await client.verify(name);
  assert.deepEqual(wrong.slice(0, 5), [], `${wrong.length} executions are not what was acknowledged`);
  return stats;
}

export function toldOf(stats: LoadStats): string {
  return `${stats.requests} requests, ${stats.failed} failed; ${stats.events} events acknowledged, 0 lost, 0 doubled; longest ${stats.longestGapMs} ms without an answer`;
}

/** @throws with the failures, when there was one */
export function noneFailed(stats: LoadStats): void {
  assert.equal(stats.failed, 0, `${stats.failed} of ${stats.requests} requests failed: ${JSON.stringify(stats.failures)}`);
}

/** Waits until all Deployments of the release have the pods they are to have. */
export async function allReady({ cluster }: Stage, timeoutMs = 180_000): Promise<void> {
  await eventually(
    async () => {
      const deployments = await cluster.list('deployments', '-l', 'app.kubernetes.io/instance=tmws');
      for (const each of deployments)
        assert.ok(isReady(each), `${each.metadata.name} is not ready: ${JSON.stringify(each.status)}`);
      assert.ok(deployments.length > 0, 'the release has no Deployments');
    },
    { timeoutMs, everyMs: 1000 },
  );
}

function isReady({ spec = {}, status = {}, metadata }: KubeObject): boolean {
  const { replicas, readyReplicas, updatedReplicas, observedGeneration } = status as Record<string, number | undefined>;
  const generation = (metadata as { generation?: number }).generation;
  return (
    observedGeneration === generation &&
    readyReplicas === spec.replicas &&
    replicas === spec.replicas &&
    updatedReplicas === spec.replicas
  );
}
