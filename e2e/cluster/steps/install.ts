import { strict as assert } from 'node:assert';
import { clientPod, clientReady } from '../client.ts';
import { chart, fleetFlags, type Stage, type Step } from '../stage.ts';
import { join } from 'node:path';
import { workspace } from '../../../tools/images/services.ts';

const installLimitSeconds = 60;

/** Servers, the client, the fleet, and what `helm test` says of it. */
export const install: Step = {
  name: 'install',
  async run(stage) {
    const { cluster, checks } = stage;
    await checks.check('servers: helm install of charts/tmws-deps', () => installServers(stage));
    await checks.check(`install: helm install --wait within ${installLimitSeconds} s`, async () => {
      const seconds = await installFleet(stage, stage.images.tag, chart);
      assert.ok(seconds <= installLimitSeconds, `it took ${seconds.toFixed(1)} s`);
      return { seen: `${stage.services.join(', ')} ready after ${seconds.toFixed(1)} s`, figures: { installSeconds: seconds } };
    });
    await checks.check('helm test: the release says it works', async () => {
      const said = await cluster.helm(['test', 'tmws', '--logs', '--timeout', '3m']);
      const phases = [...said.matchAll(/Phase:\s+(\w+)/g)].map(([, phase]) => phase);
      assert.ok(phases.length > 0 && phases.every((phase) => phase === 'Succeeded'), said);
      return `${phases.length} tests succeeded`;
    });
  },
};

/** @returns seconds until it was ready */
export async function installFleet(stage: Stage, tag: string, from: string): Promise<number> {
  const begin = performance.now();
  const flags = fleetFlags(stage, { 'global.imageTag': tag });
  await stage.cluster.helm(['install', 'tmws', from, '--wait', '--timeout', '4m', ...flags]);
  return Math.round((performance.now() - begin) / 100) / 10;
}

/** Servers and client stand on nodes that stay. */
async function installServers(stage: Stage): Promise<string> {
  const { cluster, images, settings } = stage;
  await cluster.begin();
  const { lost } = settings;
  if (lost !== undefined) await cluster.kubectlAll(['cordon', lost.node]);
  try {
    const names = ['kafka', 'postgres', 'redis'];
    const values: Record<string, string> = {
      'global.imageRegistry': images.registry,
      'networkPolicy.enabled': 'true',
      'networkPolicy.from[0].podSelector.matchLabels.app\\.kubernetes\\.io/part-of': 'tmws',
      'networkPolicy.from[1].podSelector.matchLabels.tmws-e2e': 'client',
    };
    for (const name of names) {
      values[`${name}.image.repository`] = `tmws/e2e-${name}`;
      values[`${name}.image.tag`] = images.tag;
      values[`${name}.persistence.enabled`] = 'true';
      values[`${name}.persistence.size`] = '1Gi';
      values[`${name}.resources.requests.cpu`] = '50m';
    }
    const flags = Object.entries(values).flatMap(([name, value]) => ['--set', `${name}=${value}`]);
    await cluster.helm(['install', 'deps', join(workspace, 'charts/tmws-deps'), '--wait', '--timeout', '4m', ...flags]);
    const database = { name: 'DATABASE_URL', valueFrom: { secretKeyRef: { name: 'deps-postgres', key: 'url' } } };
    await cluster.apply(
      clientPod(images, 'client', cluster.namespace, [database]),
      clientPod(images, 'neighbour', cluster.namespace),
      clientPod(images, 'stranger', cluster.strangers),
    );
    await clientReady(cluster, 'client');
    await clientReady(cluster, 'neighbour');
    await clientReady(cluster, 'stranger', cluster.strangers);
  } finally {
    if (lost !== undefined) await cluster.kubectlAll(['uncordon', lost.node]);
  }
  const [version] = await stage.client.sql<{ server_version: string }>('SHOW server_version');
  return `Kafka, Redis and PostgreSQL ${String(version?.server_version)} ready, under restricted Pod Security`;
}
