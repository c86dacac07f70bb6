import { strict as assert } from 'node:assert';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '@tmws/testkit';
import { allReady, chart, endLoad, fleetFlags, noneFailed, type Stage, startLoad, type Step, toldOf } from '../stage.ts';

const service = 'workflow-timeline';
const most = 3;

/** One pod of workflow-timeline that may become three, and fewer again soon. */
const scalingValues = {
  'workflow-timeline.autoscaling.minReplicas': 1,
  'workflow-timeline.autoscaling.maxReplicas': 3,
  'workflow-timeline.autoscaling.targetCPUUtilizationPercentage': 60,
  'workflow-timeline.autoscaling.behavior.scaleDown.stabilizationWindowSeconds': 15,
  'workflow-timeline.autoscaling.behavior.scaleDown.policies[0].type': 'Percent',
  'workflow-timeline.autoscaling.behavior.scaleDown.policies[0].value': 100,
  'workflow-timeline.autoscaling.behavior.scaleDown.policies[0].periodSeconds': 15,
  'workflow-timeline.grpcMaxConnectionAge': '15s',
} as const;

/** CPU scales workflow-timeline up and down; an upgrade in between leaves the number alone; new pods get their share of calls. */
export const scaling: Step = {
  name: 'scaling',
  async run(stage) {
    const { checks, cluster } = stage;
    await checks.check(`scaling: ${service} that may be 1 pod becomes 1 pod`, async () => {
      await cluster.helm(['upgrade', 'tmws', chart, '--wait', '--timeout', '4m', ...fleetFlags(stage, scalingValues)]);
      await eventually(async () => assert.equal(await readyPods(stage), 1), { timeoutMs: 180_000, everyMs: 1000 });
      return 'the fewest it may be, without load';
    });
    const questions = ['/api/v1/executions/{id}/timeline', '/api/v1/executions?limit=50', '/api/v1/executions/summary'];
    await startLoad(stage, 'scaling', { senders: 3, pauseMs: 40, questions });
    await checks.check(`scaling: CPU brings ${service} from 1 pod to ${most}`, async () => {
      const begin = performance.now();
      await eventually(async () => assert.equal(await readyPods(stage), most), { timeoutMs: 180_000, everyMs: 1000 });
      const seconds = Math.round((performance.now() - begin) / 1000);
      return { seen: `${most} pods ready after ${seconds} s`, figures: { scaleUpSeconds: seconds } };
    });
    await checks.check('scaling: pods that came later get gRPC calls', async () => {
      const pods = await cluster.podsOf(service);
      const before = await Promise.all(pods.map(({ metadata }) => callsOf(stage, metadata.name)));
      const begin = performance.now();
      await eventually(
        async () => {
          const now = await Promise.all(pods.map(({ metadata }) => callsOf(stage, metadata.name)));
          assert.ok(
            now.every((calls, at) => calls > (before[at] ?? 0) + 5),
            `calls of the pods: ${before.join(', ')} then ${now.join(', ')}`,
          );
        },
        { timeoutMs: 60_000, everyMs: 1000 },
      );
      const seconds = Math.round((performance.now() - begin) / 1000);
      return { seen: `all ${pods.length} pods answered calls within ${seconds} s`, figures: { newPodTrafficSeconds: seconds } };
    });
    await checks.check('scaling: helm upgrade keeps the number of pods', async () => {
      const before = await wantedPods(stage);
      const flags = fleetFlags(stage, { ...scalingValues, 'alerting.podAnnotations.e2e': 'upgraded' });
      const upgrade = cluster.helm(['upgrade', 'tmws', chart, '--wait', '--timeout', '4m', ...flags]);
      const done = new AbortController();
      const watched = fewestPods(stage, done.signal);
      await upgrade.finally(() => done.abort());
      const least = await watched;
      assert.ok(before > 1, `there was ${before} pod, so nothing could be kept`);
      assert.equal(least, before, `${before} pods before, ${least} while it was upgraded`);
      return `${before} pods before, never fewer while the release went to its next revision, no conflict`;
    });
    await checks.check('scaling: without load it is 1 pod again, and nothing failed on the way', async () => {
      const begin = performance.now();
      const load = await endLoad(stage, 'scaling');
      await startLoad(stage, 'quiet', { senders: 1, pauseMs: 1000 });
      await eventually(async () => assert.equal(await readyPods(stage), 1), { timeoutMs: 240_000, everyMs: 1000 });
      const seconds = Math.round((performance.now() - begin) / 1000);
      const quiet = await endLoad(stage, 'quiet');
      noneFailed(load);
      noneFailed(quiet);
      return { seen: `1 pod after ${seconds} s; ${toldOf(load)}`, figures: { scaleDownSeconds: seconds } };
    });
    await allReady(stage);
  },
};

async function readyPods({ cluster }: Stage): Promise<number> {
  const { status = {} } = await cluster.get('deployment', `tmws-${service}`);
  const { readyReplicas = 0, replicas = 0 } = status as Record<string, number>;
  return readyReplicas === replicas ? readyReplicas : -1;
}

async function wantedPods({ cluster }: Stage): Promise<number> {
  const { spec = {} } = await cluster.get('deployment', `tmws-${service}`);
  return Number(spec.replicas);
}

async function fewestPods(stage: Stage, until: AbortSignal): Promise<number> {
  let least = Infinity;
  while (!until.aborted) {
    least = Math.min(least, await wantedPods(stage));
    await delay(500);
  }
  return least;
}

/** gRPC calls a pod has answered, by its own metrics; asked for within the pod, as nobody else may. */
async function callsOf({ cluster }: Stage, pod: string): Promise<number> {
  const ask = `fetch('http://127.0.0.1:9464/metrics').then((r) => r.text()).then((t) => console.log(t))`;
  const text = await cluster.kubectl(['exec', pod, '--', '/usr/local/bin/node', '-e', ask]);
  const counts = [...text.matchAll(/^tmws_grpc_server_seconds_count\{([^}]*)\} (\d+)/gm)];
  return counts
    .filter(([, labels]) => labels?.includes('timeline.v1') === true)
    .reduce((sum, [, , count]) => sum + Number(count), 0);
}
