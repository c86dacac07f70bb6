// Two replicas of alerting over one ledger, as Prometheus uses them: every alert goes to both.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually, startKafka, startPostgres, tempDir } from '@tmws/testkit';
import { openAlertSink, type AlertSink } from '../alert-sink.ts';
import { type AlertTaker, postAlerts, startAlerting } from '../alert-taker.ts';
import type { Say, Scenario } from '../scenario.ts';

export function alertReplicaScenarios(groups: number): Scenario[] {
  return [
    {
      name: `alerts two replicas: ${groups} groups are told once, also when one is killed`,
      seconds: 11,
      run: (say) => twoReplicas(groups, say),
    },
  ];
}

const config = (url: string): string => `
route:
  receiver: one
  group_by: [alertname]
  group_wait: 300ms
  group_interval: 1s
  routes: [{ receiver: two, continue: true }, { receiver: one }]
receivers:
  - { name: one, webhook_configs: [{ url: "${url}/one" }] }
  - { name: two, webhook_configs: [{ url: "${url}/two" }] }
`;
const paths = ['/one', '/two'];

async function twoReplicas(groups: number, say: Say): Promise<void> {
  await using dir = await tempDir('e2e-alerts');
  await using sink = await openAlertSink();
  const file = join(dir.path, 'alertmanager.yml');
  await writeFile(file, config(sink.url));
  await using postgres = await startPostgres();
  await using kafka = await startKafka();
  const servers = { databaseUrl: postgres.url, brokers: kafka.brokers };
  await using replicas = new AsyncDisposableStack();
  const start = async (): Promise<AlertTaker> => replicas.use(await startAlerting(servers, { ALERTING_CONFIG_FILE: file }));
  const [a, b] = await Promise.all([start(), start()]);

  await sameToBoth(a, b, sink, groups);
  const partsAt = await partsToEach(a, b, sink);
  const silencedMs = await silenceAtOne(a, b, sink);
  const resent = await oneKilled(a, b, sink, groups);
  say(
    `  ${groups} groups posted to both and ${partsAt} in parts: each told once at each of ${paths.length} receivers; a silence held at the other replica ` +
      `after ${silencedMs} ms; one killed: 0 lost, 0 told in two messages, ${resent} sent again under their key`,
  );
}

const names = (prefix: string, count: number): string[] => Array.from({ length: count }, (_, i) => `${prefix}-${i}`);

/** Waits until all are told everywhere, and asserts that nobody was told in two messages. @returns how many came again under their key */
async function toldOnce(sink: AlertSink, alertnames: readonly string[], limitMs: number): Promise<number> {
  const places = paths.flatMap((path) => alertnames.map((name) => [path, name] as const));
  const missing = () => places.filter(([path, name]) => sink.told(path, name).size === 0).map((place) => place.join(' '));
  await eventually(() => assert.deepEqual(missing(), [], 'accepted and never told'), { timeoutMs: limitMs });
  assert.deepEqual(
    places.filter(([path, name]) => sink.told(path, name).size > 1).map((place) => place.join(' ')),
    [],
    'told in two messages',
  );
  return places.filter(([path, name]) => [...sink.told(path, name).values()].some((times) => times > 1)).length;
}

async function sameToBoth(a: AlertTaker, b: AlertTaker, sink: AlertSink, groups: number): Promise<void> {
  const all = names('same', groups);
  for (let i = 0; i < all.length; i += 10) {
    const batch = all.slice(i, i + 10).map((alertname) => ({ alertname }));
    const accepted = await Promise.all([postAlerts(a, batch), postAlerts(b, batch)]);
    assert.deepEqual(accepted, [true, true]);
  }
  assert.equal(await toldOnce(sink, all, 15_000), 0);
  // Sent again, as Prometheus does each minute, nothing is news.
  await Promise.all(
    [a, b].map((each) =>
      postAlerts(
        each,
        all.map((alertname) => ({ alertname })),
      ),
    ),
  );
  await delay(1_500);
  assert.equal(await toldOnce(sink, all, 0), 0);
}

/** One group, of which each replica hears the half. */
async function partsToEach(a: AlertTaker, b: AlertTaker, sink: AlertSink): Promise<number> {
  const all = names('part', 10);
  const part = (instance: string) => all.map((alertname) => ({ alertname, instance }));
  await Promise.all([postAlerts(a, part('x')), postAlerts(b, part('y'))]);
  await toldOnce(sink, all, 15_000);
  return all.length;
}

async function silenceAtOne(a: AlertTaker, b: AlertTaker, sink: AlertSink): Promise<number> {
  const made = await fetch(`${a.url}/api/v2/silences`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      matchers: [{ name: 'alertname', value: 'silent-.*', isRegex: true }],
      startsAt: new Date().toISOString(),
      endsAt: new Date(Date.now() + 3_600_000).toISOString(),
      createdBy: 'ann',
      comment: 'planned',
    }),
  });
  assert.equal(made.status, 200);
  const begin = performance.now();
  await postAlerts(b, [{ alertname: 'silent-1' }]);
  await eventually(async () => {
    const answer = await fetch(`${b.url}/api/v2/alerts?active=false&filter=alertname%3D%22silent-1%22`);
    assert.equal(((await answer.json()) as unknown[]).length, 1, 'the other replica does not know the silence');
  });
  const tookMs = Math.round(performance.now() - begin);
  assert.ok(tookMs < 2_000, `a silence held at the other replica after ${tookMs} ms`);
  await postAlerts(b, [{ alertname: 'heard-1' }]);
  await toldOnce(sink, ['heard-1'], 15_000);
  assert.equal(sink.told('/one', 'silent-1').size, 0, 'told although it is silenced');
  return tookMs;
}

async function oneKilled(a: AlertTaker, b: AlertTaker, sink: AlertSink, groups: number): Promise<number> {
  const accepted: string[] = [];
  const all = names('killed', groups);
  for (const [i, alertname] of all.entries()) {
    const taken = await Promise.all([a, b].map((each) => postAlerts(each, [{ alertname }])));
    if (taken.includes(true)) accepted.push(alertname);
    if (i === Math.floor(groups / 2)) void a.kill();
  }
  assert.ok(accepted.length > groups / 2);
  // What the dead one had in hand is another's when its lease is over.
  return await toldOnce(sink, accepted, 45_000);
}
