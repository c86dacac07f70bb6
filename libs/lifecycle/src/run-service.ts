import { Problem } from '@tmws/problems';
import { openLogger } from '@tmws/telemetry';
import { compose, type Lifecycle } from './compose.ts';
import { type Host, openHost } from './host.ts';
import { type HostConfig, loadHostConfig } from './host-config.ts';
import { runProcess } from './run-process.ts';

interface Service<C> {
  readonly loadConfig: (env: NodeJS.ProcessEnv) => C;
  readonly createApp: (config: C, host: Host) => Promise<Lifecycle>;
  /** Whether it keeps anything: a store of this process alone would be another one in each replica. */
  readonly keeps?: (config: HostConfig) => boolean;
}

/** The whole of a service's `main.ts`: it runs as a process of its own, where Kafka and Postgres are servers. */
export async function runService<C>(name: string, { loadConfig, createApp, keeps = () => true }: Service<C>): Promise<void> {
  await runProcess(async () => {
    const config = loadHostConfig(name, process.env);
    const own = loadConfig(process.env);
    const { kafkaBrokers, databaseUrl, stopBudgetMs, logLevel } = config;
    if (kafkaBrokers === undefined || (keeps(config) && databaseUrl === undefined)) {
      const needs = keeps(config) ? 'TMWS_KAFKA_BROKERS and TMWS_DATABASE_URL' : 'TMWS_KAFKA_BROKERS';
      throw new Problem('precondition', `${name} on its own needs ${needs}; the fleet in one process needs no server`);
    }
    return await compose({ stopBudgetMs, logger: openLogger(name, logLevel) }, async (app) => {
      const host = app.closing('host', await openHost({ name, config, brokers: kafkaBrokers }));
      app.onStop(name, (await createApp(own, host)).stop);
      host.logger.info(await host.listen(), 'tmws ready');
      app.onStop('listeners', host.drain);
    });
  });
}
