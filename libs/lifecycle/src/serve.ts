import type { Migrations } from '@tmws/postgres';
import { Problem } from '@tmws/problems';
import { openLogger } from '@tmws/telemetry';
import { compose, type Lifecycle } from './compose.ts';
import { type Host, openHost } from './host.ts';
import { type HostConfig, loadHostConfig } from './host-config.ts';

export interface Program {
  readonly name: string;
  readonly version: string;
}

/** What a service's `app.ts` says of it. */
export interface Service<C> {
  readonly loadConfig: (env: NodeJS.ProcessEnv) => C;
  readonly createApp: (config: C, host: Host) => Promise<Lifecycle>;
  /** What makes its schema; absent: it has none. */
  readonly migrations?: Migrations;
  /** Whether it keeps anything: a store of this process alone would be another one in each replica. */
  readonly keeps?: (config: HostConfig) => boolean;
}

/**
 * Starts a service as a process of its own, where Kafka and Postgres are servers.
 *
 * @throws Problem `precondition` when those are not named
 */
export async function serve<C>({ name, version }: Program, env: NodeJS.ProcessEnv, service: Service<C>): Promise<Lifecycle> {
  const { loadConfig, createApp, keeps = () => true } = service;
  const config = loadHostConfig(name, env);
  const own = loadConfig(env);
  const { kafkaBrokers, databaseUrl, stopBudgetMs, logLevel } = config;
  if (kafkaBrokers === undefined || (keeps(config) && databaseUrl === undefined)) {
    const needs = keeps(config) ? 'TMWS_KAFKA_BROKERS and TMWS_DATABASE_URL' : 'TMWS_KAFKA_BROKERS';
    throw new Problem('precondition', `${name} on its own needs ${needs}; the fleet in one process needs no server`);
  }
  const leaving: { leave: () => Promise<void> } = { leave: () => Promise.resolve() };
  const lifecycle = await compose({ stopBudgetMs, logger: openLogger(name, logLevel) }, async (app) => {
    const host = app.closing('host', await openHost({ name, version, config, brokers: kafkaBrokers }));
    app.onStop(name, (await createApp(own, host)).stop);
    host.logger.info(await host.listen(), 'tmws ready');
    app.onStop('listeners', host.drain);
    leaving.leave = host.leave;
  });
  return stoppingAfter(leaving.leave, lifecycle);
}

/** The lifecycle, stopped once `leave` is over: what it takes is no part of the budget. */
export function stoppingAfter(leave: () => Promise<void>, { stop }: Lifecycle): Lifecycle {
  return {
    async stop() {
      await leave();
      await stop();
    },
  };
}
