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
  readonly otlpGrpc: string;
  /** `http://host:port` */
  readonly otlpHttp: string;
  /** Alertmanager's API, `http://host:port`. */
  readonly alertmanager: string;
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
  const [http, grpc, kafka, admin, otlpGrpc, otlpHttp, alertmanager] = await freePorts();
  const settings = {
    TMWS_DATA_DIR: dataDir,
    TMWS_HTTP_PORT: String(http),
    TMWS_GRPC_PORT: String(grpc),
    TMWS_KAFKA_PORT: String(kafka),
    TMWS_ADMIN_PORT: String(admin),
    TMWS_OTLP_GRPC_PORT: String(otlpGrpc),
    TMWS_OTLP_HTTP_PORT: String(otlpHttp),
    TMWS_ALERTMANAGER_PORT: String(alertmanager),
    TMWS_LOG_LEVEL: 'warn',
    ...env,
  };
  const addresses = { ...addressesOf({ http, grpc, otlpGrpc, otlpHttp, alertmanager }), kafka: `127.0.0.1:${kafka}` };
  return await together(addresses, [
    { name: 'fleet', start: () => startProcess([main('fleet')], { until: /^tmws ready$/, env: settings, timeoutMs: 60_000 }) },
  ]);
}

/** Each service as a process of its own, on the given servers; alerting only with settings of its own. */
export async function startServices(
  servers: { databaseUrl: string; brokers: string },
  alertingEnv?: NodeJS.ProcessEnv,
): Promise<Running> {
  const [http, grpc, timelineAdmin, gatewayAdmin, otlpGrpc, otlpHttp, alertmanager, alertingAdmin, alertingGrpc] =
    await freePorts();
  const shared = { TMWS_KAFKA_BROKERS: servers.brokers, TMWS_LOG_LEVEL: 'info' };
  const until = /"msg":"tmws ready"/;
  const timeline = {
    ...shared,
    TMWS_DATABASE_URL: servers.databaseUrl,
    TMWS_GRPC_PORT: String(grpc),
    TMWS_ADMIN_PORT: String(timelineAdmin),
    TMWS_OTLP_GRPC_PORT: String(otlpGrpc),
    TMWS_OTLP_HTTP_PORT: String(otlpHttp),
  };
  const alerting = {
    ...shared,
    ...alertingEnv,
    TMWS_DATABASE_URL: servers.databaseUrl,
    TMWS_GRPC_PORT: String(alertingGrpc),
    TMWS_ADMIN_PORT: String(alertingAdmin),
    TMWS_ALERTMANAGER_PORT: String(alertmanager),
  };
  const gateway = {
    ...shared,
    TMWS_HTTP_PORT: String(http),
    TMWS_ADMIN_PORT: String(gatewayAdmin),
    GATEWAY_TIMELINE_ADDRESS: `127.0.0.1:${grpc}`,
    GATEWAY_ALERTING_ADDRESS: `127.0.0.1:${alertingGrpc}`,
  };
  const alone = (name: string, env: NodeJS.ProcessEnv) => ({
    name,
    // A service logs on standard error; startProcess reads standard output.
    start: () =>
      startProcess(['-c', 'exec "$0" "$1" 2>&1', process.execPath, main(name)], { command: 'sh', until, env, timeoutMs: 60_000 }),
  });
  return await together({ ...addressesOf({ http, grpc, otlpGrpc, otlpHttp, alertmanager }), kafka: servers.brokers }, [
    alone('workflow-timeline', timeline),
    ...(alertingEnv === undefined ? [] : [alone('alerting', alerting)]),
    alone('gateway', gateway),
  ]);
}

type Addresses = Pick<Running, 'url' | 'grpc' | 'kafka' | 'otlpGrpc' | 'otlpHttp' | 'alertmanager'>;

function addressesOf(
  ports: Readonly<Record<'http' | 'grpc' | 'otlpGrpc' | 'otlpHttp' | 'alertmanager', number>>,
): Omit<Addresses, 'kafka'> {
  return {
    url: `http://127.0.0.1:${ports.http}`,
    grpc: `127.0.0.1:${ports.grpc}`,
    otlpGrpc: `127.0.0.1:${ports.otlpGrpc}`,
    otlpHttp: `http://127.0.0.1:${ports.otlpHttp}`,
    alertmanager: `http://127.0.0.1:${ports.alertmanager}`,
  };
}

const three = () => [freePort(), freePort(), freePort()] as const;
const freePorts = () => Promise.all([...three(), ...three(), ...three()] as const);

interface Part {
  readonly name: string;
  readonly start: () => Promise<StartedProcess>;
}

async function together(addresses: Addresses, parts: readonly Part[]): Promise<Running> {
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
