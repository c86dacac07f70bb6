// Spans by OTLP/HTTP into workflow-timeline on Kafka and PostgreSQL: every part a process of its own, all on this machine.
import { strict as assert } from 'node:assert';
import { join } from 'node:path';
import { fromBinary } from '@bufbuild/protobuf';
import { ExportTraceServiceRequestSchema } from '@tmws/contracts/otlp';
import { eventually, freePort, startKafka, startPostgres, startProcess } from '@tmws/testkit';
import pg from 'pg';
import type { Bench } from './bench.ts';
import { bodyOf, spansPerRequest } from './otlp-bodies.ts';
import { startedHere, treeCpuSeconds } from './process-figures.ts';

const spans = 100_000;
const inFlight = 4;
const postgresSettings = { shared_buffers: '512MB', max_wal_size: '4GB', wal_buffers: '64MB', jit: 'off' };

/** How fast spans are accepted (durable) and how fast they can be asked for, for traces of 500 spans and of 8. */
export const otlp: Bench = {
  what: 'spans by OTLP/HTTP in requests of 500 into workflow-timeline on Kafka 4.3 and PostgreSQL 18: accepted/s, queryable/s, loss',
  async run() {
    await using kafka = await startKafka({ heapMb: 256, jvmOptions: [], settings: { 'num.partitions': '12' } });
    await using postgres = await startPostgres({ settings: postgresSettings });
    const [grpc, admin, otlpGrpc, otlpHttp] = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
    const env = {
      TMWS_KAFKA_BROKERS: kafka.brokers,
      TMWS_DATABASE_URL: postgres.url,
      TMWS_GRPC_PORT: String(grpc),
      TMWS_ADMIN_PORT: String(admin),
      TMWS_OTLP_GRPC_PORT: String(otlpGrpc),
      TMWS_OTLP_HTTP_PORT: String(otlpHttp),
      TMWS_LOG_LEVEL: 'info',
    };
    const main = join(import.meta.dirname, '../../services/workflow-timeline/src/main.ts');
    // A service logs on standard error; startProcess reads standard output.
    const args = ['-c', 'exec "$0" "$@" 2>&1', process.execPath, main];
    await using timeline = await startProcess(args, { command: 'sh', until: /"msg":"tmws ready"/, env, timeoutMs: 60_000 });
    const db = new pg.Client({ connectionString: postgres.url });
    await db.connect();
    const parts = (): Record<string, number> => ({
      kafka: startedHere('java').reduce((sum, pid) => sum + treeCpuSeconds(pid), 0),
      timeline: treeCpuSeconds(timeline.pid),
      postgres: startedHere('postgres').reduce((sum, pid) => Math.max(sum, treeCpuSeconds(pid)), 0),
    });
    const url = `http://127.0.0.1:${otlpHttp}`;
    const figures: Record<string, number> = { spans, goal_queryable_per_s: 12_000, ...decodeFloor() };
    await sent(url, db, 'warm', 500, 30_000);
    for (const perTrace of [500, 8]) {
      const before = parts();
      const told = await sent(url, db, `traces-of-${perTrace}`, perTrace, spans);
      const after = parts();
      const run = `of_${perTrace}`;
      figures[`${run}_accepted_per_s`] = told.acceptedPerS;
      figures[`${run}_queryable_per_s`] = told.queryablePerS;
      figures[`${run}_lost`] = told.lost;
      figures[`${run}_turned_away`] = told.turnedAway;
      figures[`${run}_cpu_s_per_100k_sender`] = (told.cpuSeconds / spans) * 100_000;
      for (const [part, cpu] of Object.entries(after))
        figures[`${run}_cpu_s_per_100k_${part}`] = ((cpu - (before[part] ?? 0)) / spans) * 100_000;
    }
    await db.end();
    await timeline.kill('SIGTERM');
    return figures;
  },
};

async function sent(url: string, db: pg.Client, namespace: string, perTrace: number, count: number) {
  const script = join(import.meta.dirname, 'otlp-sender.ts');
  const args = [script, url, namespace, String(perTrace), String(count / spansPerRequest), String(inFlight)];
  await using child = await startProcess(args, { until: /^\{/, timeoutMs: 300_000 });
  const told = JSON.parse(child.ready.input) as { beganMs: number; endedMs: number; cpuSeconds: number; turnedAway: number };
  let stored = 0;
  await eventually(
    async () => {
      const sum = 'SELECT coalesce(sum(step_count), 0) AS n FROM timeline.executions WHERE namespace = $1';
      const { rows } = await db.query<{ n: string }>(sum, [namespace]);
      stored = Number(rows[0]?.n ?? 0);
      assert.ok(stored >= count, `${stored} of ${count} spans can be asked for`);
    },
    { timeoutMs: 120_000, everyMs: 50 },
  );
  const seconds = (Date.now() - told.beganMs) / 1000;
  const { rows } = await db.query<{ open: string }>(
    `SELECT count(*) AS open FROM timeline.executions WHERE namespace = $1 AND status <> 'completed'`,
    [namespace],
  );
  assert.equal(Number(rows[0]?.open), 0, 'every trace has ended with its root');
  return {
    ...told,
    acceptedPerS: (count / (told.endedMs - told.beganMs)) * 1000,
    queryablePerS: count / seconds,
    lost: count - stored,
  };
}

/** What the generic decoder takes for the same requests, with nothing done about them. */
function decodeFloor(): Record<string, number> {
  const { bytes } = bodyOf('floor', 500);
  const decode = (times: number): void => {
    for (let i = 0; i < times; i++) fromBinary(ExportTraceServiceRequestSchema, bytes);
  };
  decode(20);
  const before = process.cpuUsage();
  decode(100);
  const { user, system } = process.cpuUsage(before);
  return { floor_generic_decode_cpu_s_per_100k: ((user + system) / 1e6 / (100 * spansPerRequest)) * 100_000 };
}
