// Two replicas of each service, restarted one after the other by SIGTERM as a Deployment does, while clients go on.
import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually, freePort, startKafka, startPostgres, startProcess, type StartedProcess } from '@tmws/testkit';
import { openDoors } from '../ready-door.ts';
import type { Say, Scenario } from '../scenario.ts';

export function rollingRestartScenarios(rounds: number): Scenario[] {
  return [
    {
      name: 'rolling restart: two replicas of each service, one after the other; no request fails',
      seconds: 40,
      run: (say) => roll(rounds, say),
    },
  ];
}

const root = join(import.meta.dirname, '../../..');
const portNames = ['HTTP', 'GRPC', 'ADMIN', 'OTLP_GRPC', 'OTLP_HTTP', 'ALERTMANAGER'] as const;
type Ports = Readonly<Record<(typeof portNames)[number], number>>;
const own: NodeJS.ProcessEnv = {
  // Longer than an idle HTTP connection is kept, so that none is closed as a client takes it up.
  TMWS_DRAIN_DELAY: '6s',
  TMWS_GRPC_MAX_CONNECTION_AGE: '2s',
  TMWS_MIGRATE: 'wait',
};

/** Two replicas of a service, each always at its own ports. */
async function openPair(service: string, env: NodeJS.ProcessEnv) {
  const start = (ports: Ports): Promise<StartedProcess> =>
    startProcess(['-c', 'exec "$0" "$1" 2>&1', process.execPath, join(root, 'services', service, 'src/main.ts')], {
      command: 'sh',
      until: /"msg":"tmws ready"/,
      timeoutMs: 60_000,
      env: { ...env, ...Object.fromEntries(portNames.map((name) => [`TMWS_${name}_PORT`, String(ports[name])])) },
    });
  const takePorts = async (): Promise<Ports> =>
    Object.fromEntries(await Promise.all(portNames.map(async (name) => [name, await freePort()] as const))) as Ports;
  const replicas = await Promise.all(
    [0, 1].map(async () => {
      const ports = await takePorts();
      return { ports, process: await start(ports) };
    }),
  );
  const doors = openDoors(replicas.map(({ ports }) => ({ admin: ports.ADMIN })));
  return {
    door: (name: (typeof portNames)[number]) => doors.before(replicas.map(({ ports }) => ports[name])),
    /** Ends one and starts it again. @returns how long it took to end, ms */
    async restart(i: number): Promise<number> {
      const replica = replicas[i % replicas.length];
      assert.ok(replica !== undefined);
      const begin = performance.now();
      assert.deepEqual(await replica.process.kill('SIGTERM'), { code: 0, signal: null }, replica.process.output());
      const tookMs = performance.now() - begin;
      replica.process = await start(replica.ports);
      return tookMs;
    },
    async [Symbol.asyncDispose]() {
      await doors[Symbol.asyncDispose]();
      await Promise.all(replicas.map((each) => each.process[Symbol.asyncDispose]()));
    },
  };
}

/** What a client did: how often, and what went wrong. */
interface Tally {
  done: number;
  readonly failed: string[];
}

async function roll(rounds: number, say: Say): Promise<void> {
  await using postgres = await startPostgres();
  await using kafka = await startKafka();
  const env = { ...own, TMWS_DATABASE_URL: postgres.url, TMWS_KAFKA_BROKERS: kafka.brokers };
  await Promise.all(['workflow-timeline', 'alerting'].map((service) => migrate(service, env)));
  await using timeline = await openPair('workflow-timeline', env);
  await using alerting = await openPair('alerting', env);
  const addresses = {
    GATEWAY_TIMELINE_ADDRESS: await timeline.door('GRPC'),
    GATEWAY_ALERTING_ADDRESS: await alerting.door('GRPC'),
    GATEWAY_ALERTMANAGER_ADDRESS: await alerting.door('ALERTMANAGER'),
  };
  await using gateway = await openPair('gateway', { ...env, ...addresses });

  const url = `http://${await gateway.door('HTTP')}`;
  const otlp = `http://${await timeline.door('OTLP_HTTP')}`;
  const clients = openClients(url, otlp);
  const ends = new Map<string, number>();
  for (let i = 0; i < rounds * 2; i++) {
    await Promise.all(
      Object.entries({ timeline, alerting, gateway }).map(async ([name, pair]) => {
        const tookMs = await pair.restart(i);
        ends.set(name, Math.max(ends.get(name) ?? 0, tookMs));
      }),
    );
    // As long as a replica has to be ready before the next one is ended.
    await delay(500);
  }
  const { tallies, slowestMs, ids, traces } = await clients.stop();
  const told = Object.entries(tallies).map(([name, { done }]) => `${done} ${name}`);
  assert.deepEqual(Object.fromEntries(Object.entries(tallies).map(([name, { failed }]) => [name, failed])), {
    posts: [],
    reads: [],
    alerts: [],
    spans: [],
  });
  await eachOnce(url, ids, traces);
  const stops = [...ends].map(([name, ms]) => `${name} ${Math.round(ms)}`).join(', ');
  say(
    `  ${told.join(', ')}: 0 failed, 0 lost, 0 doubled; an event was readable after ${Math.round(slowestMs)} ms at worst; ` +
      `SIGTERM to the end within ms (6,000 of them serving): ${stops}`,
  );
}

async function migrate(service: string, env: NodeJS.ProcessEnv): Promise<void> {
  await using run = await startProcess(
    ['-c', '"$0" "$1" migrate 2>&1; echo "ended $?"', process.execPath, join(root, 'services', service, 'src/main.ts')],
    { command: 'sh', until: /^ended \d+$/, env, timeoutMs: 60_000 },
  );
  assert.equal(run.ready[0], 'ended 0', run.output());
}

/** Clients that go on until they are stopped, and never try a request twice. */
function openClients(url: string, otlp: string) {
  const stopping = new AbortController();
  const tally = (): Tally => ({ done: 0, failed: [] });
  const tallies = { posts: tally(), reads: tally(), alerts: tally(), spans: tally() };
  const [ids, traces]: [string[], string[]] = [[], []];
  const state = { slowestMs: 0 };

  const send = async (to: Tally, at: string, body: unknown, type = 'application/json'): Promise<boolean> => {
    try {
      const sent = { method: 'POST', headers: { 'content-type': type }, body: JSON.stringify(body) };
      const answer = await fetch(at, { ...sent, signal: AbortSignal.timeout(10_000) });
      const text = await answer.text();
      to.done++;
      if (!answer.ok) to.failed.push(`${answer.status} ${text}`);
      return answer.ok;
    } catch (error) {
      to.failed.push(`${String(error)} ${String((error as Error).cause)}`);
      return false;
    }
  };
  /** Asked until it is there, which the gateway asks workflow-timeline over gRPC: that is one read a look, and how long an event takes. */
  const untilRead = async (id: string): Promise<void> => {
    const begin = performance.now();
    for (let status = 0; status !== 200;) {
      try {
        const answer = await fetch(`${url}/api/v1/executions/${id}`, { signal: AbortSignal.timeout(10_000) });
        const text = await answer.text();
        status = answer.status;
        if (status !== 200 && status !== 404) tallies.reads.failed.push(`${status} ${text}`);
      } catch (error) {
        tallies.reads.failed.push(`${String(error)} ${String((error as Error).cause)}`);
      }
      tallies.reads.done++;
      if (status !== 200 && performance.now() - begin > 30_000) throw new Error(`${id} was accepted and cannot be read`);
      if (status !== 200) await delay(20);
    }
    state.slowestMs = Math.max(state.slowestMs, performance.now() - begin);
  };
  const again = async (work: () => Promise<void>): Promise<void> => {
    while (!stopping.signal.aborted) {
      await work();
      await delay(10);
    }
  };
  const working = Promise.all([
    ...[1, 2, 3].map(() =>
      again(async () => {
        const id = `rolling-${randomUUID()}`;
        const time = new Date().toISOString();
        const event = {
          ...{ specversion: '1.0', id, source: '/e2e', type: 'tmws.execution.completed', time },
          data: { executionId: id, startedAt: time, finishedAt: time },
        };
        if (!(await send(tallies.posts, `${url}/api/v1/events`, event, 'application/cloudevents+json'))) return;
        ids.push(id);
        await untilRead(id);
      }),
    ),
    again(async () => {
      await send(tallies.alerts, `${url}/alertmanager/api/v2/alerts`, [{ labels: { alertname: 'rolling' } }]);
    }),
    again(async () => {
      const traceId = randomBytes(16).toString('hex');
      if (await send(tallies.spans, `${otlp}/v1/traces`, oneSpan(traceId))) traces.push(traceId);
    }),
  ]);
  return {
    async stop() {
      stopping.abort();
      await working;
      return { tallies, slowestMs: state.slowestMs, ids, traces };
    },
  };
}

function oneSpan(traceId: string) {
  const nowNs = BigInt(Date.now()) * 1_000_000n;
  const span = {
    ...{ traceId, spanId: traceId.slice(0, 16), name: 'rolling' },
    startTimeUnixNano: String(nowNs - 1_000_000n),
    endTimeUnixNano: String(nowNs),
  };
  return { resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] };
}

/** Every accepted event is there and was applied once; every trace is there. */
async function eachOnce(url: string, ids: readonly string[], traces: readonly string[]): Promise<void> {
  assert.ok(ids.length > 0 && traces.length > 0);
  const executionOf = async (id: string): Promise<{ revision?: string }> =>
    (await (await fetch(`${url}/api/v1/executions/${id}`)).json()) as { revision?: string };
  for (let i = 0; i < ids.length; i += 20) {
    const some = await Promise.all(ids.slice(i, i + 20).map(executionOf));
    assert.deepEqual(new Set(some.map(({ revision }) => revision)), new Set(['1']));
  }
  for (const id of traces) await eventually(async () => assert.ok((await executionOf(id)).revision !== undefined, `trace ${id}`));
}
