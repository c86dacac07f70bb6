// What takes alerts by Alertmanager's API, as one process that can be killed and started again at the same address.
import { join } from 'node:path';
import { freePort, startProcess, type StartedProcess } from '@tmws/testkit';

export interface AlertTaker extends AsyncDisposable {
  /** `http://host:port` of its API. */
  readonly url: string;
  /** SIGKILL. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** What it printed since it was started last. */
  output(): string;
}

/** The alerting service, alone. `settings` are its own. */
export async function startAlerting(
  servers: { readonly databaseUrl: string; readonly brokers: string },
  settings: NodeJS.ProcessEnv,
): Promise<AlertTaker> {
  const [port, admin, grpc] = await Promise.all([freePort(), freePort(), freePort()]);
  const env = {
    TMWS_DATABASE_URL: servers.databaseUrl,
    TMWS_KAFKA_BROKERS: servers.brokers,
    TMWS_ALERTMANAGER_PORT: String(port),
    TMWS_ADMIN_PORT: String(admin),
    TMWS_GRPC_PORT: String(grpc),
    ...settings,
  };
  const main = join(import.meta.dirname, '../../services/alerting/src/main.ts');
  return await taker(port, [process.execPath, main], /"msg":"tmws ready"/, env);
}

/** What has a clock of its own: the process's is off by as many milliseconds as `file` says. */
export const withClock = (file: string): NodeJS.ProcessEnv => ({
  NODE_OPTIONS: `--import=${new URL('shifted-clock.ts', import.meta.url).href}`,
  TMWS_E2E_CLOCK: file,
});

/** Alertmanager itself, of that program; its data stay in `folder`. */
export async function startAlertmanager(program: string, file: string, folder: string): Promise<AlertTaker> {
  const port = await freePort();
  const flags = [
    `--config.file=${file}`,
    `--storage.path=${folder}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--cluster.listen-address=',
  ];
  return await taker(port, [program, ...flags], /Listening on/, {});
}

async function taker(port: number, command: readonly string[], until: RegExp, env: NodeJS.ProcessEnv): Promise<AlertTaker> {
  const state: { running: StartedProcess | undefined } = { running: undefined };
  const start = async (): Promise<void> => {
    // They log on standard error; startProcess reads standard output.
    state.running = await startProcess(['-c', 'exec "$0" "$@" 2>&1', ...command], {
      command: 'sh',
      until,
      env,
      timeoutMs: 120_000,
    });
  };
  await start();
  return {
    url: `http://127.0.0.1:${port}`,
    async kill() {
      await state.running?.kill('SIGKILL');
    },
    start,
    output: () => state.running?.output() ?? '',
    async [Symbol.asyncDispose]() {
      await state.running?.kill('SIGTERM');
    },
  };
}

/** What fires for a day, so that a clock that steps an hour does not end it. */
const firesForMs = 86_400_000;

/** @returns whether it was accepted; nobody there is no */
export async function postAlerts(
  to: Pick<AlertTaker, 'url'>,
  alerts: readonly Readonly<Record<string, string>>[],
): Promise<boolean> {
  const startsAt = new Date().toISOString();
  const endsAt = new Date(Date.now() + firesForMs).toISOString();
  const answer = await fetch(`${to.url}/api/v2/alerts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(alerts.map((labels) => ({ labels, startsAt, endsAt }))),
    signal: AbortSignal.timeout(10_000),
  }).catch(() => undefined);
  await answer?.arrayBuffer().catch(() => undefined);
  return answer?.status === 200;
}
