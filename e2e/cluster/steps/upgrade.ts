import { strict as assert } from 'node:assert';
import { join } from 'node:path';
import { allReady, chart, endLoad, fleetFlags, noneFailed, type Stage, startLoad, type Step, toldOf } from '../stage.ts';
import { installFleet } from './install.ts';

/** From the version before, with a real migration between, while events come in. */
export const upgrade: Step = {
  name: 'upgrade',
  async run(stage) {
    const { checks, cluster, images } = stage;
    const began = await checks.check('upgrade: version 0.0.1 is installed in an empty database', async () => {
      await emptyDatabase(stage);
      const seconds = await installFleet(stage, images.previousTag, await packaged(stage, '0.0.1'));
      const steps = await migrations(stage);
      assert.ok(!steps.includes(images.migration), `${images.migration} is there before the upgrade`);
      return `ready after ${seconds} s, without alerting's ${images.migration}`;
    });
    if (!began) return;
    await startLoad(stage, 'upgrade');
    await checks.check('upgrade: to this version while events come in, 0 failed requests, 0 lost events', async () => {
      const begin = performance.now();
      await cluster.helm(['upgrade', 'tmws', chart, '--wait', '--timeout', '4m', ...fleetFlags(stage)]);
      await allReady(stage);
      const seconds = Math.round((performance.now() - begin) / 100) / 10;
      const load = await endLoad(stage, 'upgrade');
      assert.ok((await migrations(stage)).includes(images.migration), `${images.migration} did not run`);
      noneFailed(load);
      const seen = `${seconds} s, ${images.migration} ran; ${toldOf(load)}`;
      return { seen, figures: { upgradeSeconds: seconds, upgradeFailedRequests: load.failed } };
    });
  },
};

/** The release goes, and what its services wrote; the events on Kafka stay. */
async function emptyDatabase({ cluster, client }: Stage): Promise<void> {
  await cluster.helm(['uninstall', 'tmws', '--wait', '--timeout', '2m']);
  const rows = await client.sql<{ schema: string }>(
    `SELECT table_schema AS schema FROM information_schema.tables WHERE table_name = 'migrations'`,
  );
  for (const { schema } of rows) await client.sql(`DROP SCHEMA ${schema} CASCADE`);
}

async function packaged({ cluster, dir }: Stage, version: string): Promise<string> {
  await cluster.helm(['package', chart, '--version', version, '--app-version', version, '--destination', dir]);
  return join(dir, `tmws-${version}.tgz`);
}

async function migrations({ client }: Stage): Promise<string[]> {
  return (await client.sql<{ name: string }>('SELECT name FROM alerting.migrations')).map(({ name }) => name);
}
