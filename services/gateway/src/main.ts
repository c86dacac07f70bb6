import { loadHostConfig, openHost, runProcess } from '@tmws/lifecycle';
import { Problem } from '@tmws/problems';
import { createApp, loadConfig } from './app.ts';

await runProcess(async () => {
  const config = loadConfig(process.env);
  const hostConfig = loadHostConfig('gateway', process.env);
  const { kafkaBrokers: brokers } = hostConfig;
  if (brokers === undefined) throw new Problem('precondition', 'TMWS_KAFKA_BROKERS is not set; alone, the gateway needs a Kafka');
  const host = await openHost({ name: 'gateway', config: hostConfig, brokers });
  try {
    const app = await createApp(config, host);
    host.logger.info(await host.listen(), 'tmws ready');
    return { stop: () => app.stop().then(() => host.close()) };
  } catch (error) {
    await host.close();
    throw error;
  }
});
