// Alerts through Alertmanager's API: alerting beside Alertmanager in the same run, from the same client.
import { access, constants } from 'node:fs/promises';
import { startKafka, startPostgres, tempDir } from '@tmws/testkit';
import { alertmanager, type Contender, embedded, onServers } from './alerts-contenders.ts';
import { accepting, type Figures, listing, storm, telling } from './alerts-measures.ts';
import type { Bench } from './bench.ts';

const postgresSettings = { shared_buffers: '512MB', max_wal_size: '4GB', wal_buffers: '64MB', jit: 'off' };
const few = 3_000;
const groups = 20_000;

type Measure = (contender: Contender, seconds: number) => Promise<Figures>;

const measures: Readonly<Record<string, Measure>> = {
  accept: (contender) => (contender.name === 'embedded' ? accepting(contender, few, 60) : accepting(contender, 20_000, 600)),
  tell: (contender, seconds) => telling(contender, 100, seconds),
  standing: (contender, seconds) => telling(contender, 100, seconds, groups),
  storm: (contender) => storm(contender, groups),
  list: (contender) => listing(contender, groups),
};

/** What each part of the measurement is, of each contender: `accept_single_again_per_s_postgres`. */
export const alerts: Bench = {
  what: "alerts by Alertmanager's API into alerting on PostgreSQL 18 and Kafka 4.3, embedded, and into Alertmanager (BENCH_ALERTMANAGER) [--part accept,tell,standing,storm,list --seconds 10 --data postgres,alertmanager,embedded]",
  async run(options) {
    const parts = options.part?.split(',') ?? Object.keys(measures);
    await using dir = await tempDir('bench-alerts');
    await using kafka = await startKafka({ heapMb: 256, jvmOptions: [] });
    await using postgres = await startPostgres({ settings: postgresSettings });
    const peer = await peerProgram();
    const contenders = [
      onServers(dir, postgres, kafka),
      ...(peer === undefined ? [] : [alertmanager(dir, peer)]),
      embedded(dir),
    ].filter(({ name }) => options.data?.split(',').includes(name) ?? true);
    const figures: Figures = {};
    for (const part of parts) {
      const measure = measures[part];
      if (measure === undefined) throw new Error(`there is no part ${part}; there are ${Object.keys(measures).join(', ')}`);
      for (const contender of contenders) {
        const of = await measure(contender, Number(options.seconds ?? 10));
        for (const [figure, value] of Object.entries(of)) figures[`${part}_${figure}_${contender.name}`] = value;
      }
    }
    return figures;
  },
};

/** Alertmanager's program, if there is one. */
async function peerProgram(): Promise<string | undefined> {
  const program = process.env.BENCH_ALERTMANAGER;
  try {
    if (program !== undefined) await access(program, constants.X_OK);
  } catch (cause) {
    throw new Error(`BENCH_ALERTMANAGER: ${program ?? ''} is no program that can be run`, { cause });
  }
  if (program === undefined) {
    console.log(
      "Alertmanager is not measured: set BENCH_ALERTMANAGER to its program. Debian's package prometheus-alertmanager has it, and the releases of github.com/prometheus/alertmanager.",
    );
  }
  return program;
}
