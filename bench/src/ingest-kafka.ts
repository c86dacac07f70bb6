// Step events by Kafka into workflow-timeline on PostgreSQL: every part a process of its own, all on this machine.
import { strict as assert } from 'node:assert';
import { join } from 'node:path';
import {
  eventually,
  freePort,
  type KafkaServer,
  type PostgresServer,
  startKafka,
  startPostgres,
  startProcess,
} from '@tmws/testkit';
import pg from 'pg';
import { copyFloor } from './copy-floor.ts';
import { type CountAt, lagOf } from './lag.ts';
import type { Bench } from './bench.ts';
import { startedHere, treeCpuSeconds } from './process-figures.ts';
import { produce } from './producer.ts';

const defaultRates = [10_000, 15_000, 20_000, 25_000];
const defaultSeconds = 30;
const warmRecords = 100_000;
const defaultExecutions = 50;
const floorRows = 100_000;

const postgresSettings = { shared_buffers: '512MB', max_wal_size: '4GB', wal_buffers: '64MB', jit: 'off' };

/** At each rate: what was stored a second while it lasted, how far it lagged, and what each part cost. */
export const ingestKafka: Bench = {
  what: 'step events by Kafka 4.3 (librdkafka, acks=all) into workflow-timeline on PostgreSQL 18 [--rates 15000,25000 --seconds 30 --executions 50]',
  async run(options) {
    const rates = options.rates?.split(',').map(Number) ?? defaultRates;
    const seconds = Number(options.seconds ?? defaultSeconds);
    const executions = Number(options.executions ?? defaultExecutions);
    await using kafka = await startKafka({ heapMb: 256, jvmOptions: [], settings: { 'num.partitions': '12' } });
    await using postgres = await startPostgres({ settings: postgresSettings });
    const figures: Record<string, number> = { executions, seconds_per_rate: seconds };
    Object.assign(figures, await floors(kafka, postgres));

    await using timeline = await startTimeline(kafka, postgres);
    const db = new pg.Client({ connectionString: postgres.url });
    await db.connect();
    const parts = (): Record<string, number> => ({
      kafka: startedHere('java').reduce((sum, pid) => sum + treeCpuSeconds(pid), 0),
      consumer: treeCpuSeconds(timeline.pid),
      postgres: startedHere('postgres').reduce((sum, pid) => Math.max(sum, treeCpuSeconds(pid)), 0),
    });
    const offer = { brokers: kafka.brokers, topic: 'tmws.workflow', executions };
    await counted(db, 'warm', warmRecords, () => produce({ ...offer, rate: 0, count: warmRecords, run: 'warm' }));
    for (const rate of rates) {
      const run = `r${rate}`;
      const before = parts();
      const count = rate * seconds;
      const { result, stored } = await counted(db, run, count, () => produce({ ...offer, rate, count, run }));
      const after = parts();
      const { taken } = result;
      const lag = lagOf(taken, stored);
      const inTime = stored.findLast(({ atMs }) => atMs <= (taken.at(-1)?.atMs ?? 0))?.count ?? 0;
      const cost = { producer: result.cpuSeconds, ...difference(after, before) };
      figures[`${run}_stored_per_s`] = (inTime / ((taken.at(-1)?.atMs ?? 0) - (taken[0]?.atMs ?? 0))) * 1000;
      figures[`${run}_all_stored_per_s`] = (count / ((stored.at(-1)?.atMs ?? 0) - (taken[0]?.atMs ?? 0))) * 1000;
      figures[`${run}_lag_flat`] = Number(lag.flat);
      figures[`${run}_lag_early_records`] = lag.early;
      figures[`${run}_lag_late_records`] = lag.late;
      figures[`${run}_queryable_p50_ms`] = lag.p50Ms;
      figures[`${run}_queryable_p99_ms`] = lag.p99Ms;
      for (const [part, cpu] of Object.entries(cost)) figures[`${run}_cpu_s_per_100k_${part}`] = (cpu / count) * 100_000;
      figures[`${run}_cpu_s_per_100k_all`] = (Object.values(cost).reduce((sum, cpu) => sum + cpu, 0) / count) * 100_000;
      Object.assign(figures, await checked(db, run, count));
    }
    await db.end();
    await timeline.kill('SIGTERM');
    return figures;
  },
};

async function floors(kafka: KafkaServer, postgres: PostgresServer): Promise<Record<string, number>> {
  const alone = await produce({
    brokers: kafka.brokers,
    topic: 'floor',
    rate: 0,
    count: floorRows,
    executions: 50,
    run: 'floor',
  });
  const [first, last] = [alone.taken[0], alone.taken.at(-1)];
  const copied = await copyFloor(postgres.url, floorRows);
  return {
    floor_produce_per_s: (floorRows / ((last?.atMs ?? 0) - (first?.atMs ?? 0))) * 1000,
    floor_produce_cpu_s_per_100k: alone.cpuSeconds,
    floor_copy_per_s: floorRows / copied,
  };
}

async function startTimeline(kafka: KafkaServer, postgres: PostgresServer) {
  const [grpc, admin] = await Promise.all([freePort(), freePort()]);
  const main = join(import.meta.dirname, '../../services/workflow-timeline/src/main.ts');
  const env = {
    TMWS_KAFKA_BROKERS: kafka.brokers,
    TMWS_DATABASE_URL: postgres.url,
    TMWS_GRPC_PORT: String(grpc),
    TMWS_ADMIN_PORT: String(admin),
    TMWS_OTLP_GRPC_PORT: '0',
    TMWS_OTLP_HTTP_PORT: '0',
    TMWS_LOG_LEVEL: 'info',
  };
  // A service logs on standard error; startProcess reads standard output.
  const args = ['-c', 'exec "$0" "$@" 2>&1', process.execPath, ...nodeOptions(), main];
  return await startProcess(args, { command: 'sh', until: /"msg":"tmws ready"/, env, timeoutMs: 60_000 });
}

/** Of the service, as `BENCH_NODE_OPTIONS`: "--cpu-prof --cpu-prof-dir=/tmp/x". */
function nodeOptions(): string[] {
  return (process.env.BENCH_NODE_OPTIONS ?? '').split(' ').filter((option) => option !== '');
}

/** Does the work and samples what can be asked for until it is all there. */
async function counted<T>(
  db: pg.Client,
  run: string,
  count: number,
  work: () => Promise<T>,
): Promise<{ result: T; stored: CountAt[] }> {
  const stored: CountAt[] = [];
  const sample = async (): Promise<number> => {
    const { rows } = await db.query<{ n: string | null }>(
      'SELECT sum(step_count) AS n FROM timeline.executions WHERE workflow_name = $1',
      [`bench-${run}`],
    );
    const n = Number(rows[0]?.n ?? 0);
    stored.push({ atMs: Date.now(), count: n });
    return n;
  };
  const all = eventually(async () => assert.equal(await sample(), count), { timeoutMs: 300_000, everyMs: 50 });
  const [result] = await Promise.all([work(), all]);
  return { result, stored };
}

async function checked(db: pg.Client, run: string, count: number): Promise<Record<string, number>> {
  const { rows } = await db.query<{ steps: string; facts: string; attempts: string }>(
    `SELECT sum(e.step_count) AS steps,
       (SELECT count(*) FROM timeline.facts f WHERE f.event_id LIKE $2) AS facts,
       (SELECT count(*) FROM timeline.attempts a JOIN timeline.executions x ON x.no = a.execution_no WHERE x.workflow_name = $1) AS attempts
     FROM timeline.executions e WHERE workflow_name = $1`,
    [`bench-${run}`, `${run}-%`],
  );
  const [row] = rows;
  assert.equal(Number(row?.steps), count);
  assert.equal(Number(row?.attempts), count);
  return { [`${run}_lost`]: count - Number(row?.steps), [`${run}_doubled`]: Number(row?.facts) - count };
}

function difference(after: Record<string, number>, before: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(after).map(([part, cpu]) => [part, cpu - (before[part] ?? 0)]));
}
