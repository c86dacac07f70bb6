// The fleet as processes: all in one, or each service alone on real servers.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort, startProcess, type StartedProcess } from '@tmws/testkit';

const root = join(import.meta.dirname, '../..');
const main = (service: string): string => join(root, 'services', service, 'src/main.ts');

/** Something that answers HTTP and can be killed and started again at the same address. */
export interface Running {
  /** `http://host:port` */
  readonly url: string;
  readonly grpc: string;
  readonly kafka: string;
  /** Names of the processes that may be killed. */
  readonly processes: readonly string[];
  kill(name: string): Promise<void>;
  start(name: string): Promise<void>;
  pid(name: string): number;
  output(): string;
  stop(): Promise<void>;
}

/** The fleet in one process, on embedded stores, with a data folder of its own. */
export async function startOneProcess(dataDir: string, env: NodeJS.ProcessEnv = {}): Promise<Running> {
  const [http, grpc, kafka, admin] = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
  const settings = {
    TMWS_DATA_DIR: dataDir,
    TMWS_HTTP_PORT: String(http),
    TMWS_GRPC_PORT: String(grpc),
    TMWS_KAFKA_PORT: String(kafka),
    TMWS_ADMIN_PORT: String(admin),
    TMWS_LOG_LEVEL: 'warn',
    ...env,
  };
  return await together({ url: `http://127.0.0.1:${http}`, grpc: `127.0.0.1:${grpc}`, kafka: `127.0.0.1:${kafka}` }, [
    { name: 'fleet', start: () => startProcess([main('fleet')], { until: /^tmws ready$/, env: settings, timeoutMs: 60_000 }) },
  ]);
}

/** workflow-timeline and gateway as processes of their own, on the given servers. */
export async function startServices(servers: { databaseUrl: string; brokers: string }): Promise<Running> {
  const [http, grpc, ...admin] = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
  const shared = { TMWS_KAFKA_BROKERS: servers.brokers, TMWS_LOG_LEVEL: 'info' };
  const until = /"msg":"tmws ready"/;
  const timeline = {
    ...shared,
    TMWS_DATABASE_URL: servers.databaseUrl,
    TMWS_GRPC_PORT: String(grpc),
    TMWS_ADMIN_PORT: String(admin[0]),
  };
  const gateway = {
    ...shared,
    TMWS_HTTP_PORT: String(http),
    TMWS_ADMIN_PORT: String(admin[1]),
    GATEWAY_TIMELINE_ADDRESS: `127.0.0.1:${grpc}`,
  };
  const alone = (name: string, env: NodeJS.ProcessEnv) => ({
    name,
    // A service logs on standard error; startProcess reads standard output.
    start: () =>
      startProcess(['-c', 'exec "$0" "$1" 2>&1', process.execPath, main(name)], { command: 'sh', until, env, timeoutMs: 60_000 }),
  });
  return await together({ url: `http://127.0.0.1:${http}`, grpc: `127.0.0.1:${grpc}`, kafka: servers.brokers }, [
    alone('workflow-timeline', timeline),
    alone('gateway', gateway),
  ]);
}

interface Part {
  readonly name: string;
  readonly start: () => Promise<StartedProcess>;
}

async function together(addresses: { url: string; grpc: string; kafka: string }, parts: readonly Part[]): Promise<Running> {
  const running = new Map<string, StartedProcess>();
  const partOf = (name: string): Part => {
    const part = parts.find((one) => one.name === name);
    if (part === undefined) throw new Error(`there is no process ${name}`);
    return part;
  };
  const start = async (name: string): Promise<void> => void running.set(name, await partOf(name).start());
  await Promise.all(parts.map(({ name }) => start(name)));
  return {
    ...addresses,
    processes: parts.map(({ name }) => name),
    start,
    async kill(name) {
      await running.get(name)?.kill('SIGKILL');
    },
    pid: (name) => running.get(name)?.pid ?? 0,
    output: () => [...running].map(([name, one]) => `--- ${name}\n${one.output()}`).join('\n'),
    async stop() {
      for (const one of [...running.values()].reverse()) await one.kill('SIGTERM');
    },
  };
}

/** What the running fleet wrote about itself. */
export async function readAddresses(dataDir: string): Promise<Record<string, unknown>> {
  return JSON.parse(await readFile(join(dataDir, 'addresses.json'), 'utf8')) as Record<string, unknown>;
}
