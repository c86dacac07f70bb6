// alerting as a process of its own: Postgres and Kafka are servers.
import { compose, loadHostConfig, openHost, runProcess } from '@tmws/lifecycle';
import { Problem } from '@tmws/problems';
import { openLogger } from '@tmws/telemetry';
import { createApp, loadConfig } from './app.ts';

const name = 'alerting';

await runProcess(async () => {
  const config = loadHostConfig(name, process.env);
  const own = loadConfig(process.env);
  const { kafkaBrokers, databaseUrl, stopBudgetMs, logLevel } = config;
  if (kafkaBrokers === undefined || databaseUrl === undefined) {
    throw new Problem(
      'precondition',
      `${name} on its own needs TMWS_KAFKA_BROKERS and TMWS_DATABASE_URL; the fleet in one process needs neither`,
    );
  }
  return await compose({ stopBudgetMs, logger: openLogger(name, logLevel) }, async (app) => {
    const host = app.closing('host', await openHost({ name, config, brokers: kafkaBrokers }));
    app.onStop(name, (await createApp(own, host)).stop);
    host.logger.info(await host.listen(), 'tmws ready');
    app.onStop('listeners', host.drain);
  });
});
