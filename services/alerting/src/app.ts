import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { admitRequest } from '@tmws/http';
import { compose, type Host, type Lifecycle, repeatedly } from '@tmws/lifecycle';
import { relayOutbox } from '@tmws/postgres';
import type { AlertingConfig } from './config.ts';
import { defaultLabelLimits } from './domain/label-set.ts';
import { parseMatchers } from './domain/matcher-text.ts';
import { longestMemoryMs } from './domain/policy.ts';
import { quickConfig } from './domain/quick-config.ts';
import { quickMore } from './domain/quick-more.ts';
import type { RouteOptions } from './domain/route-tree.ts';
import { alertmanagerPages } from './inbound/am-v2/pages.ts';
import { alertmanagerApi } from './inbound/am-v2/routes.ts';
import { openDeliveries } from './open-deliveries.ts';
import { openOwnApi } from './open-own-api.ts';
import { openRules } from './open-rules.ts';
import { alertEvents } from './outbound/alert-events.ts';
import { openHistoryRetention } from './outbound/postgres-history-retention.ts';
import { openPostgresAlertReads } from './outbound/postgres-alert-reads.ts';
import { openPostgresAlertStore } from './outbound/postgres-alert-store.ts';
import { openPostgresLedgerStore } from './outbound/postgres-ledger-store.ts';
import { openSinks } from './outbound/sinks.ts';
import { slackBotApps } from './outbound/slack-bot-apps.ts';
import type { Clock, HistoryEntry } from './ports.ts';
import type { LookAtCare } from './read-ports.ts';
import { openAlertChanges } from './usecases/change-alerts.ts';
import { handleDue } from './usecases/handle-due.ts';
import { judgeAlerts } from './usecases/judge-alerts.ts';
import { openConfigInForce } from './usecases/load-alertmanager-config.ts';
import { policyFrom } from './usecases/load-policy.ts';
import { lookAtCare } from './usecases/look-at-care.ts';
import { queryAlerts } from './usecases/query-alerts.ts';
import { receiveAlerts } from './usecases/receive-alerts.ts';
import { openSilences } from './usecases/silences.ts';
import { editSlackMessages } from './usecases/slack-edits.ts';
import { sweepAlerts } from './usecases/sweep.ts';
import { untoldAlerts } from './usecases/untold-alerts.ts';
import { watchDeliveries } from './usecases/watch-deliveries.ts';

export { alertingSettings, loadConfig } from './config.ts';

const schema = 'alerting';
export const migrations = { schema, dir: join(import.meta.dirname, '../migrations') };
const sweepEveryMs = 1_000;
const deliveryWatchEveryMs = 5_000;
/** Events of alerts go together: telling is what is in a hurry. */
const eventsPauseMs = 50;
const minuteMs = 60_000;
const retentionEveryMs = 60 * minuteMs;
/** Alertmanager's `--data.retention`. */
const keepExpiredMs = 120 * 60 * minuteMs;

/** Wires alerting into a host: migrates its schema, speaks Alertmanager's API on its port, tells receivers. */
export function createApp(config: AlertingConfig, host: Host, given: { clock?: Clock } = {}): Promise<Lifecycle> {
  const { logger, metrics, events } = host;
  const clock = given.clock ?? Date.now;
  return compose({ stopBudgetMs: host.config.stopBudgetMs, logger }, async (app) => {
    // What was accepted is told without Kafka; only what comes from it waits.
    const topicsMade = host.topics();
    topicsMade.catch(() => undefined);
    const db = await host.migrated(migrations);
    const store = openPostgresAlertStore(db, schema);
    const ledger = openPostgresLedgerStore(db, schema);
    const relay = { schema, publish: events.publish, logger, metrics, pauseMs: eventsPauseMs };
    const outbox = app.closing('outbox', relayOutbox(db, relay));
    const urgent = parseMatchers(config.urgent, config.matchersMode);
    // Nothing is dispatched before the configuration is there.
    const woken: { dispatcher: () => void; care: LookAtCare } = {
      dispatcher: () => undefined,
      care: () => ({ groupId: undefined, acknowledged: [], silenced: [] }),
    };
    const { configFile, policyFile } = config;
    const folder = configFile === undefined ? '.' : dirname(configFile);
    const inForce = await openConfigInForce({
      store,
      clock,
      source: {
        name: configFile ?? 'the configuration made of the ALERTING_ addresses',
        read: async () => (configFile === undefined ? quickConfig(config) : await readFile(configFile, 'utf8')),
      },
      policy: policyFrom(
        policyFile === undefined ? undefined : { name: policyFile, read: () => readFile(policyFile, 'utf8') },
        config.matchersMode,
        // With a file there are no addresses.
        quickMore(config),
      ),
      matchers: config.matchersMode,
      prepare: (read, { receivers }) =>
        openSinks(read, {
          more: receivers,
          folder,
          clock,
          mailThreads: configFile === undefined,
          care: (...about) => woken.care(...about),
        }),
      unused: (sinks) => sinks.close(),
      bypass: () => urgent,
      placed: () => woken.dispatcher(),
    });
    const { board } = inForce;
    woken.care = lookAtCare({ board, clock });
    const policy = () => inForce.current().policy;
    const prepared = () => inForce.current().prepared;
    app.onStop('sinks', () => prepared().close());
    const eventsOf = (entries: readonly HistoryEntry[]) =>
      alertEvents(entries, ({ namespace, fingerprint, doc }) => {
        const own = doc.labels as Readonly<Record<string, string>> | undefined;
        return own ?? board.alert(namespace, fingerprint)?.labels ?? {};
      });
    const externalUrl = (): string => config.externalUrl ?? `http://${host.config.bind}:${host.config.alertmanagerPort}`;
    const { dispatcher, gates } = app.closing(
      'dispatcher',
      openDeliveries({
        ...{ config, ledger, board, clock, logger, metrics, urgent, eventsOf, externalUrl },
        inForce: () => ({
          routes: inForce.current().routes,
          intervals: inForce.current().config.timeIntervals,
          sinks: prepared(),
        }),
      }),
    );
    woken.dispatcher = dispatcher.wake;
    const names = config.matchersMode === 'classic' ? 'classic' : 'utf8';
    const receive = receiveAlerts({
      store,
      board,
      clock,
      rules: () => ({ resolveTimeoutMs: inForce.current().config.resolveTimeoutMs, names, limits: defaultLabelLimits }),
      bypass: () => urgent,
      policy,
      eventsOf,
      stored: ({ events: any, fresh, dueMs }) => {
        dispatcher.hand(fresh);
        dispatcher.wake(dueMs);
        if (any) outbox.wake();
      },
    });
    const longest = (of: (options: RouteOptions) => number): number =>
      Math.max(...[...inForce.current().routes.values()].map(({ options }) => of(options)));
    const keepResolvedMs = (): number =>
      2 * longest(({ groupIntervalMs }) => groupIntervalMs) + 15 * minuteMs + longestMemoryMs(policy());
    app.closing(
      'sweeping',
      repeatedly(sweepAlerts({ store, board, clock, keepResolvedMs, keepExpiredMs, policy, bypass: () => urgent, eventsOf }), {
        everyMs: sweepEveryMs,
        failed: (error) => logger.warn({ err: error }, 'alerts that ended cannot be looked for; it is tried again'),
      }),
    );
    app.closing(
      'deadlines',
      repeatedly(
        handleDue({
          ...{ store, board, clock, policy, eventsOf },
          bypass: () => urgent,
          intervals: () => inForce.current().config.timeIntervals,
          integrationsOf: (receiver) => prepared().integrationsOf(receiver),
          externalUrl,
          longestWaitMs: () =>
            5 * minuteMs + longest(({ groupWaitMs, groupIntervalMs }) => Math.max(groupWaitMs, groupIntervalMs)),
          stored: () => {
            outbox.wake();
            dispatcher.wake();
          },
        }),
        {
          everyMs: sweepEveryMs,
          failed: (error) => logger.warn({ err: error }, 'deadlines of alerts cannot be looked at; it is tried again'),
        },
      ),
    );
    const rules = await openRules({
      ...{ config, db, schema, events, store, ledger, board, clock, logger, metrics },
      derive: receive.derive,
      toSend: outbox.wake,
      watches: () => policy().watches,
      configOk: () => inForce.last().ok,
      topicsMade,
      root: () => inForce.current().config.route,
      bypass: () => urgent,
    });
    for (const { name, close } of rules.closing.toReversed()) app.onStop(name, close);
    const reads = openPostgresAlertReads(db, schema);
    app.closing(
      'watch over deliveries',
      repeatedly(
        watchDeliveries({
          ...{ board, ledger, gates, clock, derive: receive.derive },
          untold: untoldAlerts({
            ...{ board, reads, urgent: () => urgent },
            intervals: () => inForce.current().config.timeIntervals,
            integrationsOf: (receiver) => prepared().integrationsOf(receiver),
          }),
        }),
        {
          everyMs: deliveryWatchEveryMs,
          failed: (error) => logger.warn({ err: error }, 'what is not told cannot be looked for; it is tried again'),
        },
      ),
    );
    const retention = openHistoryRetention(db, schema);
    app.closing(
      'retention',
      repeatedly(() => retention.dropBefore(clock() - config.historyRetentionMs), {
        everyMs: retentionEveryMs,
        failed: (error) => logger.warn({ err: error }, 'old history cannot be dropped; it is tried again'),
      }),
    );
    const silences = openSilences({ store, board, clock, newId: randomUUID, names, keepExpiredMs, stored: () => undefined });
    const sendAny = ({ events: any }: { readonly events: boolean }): void => {
      if (any) outbox.wake();
    };
    const changes = openAlertChanges({ store, board, clock, eventsOf, stored: sendAny });
    openOwnApi(host.grpc, {
      ...{ board, clock, silences, changes, retentionMs: config.historyRetentionMs },
      reads,
      gates,
      judge: judgeAlerts({ store, board, reads, clock }),
      rules: rules.api,
      replay: { ledger, eventsOf, stored: () => (outbox.wake(), dispatcher.wake()) },
      slack: {
        apps: () => slackBotApps({ receivers: policy().receivers, http: inForce.current().config.global.http_config, clock }),
        edit: editSlackMessages({
          ...{ store, reads, board, clock, externalUrl, care: woken.care, stored: dispatcher.wake },
          receivers: () => [...inForce.current().config.receivers.keys()],
          integrationsOf: (receiver) => prepared().integrationsOf(receiver),
        }),
      },
      bypass: () => urgent,
      policy,
      integrationsOf: (receiver) => prepared().integrationsOf(receiver),
      sinkOf: (receiver, integration) => prepared().sinkOf(receiver, integration),
      ...{ externalUrl, names },
      inForce: () => ({ ...inForce.current(), refused: inForce.last().refused }),
    });
    const queries = queryAlerts({ board, clock, intervals: () => inForce.current().config.timeIntervals });
    const door = {
      config: {
        ...inForce,
        async reload() {
          await inForce.reload();
          await rules.detection?.reload();
        },
      },
      clock,
      logger,
      metrics,
      admit: async (...[request, response, needs]: Parameters<Parameters<typeof alertmanagerApi>[0]['admit']>) =>
        await admitRequest(host.door, request, response, needs),
    };
    const api = alertmanagerApi({ ...door, receive, queries, silences, startedAtMs: clock() });
    host.alertmanager.mount('/api/v2', api);
    host.alertmanager.mount('/', alertmanagerPages({ ...door, ready: () => !host.leaving.aborted }));
  });
}
