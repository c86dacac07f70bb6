import { join } from 'node:path';
import { type KafkaAccess, openBroker } from '@tmws/kafka-wire';
import { authority } from '@tmws/lifecycle';
import { openLog } from '@tmws/log';
import type { Logger } from '@tmws/telemetry';
import type { FleetConfig } from './config.ts';

const MiB = 1024 * 1024;
const everyAddress = new Set(['0.0.0.0', '::']);

/** The embedded log, listening. */
export interface EmbeddedKafka {
  /** Where others reach it. */
  readonly address: string;
  /** Where this process does. */
  readonly ownAddress: string;
  /** Waits for what is under way. */
  close(): Promise<void>;
}

/** Opens the embedded log with its Kafka door. @param access  absent: whoever reaches it may do everything */
export async function openEmbeddedKafka(
  { host, fleet }: FleetConfig,
  logger: Logger,
  access: KafkaAccess | undefined,
): Promise<EmbeddedKafka> {
  const log = await openLog({
    dir: join(host.dataDir, 'log'),
    defaults: { retentionMs: fleet.logRetentionMs, retentionBytes: fleet.logRetentionMiB * MiB },
    minFreeBytes: fleet.minFreeMiB * MiB,
    logger,
  });
  try {
    const broker = await openBroker({
      log,
      logger,
      host: host.bind,
      port: fleet.kafkaPort,
      ...(access !== undefined && { access }),
    });
    return {
      address: authority(broker.host, broker.port),
      ownAddress: authority(everyAddress.has(host.bind) ? '127.0.0.1' : broker.host, broker.port),
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
