import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { loadHostConfig } from './host-config.ts';

test('without settings everything is embedded and on loopback', () => {
  expect(loadHostConfig('fleet', {})).toEqual({
    bind: '127.0.0.1',
    httpPort: 8080,
    grpcPort: 50_051,
    adminPort: 9464,
    otlpGrpcPort: 4317,
    otlpHttpPort: 4318,
    alertmanagerPort: 9093,
    dataDir: resolve('.tmws'),
    cacheDir: join(homedir(), '.cache', 'tmws'),
    databaseUrl: undefined,
    databaseConnections: 8,
    kafkaBrokers: undefined,
    kafkaTls: 'off',
    kafkaCaFile: undefined,
    kafkaCertFile: undefined,
    kafkaKeyFile: undefined,
    kafkaSasl: 'none',
    kafkaUsername: undefined,
    kafkaPassword: undefined,
    auth: 'off',
    adminKey: undefined,
    serviceToken: undefined,
    accessAddress: undefined,
    proxyHops: 0,
    migrate: 'on',
    migrateTimeoutMs: 300_000,
    contract: 'yes',
    logLevel: 'info',
    grpcMaxConnectionAgeMs: 0,
    drainDelayMs: 0,
    stopBudgetMs: 10_000,
    otlpEndpoint: undefined,
  });
});

test('settings are read in their units, folders are made absolute', () => {
  const config = loadHostConfig('fleet', {
    TMWS_BIND: '::1',
    TMWS_HTTP_PORT: '0',
    TMWS_DATA_DIR: 'here',
    TMWS_CACHE_DIR: 'there',
    TMWS_DATABASE_URL: 'postgresql://u:p@db/x',
    TMWS_KAFKA_BROKERS: 'a:9092, b.example:9093',
    TMWS_STOP_BUDGET: '2m',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318',
  });
  expect(config).toMatchObject({
    bind: '::1',
    httpPort: 0,
    dataDir: resolve('here'),
    cacheDir: resolve('there'),
    databaseUrl: 'postgresql://u:p@db/x',
    kafkaBrokers: ['a:9092', 'b.example:9093'],
    stopBudgetMs: 120_000,
    otlpEndpoint: 'http://collector:4318',
  });
  expect(loadHostConfig('fleet', { XDG_CACHE_HOME: '/var/cache/x' }).cacheDir).toBe('/var/cache/x/tmws');
});

test('all mistakes are told at once, and none shows a secret', () => {
  const env = {
    TMWS_HTTP_PORT: '65536',
    TMWS_GRPC_PORT: 'grpc',
    TMWS_DATABASE_URL: 'mysql://u:hunter2@db',
    TMWS_DATABASE_CONNECTIONS: '0',
    TMWS_KAFKA_BROKERS: 'kafka',
    TMWS_STOP_BUDGET: '10',
    TMWS_LOG_LEVEL: 'loud',
  };
  expect(() => loadHostConfig('gateway', env)).toThrow(
    expect.objectContaining({
      kind: 'precondition',
      message:
        '7 settings of gateway are wrong: TMWS_HTTP_PORT must be a port from 0 to 65535 (got "65536"); ' +
        'TMWS_GRPC_PORT must be a port from 0 to 65535 (got "grpc"); TMWS_DATABASE_URL must be a postgres:// address; ' +
        'TMWS_DATABASE_CONNECTIONS must be a whole number from 1 to 200 (got "0"); TMWS_KAFKA_BROKERS must be host:port,host:port (got "kafka"); ' +
        'TMWS_LOG_LEVEL must be one of trace, debug, info, warn, error, fatal, silent (got "loud"); ' +
        'TMWS_STOP_BUDGET must be a duration from 1s to 5m, like "30s" (got "10")',
    }) as Error,
  );
});

test.each(['127.0.0.1', '127.1.2.3', 'localhost', '::1'])('%s is loopback', (bind) => {
  expect(loadHostConfig('fleet', { TMWS_BIND: bind }).bind).toBe(bind);
});

test.each(['0.0.0.0', '::', '192.168.0.1', 'example.org', '127.0.0.1.example.org', '1270.0.0.1'])(
  '%s can be reached by others: sign-in is on, and off is refused',
  (bind) => {
    expect(loadHostConfig('fleet', { TMWS_BIND: bind }).auth).toBe('on');
    expect(() => loadHostConfig('fleet', { TMWS_BIND: bind, TMWS_AUTH: 'off' })).toThrow(
      `TMWS_AUTH is off and TMWS_BIND is ${bind}, which others can reach; set TMWS_AUTH=on and TMWS_ADMIN_KEY_FILE, or TMWS_BIND=127.0.0.1`,
    );
  },
);

test('sign-in may be on where only this machine comes in', () => {
  expect(loadHostConfig('fleet', { TMWS_AUTH: 'on' })).toMatchObject({ auth: 'on', bind: '127.0.0.1' });
});

test('a secret that is too short is refused, and not shown', () => {
  const refused = (env: NodeJS.ProcessEnv): unknown => {
    try {
      return loadHostConfig('fleet', env);
    } catch (error) {
      return (error as Error).message;
    }
  };
  expect(refused({ TMWS_ADMIN_KEY: 'hunter2', TMWS_SERVICE_TOKEN: 'x '.repeat(40) })).toBe(
    '2 settings of fleet are wrong: TMWS_ADMIN_KEY must be a secret of at least 32 characters without spaces; ' +
      'TMWS_SERVICE_TOKEN must be a secret of at least 32 characters without spaces',
  );
});
