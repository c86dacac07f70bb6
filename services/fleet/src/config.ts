import { type HostConfig, loadHostConfig } from '@tmws/lifecycle';
import { duration, integer, loadSettings, port, type SettingsOf } from '@tmws/settings';

/** Settings of the embedded log, which only the fleet in one process has. */
export const fleetSettings = {
  kafkaPort: port('TMWS_KAFKA_PORT', 9092, 'Kafka protocol of the embedded log'),
  logRetentionMs: duration('TMWS_LOG_RETENTION', '7d', 'how long the embedded log keeps records', { min: '1m', max: '3650d' }),
  logRetentionMiB: integer('TMWS_LOG_RETENTION_MIB', 4096, 'how much of a partition it keeps, MiB', { min: 1, max: 1_048_576 }),
  minFreeMiB: integer('TMWS_MIN_FREE_MIB', 256, 'free disk space, MiB, below which it refuses writes', {
    min: 0,
    max: 1_048_576,
  }),
} as const;

export interface FleetConfig {
  readonly host: HostConfig;
  readonly fleet: SettingsOf<typeof fleetSettings>;
}

/** @throws Problem `precondition` that lists every mistake */
export function loadConfig(env: NodeJS.ProcessEnv): FleetConfig {
  return { host: loadHostConfig('fleet', env), fleet: loadSettings('fleet', fleetSettings, env) };
}
