// What must be there before a service serves: its schema, and the topics. Made here, or waited for (`TMWS_MIGRATE`).
import { setTimeout as delay } from 'node:timers/promises';
import type { EventBus } from '@tmws/events';
import { type Database, migrate, type Migrations, missingSteps } from '@tmws/postgres';
import { Problem } from '@tmws/problems';
import type { Logger, Metrics } from '@tmws/telemetry';
import type { HostConfig } from './host-config.ts';
import { patiently } from './patiently.ts';

interface Preparing {
  readonly config: Pick<HostConfig, 'migrate' | 'contract'>;
  readonly logger: Logger;
  readonly metrics?: Metrics;
  /** Ends waiting. */
  readonly signal?: AbortSignal | undefined;
  readonly everyMs?: number;
}

/**
 * Brings the schema up to date; or, with `TMWS_MIGRATE=wait`, waits until every expanding step known here ran. A database that is away is waited for.
 *
 * @throws Problem `precondition` when a step that ran before reads differently here, or when nobody else could migrate it
 */
export async function prepareSchema(db: Database, migrations: Migrations, preparing: Preparing): Promise<void> {
  const { config, logger, metrics, signal } = preparing;
  const { schema } = migrations;
  if (config.migrate === 'on') {
    const options = { ...migrations, contract: config.contract === 'yes', logger };
    await patiently('the database', logger, () => migrate(db, options), { signal });
    return;
  }
  if (db.kind === 'embedded') {
    throw new Problem(
      'precondition',
      'TMWS_MIGRATE is wait and the database is embedded, so nobody else migrates it; set it to on',
    );
  }
  const left = metrics?.gauge('tmws_schema_missing_steps', 'migrations this version waits for', ['schema']);
  await untilNone(
    async () => {
      const steps = await patiently('the database', logger, () => missingSteps(db, migrations), { signal });
      left?.set({ schema }, steps.length);
      return steps;
    },
    (steps) => logger.info({ schema, steps }, 'waiting until `migrate` of this version has run these steps'),
    preparing,
  );
}

/** Makes the topics; or, with `TMWS_MIGRATE=wait`, waits until all are there. */
export async function prepareTopics(
  events: Pick<EventBus, 'ensureTopics' | 'missingTopics'>,
  preparing: Preparing,
): Promise<void> {
  const { config, logger, signal } = preparing;
  if (config.migrate === 'on') {
    await events.ensureTopics(signal);
    return;
  }
  await untilNone(
    () => patiently('Kafka', logger, () => events.missingTopics(), { signal }),
    (topics) => logger.info({ topics }, 'waiting until `migrate` has made these topics'),
    preparing,
  );
}

/** Says once what is missing. @throws the signal's reason */
async function untilNone(
  missing: () => Promise<readonly string[]>,
  say: (missing: readonly string[]) => void,
  { signal, everyMs = 500 }: Preparing,
): Promise<void> {
  for (let said = false; ; said = true) {
    const found = await missing();
    if (found.length === 0) return;
    if (!said) say(found);
    await delay(everyMs, undefined, { ...(signal !== undefined && { signal }) });
  }
}
