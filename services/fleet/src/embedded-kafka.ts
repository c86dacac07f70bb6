import { join } from 'node:path';
import { openBroker } from '@tmws/kafka-wire';
import { authority, isLoopback } from '@tmws/lifecycle';
import { openLog } from '@tmws/log';
import type { Logger } from '@tmws/telemetry';
import type { FleetConfig } from './config.ts';

const MiB = 1024 * 1024;

/** The embedded log with its Kafka door. Closing waits for what is under way. */
export async function openEmbeddedKafka(
  { host, fleet }: FleetConfig,
  logger: Logger,
): Promise<{ address: string; close(): Promise<void> }> {
  const log = await openLog({
    dir: join(host.dataDir, 'log'),
    defaults: { retentionMs: fleet.logRetentionMs, retentionBytes: fleet.logRetentionMiB * MiB },
    minFreeBytes: fleet.minFreeMiB * MiB,
    logger,
  });
  try {
    // It cannot ask who comes, so others do not reach it.
    const broker = await openBroker({
      log,
      logger,
      host: isLoopback(host.bind) ? host.bind : '127.0.0.1',
      port: fleet.kafkaPort,
    });
    return {
      address: authority(broker.host, broker.port),
      async close() {
        await broker.close();
        await log.close();
      },
    };
  } catch (error) {
    await log.close();
    throw error;
  }
}
