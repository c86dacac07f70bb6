// The Alertmanager door of alerting on a port of its own, over an embedded database or a server's.
import { randomUUID } from 'node:crypto';
import { openHttpServer } from '@tmws/http';
import { openLogger, openMetrics } from '@tmws/telemetry';
import { defaultLabelLimits } from '../src/domain/label-set.ts';
import { alertmanagerPages } from '../src/inbound/am-v2/pages.ts';
import { alertmanagerApi } from '../src/inbound/am-v2/routes.ts';
import { openPostgresAlertStore } from '../src/outbound/postgres-alert-store.ts';
import { openPostgresLedgerStore } from '../src/outbound/postgres-ledger-store.ts';
import type { TakenNotification } from '../src/ports.ts';
import { deliver } from '../src/usecases/deliver.ts';
import { openDispatcher } from '../src/usecases/dispatch.ts';
import { openConfigInForce } from '../src/usecases/load-alertmanager-config.ts';
import { lookAtGroup } from '../src/usecases/look-at-group.ts';
import { queryAlerts } from '../src/usecases/query-alerts.ts';
import { receiveAlerts } from '../src/usecases/receive-alerts.ts';
import { openSilences } from '../src/usecases/silences.ts';
import { openTestDatabase } from './open-core.ts';

export const simpleConfig = `
route: { receiver: default, group_by: [alertname], group_wait: 0s, group_interval: 1s }
receivers: [{ name: default }]
`;

export interface StartOptions {
  readonly clock?: () => number;
  /** Read at each load. */
  readonly config?: () => string;
  readonly databaseUrl?: string | undefined;
  /** Told of every notification that would be sent. */
  readonly sent?: (notification: TakenNotification) => void;
}

/** Starts it. `url` is where it answers. */
export async function startAlerting({ clock = Date.now, config = () => simpleConfig, databaseUrl, sent }: StartOptions = {}) {
  const logger = openLogger('test', 'silent');
  const metrics = openMetrics();
  const database = await openTestDatabase(databaseUrl);
  const { db, schema } = database;
  const store = openPostgresAlertStore(db, schema);
  const ledger = openPostgresLedgerStore(db, schema);
  const eventsOf = () => [];
  const state = { wake: (): void => undefined };
  const wake = (): void => state.wake();
  const inForce = await openConfigInForce({
    store,
    clock,
    source: { name: 'alertmanager.yml', read: () => Promise.resolve(config()) },
    prepare: () => undefined,
    bypass: () => [],
    placed: wake,
  });
  const { board } = inForce;
  const gates = { admit: () => ({ may: 'pass' as const }), answered: () => undefined };
  const dispatcher = openDispatcher({
    ledger,
    board,
    look: (group, nowMs) => {
      const { routes, config: read } = inForce.current();
      const integrationsOf = () => [{ name: 'webhook/0', sendResolved: true }];
      const intervals = read.timeIntervals;
      return lookAtGroup(group, { board, routes, intervals, integrationsOf, externalUrl: 'http://alerting.test' }, nowMs);
    },
    gates,
    deliver: deliver({
      ledger,
      gates,
      refusals: { refused: () => undefined, sent: () => false },
      sinkOf: () => (notification) => {
        sent?.(notification);
        return Promise.resolve({ sent: true, receipt: 'ok' });
      },
      clock,
      random: () => 0.5,
      giveUpAfterMs: 3_600_000,
      eventsOf,
    }),
    clock,
    logger,
    owner: 'test',
    everyMs: 50,
    atOnce: 64,
  });
  state.wake = dispatcher.wake;
  const receive = receiveAlerts({
    store,
    board,
    clock,
    rules: () => ({
      resolveTimeoutMs: inForce.current().config.resolveTimeoutMs,
      names: 'utf8',
      limits: defaultLabelLimits,
    }),
    bypass: () => [],
    eventsOf,
    stored: ({ fresh, dueMs }) => {
      dispatcher.hand(fresh);
      dispatcher.wake(dueMs);
    },
  });
  const silences = openSilences({
    store,
    board,
    clock,
    newId: randomUUID,
    names: 'utf8',
    keepExpiredMs: 120 * 3_600_000,
    stored: wake,
  });
  const queries = queryAlerts({ board, clock, intervals: () => inForce.current().config.timeIntervals });
  const shared = { config: inForce, clock, logger, metrics, admit: () => Promise.resolve() };
  const http = openHttpServer({ host: '127.0.0.1', port: 0, logger, metrics });
  http.mount('/api/v2', alertmanagerApi({ ...shared, receive, queries, silences, startedAtMs: clock() }));
  http.mount('/', alertmanagerPages({ ...shared, ready: () => true }));
  const port = await http.listen();
  return {
    url: `http://127.0.0.1:${port}`,
    host: `127.0.0.1:${port}`,
    board,
    db,
    schema,
    store,
    silences,
    inForce,
    async stop() {
      await http.close(100);
      await dispatcher.close();
      await database[Symbol.asyncDispose]();
    },
  };
}
