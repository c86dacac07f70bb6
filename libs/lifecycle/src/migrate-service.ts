import { openEventBus } from '@tmws/events';
import { type Migrations, newestStep, openDatabase } from '@tmws/postgres';
import { Problem } from '@tmws/problems';
import { openLogger, openMetrics } from '@tmws/telemetry';
import { compose } from './compose.ts';
import { type HostConfig, loadHostConfig } from './host-config.ts';
import { kafkaAccess } from './kafka-access.ts';
import { prepareSchema, prepareTopics } from './prepare-stores.ts';

interface Migrated {
  /** Absent: it keeps nothing. */
  readonly migrations?: Migrations | undefined;
  readonly keeps: (config: HostConfig) => boolean;
}

/**
 * The verb `migrate`: makes the topics, runs the service's migrations, and is over. It opens no listener and needs no key.
 * What is away is waited for as long as `TMWS_MIGRATE_TIMEOUT` says; a step under way has the time it needs.
 *
 * @throws Problem that names what is wrong or away
 */
export async function migrateService(name: string, env: NodeJS.ProcessEnv, { migrations, keeps }: Migrated): Promise<void> {
  const config = loadHostConfig(name, env);
  const logger = openLogger(name, config.logLevel);
  const { databaseUrl: url, kafkaBrokers, dataDir, cacheDir, migrateTimeoutMs } = config;
  // Whoever names a database means it, also where the settings of this run alone would not ask for one.
  const migrating = migrations !== undefined && (url !== undefined || keeps(config)) ? migrations : undefined;
  if (kafkaBrokers === undefined || (migrating !== undefined && url === undefined)) {
    const needs = migrating === undefined ? 'TMWS_KAFKA_BROKERS' : 'TMWS_KAFKA_BROKERS and TMWS_DATABASE_URL';
    throw new Problem('precondition', `${name} migrate needs ${needs}; the fleet in one process migrates by itself`);
  }
  const limit = AbortSignal.timeout(migrateTimeoutMs);
  const preparing = { config: { ...config, migrate: 'on' as const }, logger, signal: limit };
  const inTime = async (what: string, work: Promise<void>): Promise<void> => {
    try {
      await work;
    } catch (error) {
      if (!limit.aborted) throw error;
      const why = error instanceof Problem ? `: ${error.message}` : '';
      const waited = `${what} was waited for as long as TMWS_MIGRATE_TIMEOUT says (${migrateTimeoutMs / 1000} s)`;
      throw new Problem('unavailable', `${waited}${why}`, { cause: error });
    }
  };
  const lifecycle = await compose({ stopBudgetMs: config.stopBudgetMs, logger }, async (app) => {
    const metrics = openMetrics();
    const kafka = { brokers: kafkaBrokers, clientId: `tmws-${name}-migrate`, logger, metrics, ...(await kafkaAccess(config)) };
    const events = app.closing('events', openEventBus(kafka));
    await inTime(`Kafka at ${kafkaBrokers.join(',')}`, prepareTopics(events, preparing));
    logger.info('the topics are there');
    if (migrating === undefined) return;
    const db = app.closing('database', await openDatabase({ url, dataDir, cacheDir, maxConnections: 1, logger, metrics }));
    await inTime('the database', prepareSchema(db, migrating, preparing));
    logger.info({ schema: migrating.schema, newest: await newestStep(db, migrating) }, 'the schema is up to date');
  });
  await lifecycle.stop();
}
