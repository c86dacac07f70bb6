import { createApp as createAlerting, loadConfig as loadAlertingConfig } from '@tmws/alerting';
import { createApp as createGateway, loadConfig as loadGatewayConfig } from '@tmws/gateway';
import { authority, compose, type Lifecycle, openHost } from '@tmws/lifecycle';
import { openLogger } from '@tmws/telemetry';
import { createApp as createTimeline, loadConfig as loadTimelineConfig } from '@tmws/workflow-timeline';
import { type Addresses, removeAddresses, writeAddresses } from './addresses.ts';
import { loadConfig } from './config.ts';
import { openDataFolder } from './data-folder.ts';
import { openEmbeddedKafka } from './embedded-kafka.ts';

/** The whole fleet in one process: one host, each service composed onto it. */
export async function startFleet(env: NodeJS.ProcessEnv): Promise<Lifecycle & { addresses: Addresses }> {
  const config = loadConfig(env);
  const timeline = loadTimelineConfig(env);
  const gateway = loadGatewayConfig(env);
  const alerting = loadAlertingConfig(env);
  const { host: hostConfig } = config;
  const { dataDir, bind, kafkaBrokers, stopBudgetMs, logLevel } = hostConfig;
  const logger = openLogger('fleet', logLevel);
  const addresses = Promise.withResolvers<Addresses>();

  const lifecycle = await compose({ stopBudgetMs, logger }, async (app) => {
    app.closing('data folder', openDataFolder(dataDir));
    removeAddresses(dataDir);
    const embedded =
      kafkaBrokers === undefined ? app.closing('embedded log', await openEmbeddedKafka(config, logger)) : undefined;
    const host = app.closing(
      'host',
      await openHost({ name: 'fleet', config: hostConfig, brokers: kafkaBrokers ?? [embedded?.address ?? ''] }),
    );
    app.onStop('workflow-timeline', (await createTimeline(timeline, host)).stop);
    app.onStop('alerting', (await createAlerting(alerting, host)).stop);
    app.onStop('gateway', (await createGateway(gateway, host)).stop);
    const ports = await host.listen();
    app.onStop('listeners', host.drain);
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
  return { stop: lifecycle.stop, addresses: await addresses.promise };
}
