// workflow-timeline on a host of its own, over embedded stores or over the servers the environment names.
import { openGrpcClient, TimelineService, type Caller } from '@tmws/contracts';
import { openBroker } from '@tmws/kafka-wire';
import { type Host, loadHostConfig, openHost } from '@tmws/lifecycle';
import { openLog } from '@tmws/log';
import { openLogger } from '@tmws/telemetry';
import { tempDir } from '@tmws/testkit';
import pg from 'pg';
import { createApp, loadConfig } from '../src/app.ts';

export interface Servers {
  readonly databaseUrl: string;
  readonly brokers: string;
}

const logger = openLogger('test', 'silent');

/** A database of its own on the given server, so that suites do not meet. */
async function freshDatabase(url: string): Promise<string> {
  const name = `timeline_${process.pid}_${Math.random().toString(36).slice(2, 10)}`;
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  return Object.assign(new URL(url), { pathname: `/${name}` }).toString();
}

async function embeddedLog(dir: string) {
  const log = await openLog({ dir, logger });
  const broker = await openBroker({ log, logger });
  return {
    brokers: `${broker.host}:${broker.port}`,
    close: async () => {
      await broker.close();
      await log.close();
    },
  };
}

/** Starts it, with settings of its own on top. `sendJson` publishes a record as it is; `caller` is of a namespace no other test uses. */
export async function startTimeline(servers: Servers | undefined, clock: () => number, env: NodeJS.ProcessEnv = {}) {
  const dir = await tempDir('timeline');
  const embedded = servers === undefined ? await embeddedLog(`${dir.path}/log`) : undefined;
  const config = loadHostConfig('test', {
    TMWS_DATA_DIR: dir.path,
    TMWS_GRPC_PORT: '0',
    TMWS_ADMIN_PORT: '0',
    TMWS_OTLP_GRPC_PORT: '0',
    TMWS_OTLP_HTTP_PORT: '0',
    TMWS_LOG_LEVEL: 'silent',
    ...(process.env.TMWS_CACHE_DIR !== undefined && { TMWS_CACHE_DIR: process.env.TMWS_CACHE_DIR }),
    ...(servers !== undefined && { TMWS_DATABASE_URL: await freshDatabase(servers.databaseUrl) }),
  });
  const host: Host = await openHost({ name: 'test', config, brokers: [servers?.brokers ?? embedded?.brokers ?? ''] });
  const app = await createApp(loadConfig({ TIMELINE_WATCH_INTERVAL: '20ms', ...env }), host, { clock });
  const { grpc, otlpGrpc = 0, otlpHttp = 0 } = await host.listen();
  const address = (): string => `127.0.0.1:${grpc ?? 0}`;
  const client = openGrpcClient(TimelineService, address, { timeoutMs: 10_000 });
  const namespace = `t${Math.random().toString(36).slice(2, 12)}`;
  const caller: Caller = { namespace, principal: 'test', requestId: 'test' };
  return {
    host,
    address,
    otlpGrpc: `127.0.0.1:${otlpGrpc}`,
    otlpHttp: `http://127.0.0.1:${otlpHttp}`,
    client,
    caller,
    namespace,
    options: { caller },
    async stop() {
      client.close();
      await app.stop();
      await host.close();
      await embedded?.close();
      await dir.remove();
    },
  };
}
