import { strict as assert } from 'node:assert';
import { Client } from '../client.ts';
import type { Stage, Step } from '../stage.ts';

/** Who may reach what: a pod beside the fleet and one of another namespace are refused where they have no business. */
export const policies: Step = {
  name: 'policies',
  async run(stage) {
    const { cluster, checks, settings } = stage;
    const doors = doorsOf(cluster.namespace);
    const neighbour = new Client(cluster, 'neighbour');
    const stranger = new Client(cluster, 'stranger', cluster.strangers);
    await checks.check('policies: the way in is open, the servers are to who may', async () => {
      for (const [who, client] of [
        ['a neighbour', neighbour],
        ['a stranger', stranger],
      ] as const) {
        const { reached, how } = await client.reach(`tmws-gateway.${cluster.namespace}.svc`, 8080);
        assert.ok(reached, `${who} does not reach gateway:8080 (${how})`);
      }
      const { reached, how } = await stage.client.reach('deps-kafka', 9092);
      assert.ok(reached, `who may does not reach Kafka (${how})`);
      return 'gateway:8080 from both namespaces, Kafka from the pod that may';
    });
    await checks.check('policies: strangers are refused at every other door', async () => {
      if (!settings.policiesEnforced) return 'this cluster enforces none (E2E_NETWORK_POLICY=absent), so nothing was tried';
      const open: string[] = [];
      for (const [who, client] of [
        ['neighbour', neighbour],
        ['stranger', stranger],
      ] as const) {
        const tried = await Promise.all(
          doors.map(async ({ host, port }) => ({ host, port, ...(await client.reach(host, port)) })),
        );
        open.push(...tried.filter(({ reached }) => reached).map(({ host, port }) => `${who} reaches ${host}:${port}`));
      }
      assert.deepEqual(open, []);
      return `${doors.length} doors, from the namespace itself and from another: ${doors.map(nameOf).join(', ')}`;
    });
  },
};

interface Door {
  readonly host: string;
  readonly port: number;
}

const doorsOf = (namespace: Stage['cluster']['namespace']): Door[] =>
  [
    ['tmws-gateway', 50_051],
    ['tmws-gateway-headless', 9464],
    ['tmws-alerting', 50_051],
    ['tmws-alerting', 9093],
    ['tmws-alerting-headless', 9464],
    ['tmws-workflow-timeline', 50_051],
    ['tmws-workflow-timeline-headless', 9464],
    ['deps-kafka', 9092],
    ['deps-postgres', 5432],
    ['deps-redis', 6379],
  ].map(([name, port]) => ({ host: `${String(name)}.${namespace}.svc`, port: Number(port) }));

const nameOf = ({ host, port }: Door): string => `${host.split('.')[0] ?? host}:${port}`;
