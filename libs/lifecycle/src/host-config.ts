import { resolve } from 'node:path';
import { Problem } from '@tmws/problems';
import { cacheDirOf, choice, duration, integer, list, loadSettings, port, secret, type SettingsOf, text } from '@tmws/settings';

const longSecret = { pattern: /^\S{32,}$/, expects: 'a secret of at least 32 characters without spaces' };

/** Settings of what a process has once, whatever services it runs. */
export const hostSettings = {
  bind: text('TMWS_BIND', '127.0.0.1', 'address all listeners take; beyond loopback sign-in must be on'),
  httpPort: port('TMWS_HTTP_PORT', 8080, 'console, REST, docs'),
  grpcPort: port('TMWS_GRPC_PORT', 50_051, 'gRPC of every service, health, reflection'),
  adminPort: port('TMWS_ADMIN_PORT', 9464, "health, readiness, the process's own metrics"),
  otlpGrpcPort: port('TMWS_OTLP_GRPC_PORT', 4317, 'OTLP over gRPC, opened by workflow-timeline'),
  otlpHttpPort: port('TMWS_OTLP_HTTP_PORT', 4318, 'OTLP over HTTP, opened by workflow-timeline'),
  alertmanagerPort: port('TMWS_ALERTMANAGER_PORT', 9093, "Alertmanager's API, opened by alerting"),
  dataDir: text('TMWS_DATA_DIR', '.tmws', 'folder of the embedded stores'),
  cacheDir: text('TMWS_CACHE_DIR', undefined, 'folder for what can be made again; `~/.cache/tmws` if absent'),
  databaseUrl: secret('TMWS_DATABASE_URL', 'a Postgres instead of the embedded one', {
    pattern: /^postgres(ql)?:\/\//,
    expects: 'a postgres:// address',
  }),
  databaseConnections: integer('TMWS_DATABASE_CONNECTIONS', 8, 'connections to that Postgres', { min: 1, max: 200 }),
  kafkaBrokers: list('TMWS_KAFKA_BROKERS', 'a Kafka instead of the embedded log: `host:port,host:port`', {
    pattern: /^[^\s:,]+:\d{1,5}$/,
    expects: 'host:port,host:port',
  }),
  kafkaTls: choice('TMWS_KAFKA_TLS', ['off', 'on'], 'off', 'whether that Kafka is spoken to over TLS'),
  kafkaCaFile: text(
    'TMWS_KAFKA_CA_FILE',
    undefined,
    'certificates that vouch for that Kafka, as PEM; those of the system if absent',
  ),
  kafkaCertFile: text('TMWS_KAFKA_CERT_FILE', undefined, 'the certificate shown to that Kafka, as PEM'),
  kafkaKeyFile: text('TMWS_KAFKA_KEY_FILE', undefined, 'its key, as PEM'),
  kafkaSasl: choice(
    'TMWS_KAFKA_SASL',
    ['none', 'plain', 'scram-sha-256', 'scram-sha-512'],
    'none',
    'how that Kafka is signed in to',
  ),
  kafkaUsername: text('TMWS_KAFKA_USERNAME', undefined, 'who signs in there'),
  kafkaPassword: secret('TMWS_KAFKA_PASSWORD', 'the password of who signs in there', { pattern: /./, expects: 'a password' }),
  auth: choice(
    'TMWS_AUTH',
    ['auto', 'on', 'off'],
    'auto',
    'whether who comes must say who they are; `auto`: only beyond loopback',
  ),
  adminKey: secret('TMWS_ADMIN_KEY', 'the first admin key: an API key, or any secret', longSecret),
  serviceToken: secret('TMWS_SERVICE_TOKEN', 'what parts of the fleet show each other; in one process a random one', longSecret),
  accessAddress: text(
    'TMWS_ACCESS_ADDRESS',
    undefined,
    'where the gateway answers gRPC, for services in processes of their own',
    {
      pattern: /^(dns:\/\/\/)?(\[[0-9a-fA-F:]+\]|[\w.-]+):\d{1,5}$/,
      expects: 'host:port, or dns:///name:port for several replicas',
    },
  ),
  proxyHops: integer('TMWS_PROXY_HOPS', 0, 'proxies in front of it whose `X-Forwarded-For` is believed', { min: 0, max: 10 }),
  migrate: choice(
    'TMWS_MIGRATE',
    ['on', 'wait'],
    'on',
    'whether a process that serves migrates its schema and makes topics, or waits until `migrate` has',
  ),
  migrateTimeoutMs: duration('TMWS_MIGRATE_TIMEOUT', '5m', 'how long `migrate` waits for the database and Kafka', {
    min: '1s',
    max: '1d',
  }),
  contract: choice(
    'TMWS_MIGRATE_CONTRACT',
    ['yes', 'no'],
    'yes',
    'whether contracting migrations run; `no` while older replicas do',
  ),
  logLevel: choice(
    'TMWS_LOG_LEVEL',
    ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
    'info',
    'log lines below it are not written',
  ),
  grpcMaxConnectionAgeMs: duration(
    'TMWS_GRPC_MAX_CONNECTION_AGE',
    '0s',
    'gRPC connections this old take no more calls, so that callers look for other replicas; 0s: all do',
    { min: '0s', max: '7d' },
  ),
  drainDelayMs: duration('TMWS_DRAIN_DELAY', '0s', 'how long it still serves, not ready, after it was told to stop', {
    min: '0s',
    max: '5m',
  }),
  stopBudgetMs: duration('TMWS_STOP_BUDGET', '10s', 'how long stopping may take after that', { min: '1s', max: '5m' }),
  otlpEndpoint: text('OTEL_EXPORTER_OTLP_ENDPOINT', undefined, "where this process's own traces go (OTLP/HTTP)", {
    pattern: /^https?:\/\/\S+$/,
    expects: 'an http:// address',
  }),
} as const;

export type HostConfig = Omit<SettingsOf<typeof hostSettings>, 'cacheDir' | 'auth'> & {
  readonly cacheDir: string;
  readonly auth: 'on' | 'off';
};

/** Whether only this machine's own users reach a listener there. */
export function isLoopback(bind: string): boolean {
  return loopback.test(bind);
}

const loopback = /^(localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|::1)$/;

/** @throws Problem `precondition` that lists every mistake */
export function loadHostConfig(owner: string, env: NodeJS.ProcessEnv): HostConfig {
  const config = loadSettings(owner, hostSettings, env);
  const open = !isLoopback(config.bind);
  if (open && config.auth === 'off') {
    throw new Problem(
      'precondition',
      `TMWS_AUTH is off and TMWS_BIND is ${config.bind}, which others can reach; set TMWS_AUTH=on and TMWS_ADMIN_KEY_FILE, or TMWS_BIND=127.0.0.1`,
    );
  }
  const auth = config.auth === 'auto' ? (open ? 'on' : 'off') : config.auth;
  return { ...config, auth, dataDir: resolve(config.dataDir), cacheDir: cacheDirOf(env) };
}
