import { join } from 'node:path';
import { type Door, type Knock, lookAgainMs, newSecret, openDoor, sameSecret, servicePrincipal } from '@tmws/auth';
import { type GrpcServer, openGrpcServer } from '@tmws/contracts';
import { type EventBus, openEventBus } from '@tmws/events';
import { express, type HttpServer, openHttpServer } from '@tmws/http';
import { type Database, type Migrations, newestKnownStep, openDatabase } from '@tmws/postgres';
import { Problem } from '@tmws/problems';
import { type Logger, type Metrics, openLogger, openMetrics, openTracing } from '@tmws/telemetry';
import { setTimeout as delay } from 'node:timers/promises';
import { admitCalls } from './admit-call.ts';
import { authority } from './authority.ts';
import { compose } from './compose.ts';
import type { HostConfig } from './host-config.ts';
import { kafkaAccess } from './kafka-access.ts';
import { otlpGuard } from './otlp-guard.ts';
import { prepareSchema, prepareTopics } from './prepare-stores.ts';
import { openRemoteDoor } from './remote-door.ts';

/** What a process has once. Each part is made when first asked for; `listen` opens the listeners that were. */
export interface Host {
  readonly config: HostConfig;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly http: HttpServer;
  readonly grpc: GrpcServer;
  readonly otlp: OtlpListeners;
  /** Alertmanager's own port. */
  readonly alertmanager: HttpServer;
  readonly events: EventBus;
  /** What listeners ask who comes (the service token is a part of this fleet) and whether they may. gRPC and OTLP ask it by themselves, routes of HTTP by `admitRequest`. */
  readonly door: Door;
  /** How often an open stream asks whether its credential is still good. */
  readonly lookAgainMs: number;
  /** Shown to other parts of the fleet; undefined where sign-in is off. */
  readonly serviceToken: string | undefined;
  /** Told by the service that keeps credentials, before `listen`. */
  guard(door: Door): void;
  database(): Promise<Database>;
  /** The database with the service's schema as this process knows it: migrated here, or waited for (`TMWS_MIGRATE`). */
  migrated(migrations: Migrations): Promise<Database>;
  /** Resolves when all topics are there: made here, or waited for (`TMWS_MIGRATE`). */
  topics(): Promise<void>;
  /** Where a service of the fleet answers gRPC: its setting, or this process. */
  peer(service: string, setting: string | undefined): () => string;
  /** Where alerting speaks Alertmanager's API: its setting, or this process. */
  alertmanagerAt(setting: string | undefined): () => string;
  /** Opens the listeners. @returns ports by name; a listener nobody asked for has none */
  listen(): Promise<Ports>;
  /** Aborted when the process is not ready any more because it stops. */
  readonly leaving: AbortSignal;
  /** The first step of stopping: not ready any more, and serving still for as long as `TMWS_DRAIN_DELAY` says, so that callers go elsewhere. */
  leave(): Promise<void>;
  /** Not ready any more, then the listeners drained: the next step of stopping, before the services. */
  drain(): Promise<void>;
  close(): Promise<void>;
}

export interface Ports {
  readonly http?: number;
  readonly grpc?: number;
  readonly otlpGrpc?: number;
  readonly otlpHttp?: number;
  readonly alertmanager?: number;
  readonly admin: number;
}

/** The OpenTelemetry Protocol's own ports. A request is at most `maxRequestBytes`, also when it is decompressed. */
export interface OtlpListeners {
  readonly grpc: GrpcServer;
  readonly http: HttpServer;
  readonly maxRequestBytes: number;
}

const maxOtlpBytes = 20 * 1024 * 1024;

interface HostOptions {
  readonly name: string;
  /** Of the program. */
  readonly version?: string | undefined;
  readonly config: HostConfig;
  /** Where Kafka answers. */
  readonly brokers: readonly string[];
  /** That Kafka is a part of this fleet, and knows its service token. */
  readonly ownKafka?: boolean;
  /** How often open streams ask whether their credential is still good. */
  readonly lookAgainMs?: number;
}

/** Makes the host. Its admin port answers from now on: alive, but not ready until `listen` is done. */
export async function openHost({
  name,
  version = '0.0.0',
  config,
  brokers,
  ownKafka = false,
  lookAgainMs: everyMs = lookAgainMs,
}: HostOptions): Promise<Host> {
  const logger = openLogger(name, config.logLevel);
  const kafka = await kafkaAccess(config);
  const metrics = openMetrics();
  const authOn = config.auth === 'on';
  const shared = { host: config.bind, logger, metrics, anyName: authOn, proxyHops: config.proxyHops };
  const state: { ready: boolean; grpcPort: number; alertmanagerPort: number; door: Door | undefined } = {
    ready: false,
    grpcPort: config.grpcPort,
    alertmanagerPort: config.alertmanagerPort,
    door: undefined,
  };
  metrics
    .gauge('tmws_build_info', 'which version of which service this is', ['service', 'version'])
    .set({ service: name, version }, 1);
  metrics.gauge('tmws_ready', 'whether its listeners take calls: 1, or 0', [], (gauge) => gauge.set(state.ready ? 1 : 0));
  const serviceToken = config.serviceToken ?? newSecret();
  const guarding = (): Door => {
    if (state.door !== undefined) return state.door;
    throw new Problem('unavailable', 'nobody can say yet who may come in; try again in a moment', { retryAfterMs: 1000 });
  };
  const isOwnPart = ({ credential }: Pick<Knock, 'credential'>): boolean =>
    credential !== undefined && !(credential instanceof Problem) && sameSecret(credential.secret, serviceToken);
  const door: Door = authOn
    ? {
        on: true,
        admit: async (knock) => (isOwnPart(knock) ? servicePrincipal : await guarding().admit(knock)),
        identify: async (knock) => (isOwnPart(knock) ? servicePrincipal : await guarding().identify(knock)),
        demand: async (...asked) => await guarding().demand(...asked),
        deny: async (...asked) => await guarding().deny(...asked),
      }
    : openDoor;
  const { grpcMaxConnectionAgeMs: ageMs } = config;
  const forGrpc = { admit: admitCalls(door, serviceToken, everyMs), maxConnectionAgeMs: ageMs === 0 ? undefined : ageMs };
  let http: HttpServer | undefined;
  let grpc: GrpcServer | undefined;
  let otlp: OtlpListeners | undefined;
  let alertmanager: HttpServer | undefined;
  let events: EventBus | undefined;
  let database: Promise<Database> | undefined;

  const admin = openHttpServer({ ...shared, port: config.adminPort });
  admin.mount(
    '/',
    adminRoutes(metrics, () => state.ready),
  );
  let adminPort = 0;
  const leaving = new AbortController();
  const closing = new AbortController();
  const turnAway = (): void => {
    state.ready = false;
    leaving.abort();
    grpc?.setServing(false);
    otlp?.grpc.setServing(false);
    for (const server of [http, alertmanager, otlp?.http]) server?.leave();
  };
  let left: Promise<unknown> | undefined;
  let drained: Promise<unknown> | undefined;
  const drain = async (): Promise<void> => {
    turnAway();
    // HTTP first: its requests may still call services over gRPC.
    await (drained ??= (async () => {
      await Promise.all([http?.close(), alertmanager?.close(), otlp?.http.close(), otlp?.grpc.close()]);
      await grpc?.close();
    })());
  };
  const lifecycle = await compose({ stopBudgetMs: config.stopBudgetMs, logger }, async (app) => {
    app.closing('tracing', await openTracing(name, config.otlpEndpoint));
    // One that did not open has said so to who asked for it.
    app.onStop('database', async () => (await database?.catch(() => undefined))?.close());
    app.onStop('events', () => events?.close());
    app.closing('admin listener', admin);
    app.onStop('listeners', drain);
    app.onStop('waiting', () => closing.abort(new Problem('unavailable', 'the process is stopping')));
    if (authOn && config.accessAddress !== undefined) {
      const { accessAddress } = config;
      state.door = app.closing('door', openRemoteDoor({ target: () => accessAddress, serviceToken, clock: Date.now }));
    }
    adminPort = await admin.listen();
  });

  const opened = (): Promise<Database> => {
    const { databaseUrl: url, databaseConnections: maxConnections, dataDir, cacheDir } = config;
    return (database ??= openDatabase({ url, dataDir: join(dataDir, 'postgres'), cacheDir, maxConnections, logger, metrics }));
  };
  const preparing = { config, logger, metrics, signal: closing.signal };

  const host: Host = {
    config,
    logger,
    metrics,
    get http() {
      return (http ??= openHttpServer({ ...shared, port: config.httpPort }));
    },
    get grpc() {
      return (grpc ??= openGrpcServer({ ...shared, ...forGrpc, port: config.grpcPort }));
    },
    get otlp() {
      return (otlp ??= {
        grpc: openGrpcServer({ ...shared, ...forGrpc, port: config.otlpGrpcPort, maxMessageBytes: maxOtlpBytes }),
        http: otlpHttp({ ...shared, port: config.otlpHttpPort }, door),
        maxRequestBytes: maxOtlpBytes,
      });
    },
    get alertmanager() {
      return (alertmanager ??= openHttpServer({ ...shared, port: config.alertmanagerPort }));
    },
    get events() {
      const own = authOn ? { signIn: { username: `tmws-${name}`, password: serviceToken } } : {};
      const access = ownKafka ? own : kafka;
      return (events ??= openEventBus({ brokers, clientId: `tmws-${name}`, logger, metrics, ...access }));
    },
    door,
    lookAgainMs: everyMs,
    serviceToken: authOn ? serviceToken : undefined,
    guard: (given) => void (state.door = given),
    database: opened,
    async migrated(migrations) {
      const db = await opened();
      await prepareSchema(db, migrations, preparing);
      const newest = newestKnownStep(migrations) ?? 'none';
      metrics
        .gauge('tmws_migrations_info', 'the newest migration this process knows of a schema', ['schema', 'newest'])
        .set({ schema: migrations.schema, newest }, 1);
      return db;
    },
    // The log of this process has no other to make them.
    topics: () => prepareTopics(host.events, ownKafka ? { ...preparing, config: { ...config, migrate: 'on' } } : preparing),
    peer(service, setting) {
      return () => {
        if (setting !== undefined) return setting;
        if (grpc !== undefined) return authority(config.bind, state.grpcPort);
        throw new Problem('precondition', `nobody said where ${service} answers`);
      };
    },
    alertmanagerAt(setting) {
      return () => {
        if (setting !== undefined) return setting;
        if (alertmanager !== undefined) return authority(config.bind, state.alertmanagerPort);
        throw new Problem('unavailable', 'nobody said where alerting answers; set GATEWAY_ALERTMANAGER_ADDRESS to host:port');
      };
    },
    async listen() {
      if (authOn && state.door === undefined && (http ?? grpc ?? otlp ?? alertmanager) !== undefined) {
        throw new Problem(
          'precondition',
          'TMWS_AUTH is on and nothing says who may come in; set TMWS_ACCESS_ADDRESS to where the gateway answers gRPC, and TMWS_SERVICE_TOKEN_FILE',
        );
      }
      if (grpc !== undefined) state.grpcPort = await grpc.listen();
      const httpPort = await http?.listen();
      const otlpGrpc = await otlp?.grpc.listen();
      const otlpHttp = await otlp?.http.listen();
      const alertmanagerPort = await alertmanager?.listen();
      if (alertmanagerPort !== undefined) state.alertmanagerPort = alertmanagerPort;
      grpc?.setServing(true);
      otlp?.grpc.setServing(true);
      state.ready = true;
      return {
        admin: adminPort,
        ...(grpc !== undefined && { grpc: state.grpcPort }),
        ...(httpPort !== undefined && { http: httpPort }),
        ...(otlpGrpc !== undefined && { otlpGrpc }),
        ...(otlpHttp !== undefined && { otlpHttp }),
        ...(alertmanagerPort !== undefined && { alertmanager: alertmanagerPort }),
      };
    },
    leaving: leaving.signal,
    async leave() {
      turnAway();
      const { drainDelayMs } = config;
      if (drainDelayMs > 0) logger.info({ drainDelayMs }, 'told to stop; not ready any more, and serving still');
      await (left ??= delay(drainDelayMs));
    },
    drain,
    close: () => lifecycle.stop(),
  };
  return host;
}

function adminRoutes(metrics: Metrics, ready: () => boolean) {
  const router = express.Router();
  router.get('/healthz', (_request, response) => void response.json({ status: 'ok' }));
  router.get(
    '/readyz',
    (_request, response) => void response.status(ready() ? 200 : 503).json({ status: ready() ? 'ready' : 'not ready' }),
  );
  router.get('/metrics', async (_request, response) => {
    response.type('text/plain; version=0.0.4').send(await metrics.text());
  });
  return router;
}

function otlpHttp(options: Parameters<typeof openHttpServer>[0], door: Door): HttpServer {
  const server = openHttpServer(options);
  server.mount('/', otlpGuard(door));
  return server;
}
