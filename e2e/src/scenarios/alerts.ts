// Alerts that were accepted are told, whatever is killed; nobody is told twice.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually, startKafka, startPostgres, tempDir } from '@tmws/testkit';
import { type Running, startOneProcess, startServices } from '../fleet.ts';
import type { Say, Scenario } from '../scenario.ts';

export function alertScenarios(rounds: number): Scenario[] {
  return [
    {
      name: `alerts, one process: ${rounds} times kill -9 while alerts come in and are told`,
      seconds: 23,
      run: (say) => oneProcess(rounds, say),
    },
    {
      name: `alerts, real servers: ${rounds} times kill -9 of alerting or Postgres`,
      seconds: 44,
      run: (say) => realServers(rounds, say),
    },
  ];
}

/** Accepted, at least, before each kill. */
const perRound = 15;

const config = (url: string): string => `
route: { receiver: sink, group_by: [alertname], group_wait: 100ms, group_interval: 1s, repeat_interval: 4h }
receivers: [{ name: sink, webhook_configs: [{ url: "${url}" }] }]
`;

async function oneProcess(rounds: number, say: Say): Promise<void> {
  await using dir = await tempDir('e2e-alerts');
  await using sink = await openSink();
  const file = join(dir.path, 'alertmanager.yml');
  await writeFile(file, config(sink.url));
  const fleet = await startOneProcess(join(dir.path, 'data'), { ALERTING_CONFIG_FILE: file });
  try {
    await killed(fleet, sink, ['fleet'], rounds, say, (name) => fleet.kill(name).then(() => fleet.start(name)));
  } finally {
    await fleet.stop();
  }
}

async function realServers(rounds: number, say: Say): Promise<void> {
  await using dir = await tempDir('e2e-alerts');
  await using sink = await openSink();
  const file = join(dir.path, 'alertmanager.yml');
  await writeFile(file, config(sink.url));
  await using postgres = await startPostgres();
  await using kafka = await startKafka();
  const fleet = await startServices({ databaseUrl: postgres.url, brokers: kafka.brokers }, { ALERTING_CONFIG_FILE: file });
  const parts: Readonly<Record<string, { kill(): Promise<void>; start(): Promise<void> }>> = {
    alerting: { kill: () => fleet.kill('alerting'), start: () => fleet.start('alerting') },
    postgres,
  };
  try {
    await killed(fleet, sink, Object.keys(parts), rounds, say, async (name) => {
      await parts[name]?.kill();
      await parts[name]?.start();
    });
  } finally {
    await fleet.stop();
  }
}

/** Sends alerts all the while something is killed and started again, then waits for all that were acknowledged. */
async function killed(
  fleet: Running,
  sink: Sink,
  names: readonly string[],
  rounds: number,
  say: Say,
  kill: (name: string) => Promise<void>,
): Promise<void> {
  const accepted = new Set<string>();
  const state = { over: false };
  const send = async (sender: number): Promise<void> => {
    for (let i = 0; !state.over; i++) {
      const alertname = `a${sender}-${i}`;
      const answer = await fetch(`${fleet.alertmanager}/api/v2/alerts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify([{ labels: { alertname } }]),
      }).catch(() => undefined);
      if (answer?.status === 200) accepted.add(alertname);
      else await delay(20);
      await answer?.arrayBuffer();
      await delay(5);
    }
  };
  const senders = [0, 1, 2, 3].map(send);
  for (let round = 0; round < rounds; round++) {
    const before = accepted.size;
    await eventually(() => accepted.size >= before + perRound, { timeoutMs: 60_000 });
    await delay(Math.random() * 400);
    await kill(names[round % names.length] ?? '');
  }
  state.over = true;
  await Promise.all(senders);
  const missing = (): string[] => [...accepted].filter((name) => !sink.told.has(name));
  for (let waited = 0; missing().length > 0 && waited < 90_000; waited += 200) await delay(200);
  assert.deepEqual(missing(), [], 'accepted and never told');
  const twice = [...sink.told].filter(([, ids]) => ids.size > 1).map(([name]) => name);
  assert.deepEqual(twice, [], 'told in two messages');
  say(
    `  ${accepted.size} alerts acknowledged, 0 lost, 0 told in two messages; ${sink.repeats} messages sent again under their id`,
  );
}

interface Sink extends AsyncDisposable {
  readonly url: string;
  /** By alert, the ids of messages that told it as firing. */
  readonly told: Map<string, Set<string>>;
  /** Messages that came again under an id that was known: whoever keeps ids leaves them out. */
  readonly repeats: number;
}

async function openSink(): Promise<Sink> {
  const told = new Map<string, Set<string>>();
  const seen = new Set<string>();
  const state = { repeats: 0 };
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => void parts.push(part));
    request.on('end', () => {
      const id = String(request.headers['idempotency-key']);
      if (seen.has(id)) state.repeats++;
      seen.add(id);
      const body = JSON.parse(Buffer.concat(parts).toString()) as { alerts: { status: string; labels: { alertname: string } }[] };
      for (const { status, labels } of body.alerts) {
        if (status === 'firing') told.set(labels.alertname, (told.get(labels.alertname) ?? new Set()).add(id));
      }
      response.end('ok');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    told,
    get repeats() {
      return state.repeats;
    },
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
