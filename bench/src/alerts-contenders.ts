// Who is measured, each started with the same configuration file: alerting on Postgres and Kafka, the fleet in one process, Alertmanager.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startOneProcess } from '@tmws/e2e';
import {
  eventually,
  freePort,
  type KafkaServer,
  type PostgresServer,
  startChild,
  startProcess,
  type TempDir,
} from '@tmws/testkit';
import pg from 'pg';
import { startedHere, treeCpuSeconds } from './process-figures.ts';

export interface Contender {
  readonly name: string;
  /** Afresh: nothing is known there. */
  start(config: string): Promise<Started>;
}

export interface Started {
  readonly url: string;
  /** Of each of its processes, so far. */
  cpu(): Record<string, number>;
  stop(): Promise<void>;
}

/** alerting as a process of its own, with a database of its own each time. */
export function onServers(dir: TempDir, postgres: PostgresServer, kafka: KafkaServer): Contender {
  let databases = 0;
  return {
    name: 'postgres',
    async start(config) {
      const database = `alerts_${++databases}`;
      const client = new pg.Client({ connectionString: postgres.url });
      await client.connect();
      await client.query(`CREATE DATABASE ${database}`);
      await client.end();
      const [admin, port] = await Promise.all([freePort(), freePort()]);
      const env = {
        ALERTING_CONFIG_FILE: await configFile(dir, database, config),
        TMWS_DATABASE_URL: postgres.url.replace(/\/[^/]*$/, `/${database}`),
        TMWS_KAFKA_BROKERS: kafka.brokers,
        TMWS_ADMIN_PORT: String(admin),
        TMWS_ALERTMANAGER_PORT: String(port),
        TMWS_GRPC_PORT: '0',
        TMWS_LOG_LEVEL: 'info',
      };
      const main = join(import.meta.dirname, '../../services/alerting/src/main.ts');
      const options = (process.env.BENCH_NODE_OPTIONS ?? '').split(' ').filter((option) => option !== '');
      // A service logs on standard error; startProcess reads standard output.
      const args = ['-c', 'exec "$0" "$@" 2>&1', process.execPath, ...options, main];
      const alerting = await startProcess(args, { command: 'sh', until: /"msg":"tmws ready"/, env, timeoutMs: 60_000 });
      return {
        url: `http://127.0.0.1:${port}`,
        cpu: () => ({
          alerting: treeCpuSeconds(alerting.pid),
          database: startedHere('postgres').reduce((sum, pid) => Math.max(sum, treeCpuSeconds(pid)), 0),
          kafka: startedHere('java').reduce((sum, pid) => sum + treeCpuSeconds(pid), 0),
        }),
        async stop() {
          await alerting.kill();
        },
      };
    },
  };
}

/** The fleet in one process, on its embedded database and log. */
export function embedded(dir: TempDir): Contender {
  let folders = 0;
  return {
    name: 'embedded',
    async start(config) {
      const folder = `embedded-${++folders}`;
      const fleet = await startOneProcess(join(dir.path, folder), {
        ALERTING_CONFIG_FILE: await configFile(dir, folder, config),
      });
      return {
        url: fleet.alertmanager,
        cpu: () => ({ fleet: treeCpuSeconds(fleet.pid('fleet')) }),
        stop: () => fleet.stop(),
      };
    },
  };
}

/** Alertmanager without its cluster, on an empty folder. */
export function alertmanager(dir: TempDir, program: string): Contender {
  let folders = 0;
  return {
    name: 'alertmanager',
    async start(config) {
      const folder = `alertmanager-${++folders}`;
      const port = await freePort();
      const storage = join(dir.path, folder);
      await mkdir(storage);
      const child = await startChild(program, [
        `--config.file=${await configFile(dir, folder, config)}`,
        `--storage.path=${storage}`,
        `--web.listen-address=127.0.0.1:${port}`,
        '--cluster.listen-address=',
        '--log.level=warn',
      ]);
      const url = `http://127.0.0.1:${port}`;
      await eventually(async () => {
        if (child.exit() !== undefined) throw new Error(`${program} ended: ${child.output()}`);
        const { ok } = await fetch(`${url}/-/ready`);
        if (!ok) throw new Error('Alertmanager is not ready');
      });
      return { url, cpu: () => ({ alertmanager: treeCpuSeconds(child.pid) }), stop: () => child.kill() };
    },
  };
}

async function configFile(dir: TempDir, name: string, config: string): Promise<string> {
  const file = join(dir.path, `${name}.yml`);
  await writeFile(file, config);
  return file;
}
