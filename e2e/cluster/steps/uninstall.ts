import { strict as assert } from 'node:assert';
import { eventually } from '@tmws/testkit';
import type { KubeObject } from '../cluster.ts';
import type { Stage, Step } from '../stage.ts';

/** Helm's own records, and what the cluster itself makes and takes away in time. */
const notOurs =
  /^(events|events\.events\.k8s\.io|endpoints|endpointslices\.discovery\.k8s\.io|leases\.coordination\.k8s\.io|pods\.metrics\.k8s\.io)$/;

const kept = ' (helm.sh/resource-policy: keep)';
const stays = /^persistentvolumeclaims\/|: keep\)$/;

/** Whatever a release made is gone with it, but what says it stays: claims that hold data, and the password that opens them. */
export const uninstall: Step = {
  name: 'uninstall',
  async run(stage) {
    const { checks, cluster } = stage;
    for (const release of ['tmws', 'deps'])
      await checks.check(`uninstall: nothing of the release ${release} is left`, async () => {
        await cluster.helm(['uninstall', release, '--wait', '--timeout', '3m']);
        let left: string[] = [];
        await eventually(
          async () => {
            left = await objectsOf(stage, release);
            assert.deepEqual(
              left.filter((each) => !stays.test(each)),
              [],
            );
          },
          { timeoutMs: 60_000, everyMs: 1000 },
        );
        return left.length === 0 ? 'no object of any kind' : `only what says it stays: ${left.join(', ')}`;
      });
  },
};

const isKept = ({ annotations }: KubeObject['metadata']): boolean => annotations?.['helm.sh/resource-policy'] === 'keep';

async function objectsOf({ cluster }: Stage, release: string): Promise<string[]> {
  const kinds = (scope: string): Promise<string[]> =>
    cluster
      .kubectlAll(['api-resources', '--verbs=list', `--namespaced=${scope}`, '-o', 'name'])
      .then((text) => text.trim().split('\n'));
  const [own, global] = await Promise.all([kinds('true'), kinds('false')]);
  const found: string[] = [];
  // By label, and by name for what a label was forgotten on.
  for (const kind of own.filter((each) => !notOurs.test(each))) {
    const objects = await cluster.list(kind);
    const ours = objects.filter(
      ({ metadata }) => metadata.labels?.['app.kubernetes.io/instance'] === release || metadata.name.startsWith(`${release}-`),
    );
    found.push(...ours.map(({ metadata }) => `${kind}/${metadata.name}${isKept(metadata) ? kept : ''}`));
  }
  const selector = `app.kubernetes.io/instance=${release},app.kubernetes.io/part-of=tmws`;
  const wide = await cluster.kubectlAll([
    'get',
    global.filter((each) => !/metrics/.test(each)).join(','),
    '-l',
    selector,
    '-o',
    'name',
    '--ignore-not-found',
  ]);
  return [...found, ...wide.split('\n').filter((line) => line !== '')];
}
