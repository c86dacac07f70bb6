import { strict as assert } from 'node:assert';
import { chart, allReady, endLoad, fleetFlags, noneFailed, startLoad, type Step, toldOf } from '../stage.ts';

/** Every pod is replaced, and a release that does not come up takes itself back, both while events come in. */
export const restarts: Step = {
  name: 'restarts',
  async run(stage) {
    const { checks, cluster } = stage;
    await startLoad(stage, 'restarts');
    await checks.check('rolling restart: every pod is replaced, 0 failed requests, 0 lost events', async () => {
      const begin = performance.now();
      await cluster.kubectl(['rollout', 'restart', 'deployment', '-l', 'app.kubernetes.io/instance=tmws']);
      for (const service of stage.services) await cluster.rolledOut(`deployment/tmws-${service}`);
      await allReady(stage);
      const seconds = Math.round((performance.now() - begin) / 100) / 10;
      const load = await endLoad(stage, 'restarts');
      noneFailed(load);
      return { seen: `${seconds} s; ${toldOf(load)}`, figures: { restartSeconds: seconds, restartFailedRequests: load.failed } };
    });
    await startLoad(stage, 'rollback');
    const flag = cluster.helmMajor === 4 ? '--rollback-on-failure' : '--atomic';
    await checks.check(`rollback: a release that never gets ready takes itself back (${flag}), 0 failed requests`, async () => {
      const begin = performance.now();
      const flags = fleetFlags(stage, { 'gateway.probes.readiness.path': '/never' });
      const answer = await cluster.helm(['upgrade', 'tmws', chart, flag, '--timeout', '40s', ...flags]).then(
        () => 'it was upgraded',
        (error: unknown) => (error as Error).message,
      );
      assert.match(answer, /roll|timed out|deadline|not ready/i);
      await allReady(stage);
      const seconds = Math.round((performance.now() - begin) / 100) / 10;
      const history = JSON.parse(await cluster.helm(['history', 'tmws', '-o', 'json'])) as {
        status: string;
        description: string;
      }[];
      const last = history.at(-1);
      assert.equal(last?.status, 'deployed');
      assert.match(last.description, /^Rollback to \d+/);
      const load = await endLoad(stage, 'rollback');
      noneFailed(load);
      return {
        seen: `${seconds} s, history ends with "${last.description}"; ${toldOf(load)}`,
        figures: { rollbackSeconds: seconds },
      };
    });
  },
};
