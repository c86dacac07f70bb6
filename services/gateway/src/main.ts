// gateway as a process of its own: Kafka is a server, workflow-timeline another process.
import { compose, loadHostConfig, openHost, runProcess } from '@tmws/lifecycle';
import { Problem } from '@tmws/problems';
import { openLogger } from '@tmws/telemetry';
import { createApp, loadConfig } from './app.ts';

const name = 'gateway';

await runProcess(async () => {
  const own = loadConfig(process.env);
  const config = loadHostConfig(name, process.env);
  const { kafkaBrokers, stopBudgetMs, logLevel } = config;
  if (kafkaBrokers === undefined)
    throw new Problem('precondition', 'TMWS_KAFKA_BROKERS is not set; alone, the gateway needs a Kafka');
  return await compose({ stopBudgetMs, logger: openLogger(name, logLevel) }, async (app) => {
    const host = app.closing('host', await openHost({ name, config, brokers: kafkaBrokers }));
    app.onStop(name, (await createApp(own, host)).stop);
    host.logger.info(await host.listen(), 'tmws ready');
    app.onStop('listeners', host.drain);
  });
});
