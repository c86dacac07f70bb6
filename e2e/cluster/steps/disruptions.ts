import { strict as assert } from 'node:assert';
import { eventually } from '@tmws/testkit';
import { allReady, endLoad, noneFailed, type Stage, startLoad, type Step, toldOf } from '../stage.ts';
import { runTool } from '../tool.ts';

const failoverLimitMs = 10_000;

/** Pods that are asked to go, pods that are killed, a node that is gone. */
export const disruptions: Step = {
  name: 'disruptions',
  async run(stage) {
    const { checks } = stage;
    await checks.check('drain: a budget keeps one pod of each service while there is nowhere to go, 0 failed requests', () =>
      drain(stage),
    );
    await checks.check(`pod kill: one pod of each service, served again within ${failoverLimitMs / 1000} s, 0 lost events`, () =>
      killPods(stage),
    );
    await checks.check(
      `pod kill: all pods of the gateway at once, served again within ${failoverLimitMs / 1000} s, 0 lost events`,
      () => killGateway(stage),
    );
    await checks.check('node loss: the fleet goes on on the nodes that stay, 0 acknowledged events lost', () => loseNode(stage));
  },
};

/** No node takes pods, so whoever is evicted is not replaced: the budget has to refuse the others. */
async function drain(stage: Stage): Promise<string> {
  const { cluster, services } = stage;
  await startLoad(stage, 'drain');
  const nodes = (await cluster.list('nodes'))
    .filter(({ spec }) => spec?.unschedulable !== true)
    .map(({ metadata }) => metadata.name);
  const held = async (): Promise<{ said: string; left: string[] }> => {
    const selector = '--pod-selector=app.kubernetes.io/instance=tmws';
    const said = await cluster
      .kubectlAll(['drain', ...nodes, selector, '--ignore-daemonsets', '--delete-emptydir-data', '--timeout=25s'])
      .then(
        () => 'drained',
        (error: unknown) => (error as Error).message,
      );
    const left = await Promise.all(services.map(async (service) => `${service} ${await readyOf(stage, service)}`));
    return { said, left };
  };
  const { said, left } = await held().finally(() => cluster.kubectlAll(['uncordon', ...nodes]));
  await allReady(stage);
  const load = await endLoad(stage, 'drain');
  assert.match(said, /disruption budget/, `the drain was not held: ${said}`);
  for (const each of left) assert.match(each, / [1-9]/, `after the drain: ${left.join(', ')}`);
  noneFailed(load);
  return `eviction was refused by the budgets, ready pods meanwhile: ${left.join(', ')}; ${toldOf(load)}`;
}

async function readyOf({ cluster }: Stage, service: string): Promise<number> {
  const { status = {} } = await cluster.get('deployment', `tmws-${service}`);
  return (status as { readyReplicas?: number }).readyReplicas ?? 0;
}

async function killPods(stage: Stage) {
  await startLoad(stage, 'kill');
  for (const service of stage.services) {
    const [pod] = await stage.cluster.podsOf(service);
    if (pod === undefined) throw new Error(`${service} has no pod`);
    await kill(stage, [pod.metadata.name]);
    await allReady(stage);
  }
  const load = await endLoad(stage, 'kill');
  assert.ok(load.longestGapMs <= failoverLimitMs, toldOf(load));
  return { seen: toldOf(load), figures: { podKillGapMs: load.longestGapMs, podKillFailedRequests: load.failed } };
}

async function killGateway(stage: Stage) {
  await startLoad(stage, 'kill-all');
  await kill(
    stage,
    (await stage.cluster.podsOf('gateway')).map(({ metadata }) => metadata.name),
  );
  await allReady(stage);
  const load = await endLoad(stage, 'kill-all');
  assert.ok(load.longestGapMs <= failoverLimitMs, toldOf(load));
  return { seen: toldOf(load), figures: { gatewayKillGapMs: load.longestGapMs } };
}

const kill = ({ cluster }: Stage, pods: readonly string[]): Promise<string> =>
  cluster.kubectl(['delete', 'pod', ...pods, '--grace-period=0', '--force']);

async function loseNode(stage: Stage) {
  const { cluster, settings } = stage;
  const { lost } = settings;
  if (lost === undefined) return 'this cluster has one node (E2E_SINGLE_NODE=1): not promised, not tried';
  const there = (
    await cluster.list('pods', '-l', 'app.kubernetes.io/instance=tmws', '--field-selector', `spec.nodeName=${lost.node}`)
  ).length;
  assert.ok(there > 0, `no pod of the release is on ${lost.node}`);
  await startLoad(stage, 'node');
  const begin = performance.now();
  const since = (): number => Math.round((performance.now() - begin) / 100) / 10;
  const withoutIt = async (): Promise<[number, number]> => {
    await runTool('sh', ['-c', lost.kill], { timeoutMs: 60_000 });
    await eventually(async () => assert.ok(!(await nodeReady(stage, lost.node))), { timeoutMs: 120_000, everyMs: 500 });
    const unready = since();
    await eventually(() => twoElsewhere(stage, lost.node), { timeoutMs: 420_000, everyMs: 1000 });
    return [unready, since()];
  };
  const [unready, whole] = await withoutIt().finally(() => runTool('sh', ['-c', lost.heal], { timeoutMs: 120_000 }));
  const load = await endLoad(stage, 'node');
  await eventually(async () => assert.ok(await nodeReady(stage, lost.node), `${lost.node} did not come back`), {
    timeoutMs: 120_000,
    everyMs: 500,
  });
  await allReady(stage);
  const seen = `${there} pods were on ${lost.node}; not ready after ${unready} s, all pods elsewhere after ${whole} s; ${toldOf(load)}`;
  return {
    seen,
    figures: { nodeLossWholeSeconds: whole, nodeLossGapMs: load.longestGapMs, nodeLossFailedRequests: load.failed },
  };
}

async function nodeReady({ cluster }: Stage, node: string): Promise<boolean> {
  const { status = {} } = await cluster.get('node', node);
  const conditions = (status.conditions ?? []) as { type: string; status: string }[];
  return conditions.some(({ type, status: is }) => type === 'Ready' && is === 'True');
}

/** Each service has the pods it is to have, none of them on that node. */
async function twoElsewhere(stage: Stage, node: string): Promise<void> {
  for (const service of stage.services) {
    const { spec = {} } = await stage.cluster.get('deployment', `tmws-${service}`);
    const pods = (await stage.cluster.podsOf(service)).filter((pod) => pod.spec.nodeName !== node);
    const ready = pods.filter(({ status }) =>
      status.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True'),
    );
    assert.ok(ready.length >= Number(spec.replicas), `${service}: ${ready.length} of ${String(spec.replicas)} pods elsewhere`);
  }
}
