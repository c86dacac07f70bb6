import { createApp as createAlerting, loadConfig as loadAlertingConfig } from '@tmws/alerting';
import { type Door, newSecret } from '@tmws/auth';
import { createApp as createGateway, loadConfig as loadGatewayConfig } from '@tmws/gateway';
import { authority, compose, type Lifecycle, openHost, stoppingAfter } from '@tmws/lifecycle';
import { openLogger } from '@tmws/telemetry';
import { createApp as createTimeline, loadConfig as loadTimelineConfig } from '@tmws/workflow-timeline';
import { type Addresses, removeAddresses, writeAddresses } from './addresses.ts';
import { loadConfig } from './config.ts';
import { openDataFolder } from './data-folder.ts';
import { openEmbeddedKafka } from './embedded-kafka.ts';
import { kafkaAccess } from './kafka-access.ts';

/** The whole fleet in one process: one host, each service composed onto it. */
export async function startFleet(env: NodeJS.ProcessEnv, version?: string): Promise<Lifecycle & { addresses: Addresses }> {
  const config = loadConfig(env);
  const timeline = loadTimelineConfig(env);
  const gateway = loadGatewayConfig(env);
  const alerting = loadAlertingConfig(env);
  // One process: what its parts show each other needs no setting.
  const serviceToken = config.host.serviceToken ?? newSecret();
  const hostConfig = { ...config.host, serviceToken };
  const { dataDir, bind, kafkaBrokers, stopBudgetMs, logLevel } = hostConfig;
  const logger = openLogger('fleet', logLevel);
  const addresses = Promise.withResolvers<Addresses>();
  const leaving = { leave: (): Promise<void> => Promise.resolve() };

  const lifecycle = await compose({ stopBudgetMs, logger }, async (app) => {
    app.closing('data folder', openDataFolder(dataDir));
    removeAddresses(dataDir);
    // The log opens before the host, whose own clients sign in with the service token; others wait for its door.
    const state: { door: Door | undefined } = { door: undefined };
    const access = hostConfig.auth === 'on' ? kafkaAccess({ door: () => state.door, serviceToken }) : undefined;
    const embedded =
      kafkaBrokers === undefined ? app.closing('embedded log', await openEmbeddedKafka(config, logger, access)) : undefined;
    const host = app.closing(
      'host',
      await openHost({
        name: 'fleet',
        version,
        config: hostConfig,
        brokers: kafkaBrokers ?? [embedded?.ownAddress ?? ''],
        ownKafka: embedded !== undefined,
      }),
    );
    state.door = host.door;
    app.onStop('workflow-timeline', (await createTimeline(timeline, host)).stop);
    app.onStop('alerting', (await createAlerting(alerting, host)).stop);
    app.onStop('gateway', (await createGateway(gateway, host)).stop);
    const ports = await host.listen();
    app.onStop('listeners', host.drain);
    leaving.leave = host.leave;
    const found: Addresses = {
      http: authority(bind, ports.http ?? 0),
      grpc: authority(bind, ports.grpc ?? 0),
      ...(embedded !== undefined && { kafka: embedded.address }),
      otlpGrpc: authority(bind, ports.otlpGrpc ?? 0),
      otlpHttp: authority(bind, ports.otlpHttp ?? 0),
      alertmanager: authority(bind, ports.alertmanager ?? 0),
      admin: authority(bind, ports.admin),
      pid: process.pid,
      startedAt: new Date().toISOString(),
    };
    writeAddresses(dataDir, found);
    app.onStop('addresses', () => removeAddresses(dataDir));
    addresses.resolve(found);
  });
  return { ...stoppingAfter(leaving.leave, lifecycle), addresses: await addresses.promise };
}
