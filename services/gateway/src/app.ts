import { compose, type Host, type HostConfig, type Lifecycle } from '@tmws/lifecycle';
import type { GatewayConfig } from './config.ts';
import { AccessService } from '@tmws/contracts/access';
import { accessHandlers } from './inbound/access-handlers.ts';
import { auditRoutes } from './inbound/audit-routes.ts';
import { alertmanagerPrefix } from './inbound/alertmanager-prefix.ts';
import { adminRoutes } from './inbound/admin-routes.ts';
import { alertChangeRoutes } from './inbound/alert-change-routes.ts';
import { alertHistoryRoutes } from './inbound/alert-history-routes.ts';
import { alertRoutes, oneAlertRoutes } from './inbound/alert-routes.ts';
import { consoleRoutes } from './inbound/console-routes.ts';
import { deadLetterRoutes } from './inbound/dead-letter-routes.ts';
import { deliveryRoutes } from './inbound/delivery-routes.ts';
import { demoRoutes } from './inbound/demo-routes.ts';
import { eventRoutes } from './inbound/event-routes.ts';
import { executionRoutes } from './inbound/execution-routes.ts';
import { healthRoutes } from './inbound/health-routes.ts';
import { importRoutes } from './inbound/import-routes.ts';
import { keyRoutes } from './inbound/key-routes.ts';
import { listingRoutes } from './inbound/listing-routes.ts';
import { notificationRoutes } from './inbound/notification-routes.ts';
import { openapiRoutes } from './inbound/openapi-routes.ts';
import { operationRoutes } from './inbound/operation-routes.ts';
import { pictureRoutes } from './inbound/picture-routes.ts';
import { receiverTestRoutes } from './inbound/receiver-test-routes.ts';
import { retentionRoutes } from './inbound/retention-routes.ts';
import { nobodyAsked, routerOf } from './inbound/router-of.ts';
import { ruleRoutes } from './inbound/rule-routes.ts';
import { sessionRoutes } from './inbound/session-routes.ts';
import { silenceRoutes } from './inbound/silence-routes.ts';
import { slackRoutes } from './inbound/slack-routes.ts';
import { stepRoutes } from './inbound/step-routes.ts';
import { waitsRoutes } from './inbound/waits-routes.ts';
import { openAccess } from './open-access.ts';
import { openAlertingClients } from './outbound/alerting-client.ts';
import { openAlertmanagerProxy } from './outbound/alertmanager-proxy.ts';
import { loadConsoleFiles } from './outbound/console-files.ts';
import { openEventLog } from './outbound/event-log.ts';
import { openImportClient, openOperationClient } from './outbound/import-clients.ts';
import { openListingClient, openPictureClient, openRetentionClient, openTimelineClient } from './outbound/timeline-client.ts';
import type { GatewayPorts } from './ports.ts';
import { acceptEvents } from './usecases/accept-events.ts';
import { listDeadLetters } from './usecases/list-dead-letters.ts';
import { openDemo } from './usecases/play-demo.ts';
import { replayDeadLetters } from './usecases/replay-dead-letters.ts';

export { type GatewayConfig, gatewaySettings, loadConfig } from './config.ts';
export type { GatewayPorts } from './ports.ts';
export { migrations } from './open-access.ts';

/** Without sign-in it keeps nothing; with it keys, sessions and the audit. */
export const keeps = ({ auth }: Pick<HostConfig, 'auth'>): boolean => auth === 'on';

/** Wires the gateway into a host. Tests pass the ports they fake; every other port is the host's. */
export function createApp(config: GatewayConfig, host: Host, given: Partial<GatewayPorts> = {}): Promise<Lifecycle> {
  const { http, logger } = host;
  return compose({ stopBudgetMs: host.config.stopBudgetMs, logger }, async (app) => {
    const clock = given.clock ?? { nowMs: () => Date.now() };
    const access = host.config.auth === 'on' ? await openAccess(app, config, host, clock.nowMs) : undefined;
    if (access !== undefined) host.grpc.add(AccessService, accessHandlers(access));
    const calling = { callTimeoutMs: config.callTimeoutMs, token: host.serviceToken };
    const events = given.events ?? openEventLog(() => host.events, config.callTimeoutMs);
    const timelineAddress = host.peer('workflow-timeline', config.timelineAddress);
    const timeline = given.timeline ?? app.closing('timeline client', openTimelineClient(timelineAddress, calling));
    const pictures = given.pictures ?? app.closing('picture client', openPictureClient(timelineAddress, calling));
    const listing = given.listing ?? app.closing('listing client', openListingClient(timelineAddress, calling));
    const retention = given.retention ?? app.closing('retention client', openRetentionClient(timelineAddress, calling));
    const imports = given.imports ?? app.closing('import client', openImportClient(timelineAddress, calling));
    const operations = given.operations ?? app.closing('operation client', openOperationClient(timelineAddress, calling));
    const alerting = openAlertingClients(host.peer('alerting', config.alertingAddress), calling);
    app.onStop('alerting clients', alerting.close);
    const { alerts, silences, deliveries, rules } = { ...alerting, ...given };
    const consoleFiles = (given.consoleFiles ?? loadConsoleFiles)();
    // A compiler that is cut off by the end of its process prints pages, in which the reason of that end is lost.
    app.onStop('build of the console', () => consoleFiles.then(nothing, nothing));

    const accept = acceptEvents({ events, clock });
    const demo = openDemo({ accept, clock, enabled: config.demo === 'on', logger });
    app.onStop('demo', demo.stop);

    const stopping = new AbortController();
    const closing = AbortSignal.any([http.closing, stopping.signal]);
    const guard =
      access === undefined ? nobodyAsked : { door: access.door, record: access.audit.record, lookAgainMs: host.lookAgainMs };
    const routes = [
      ...eventRoutes({ accept, logger, ...config }),
      // Before the routes of one execution, whose id may be any word.
      ...listingRoutes({ listing }),
      ...executionRoutes({ timeline, pictures, closing }),
      ...pictureRoutes({ pictures }),
      ...waitsRoutes({ timeline }),
      ...stepRoutes({ timeline }),
      ...retentionRoutes({ retention, ...config }),
      ...alertRoutes({ alerts, closing }),
      ...alertChangeRoutes({ alerts, clock, ...config }),
      ...alertHistoryRoutes({ alerts, ...config }),
      ...oneAlertRoutes({ alerts }),
      ...silenceRoutes({ silences, clock, ...config }),
      ...deliveryRoutes({ deliveries }),
      ...notificationRoutes({ deliveries, ...config }),
      ...receiverTestRoutes({ deliveries, ...config }),
      ...ruleRoutes({ rules, ...config }),
      ...slackRoutes({ deliveries, guard }),
      ...importRoutes({ imports, operations }),
      ...operationRoutes({ operations }),
      ...deadLetterRoutes({ list: listDeadLetters({ events }), replay: replayDeadLetters({ events }), ...config }),
      ...demoRoutes({ play: demo.play, clock, ...config }),
      ...adminRoutes({ timeline }),
      ...sessionRoutes({ access, ...config }),
      ...keyRoutes({ access, ...config }),
      ...auditRoutes({ access }),
      ...healthRoutes({ closing: AbortSignal.any([closing, host.leaving]) }),
    ];
    const target = host.alertmanagerAt(config.alertmanagerAddress);
    const ask = openAlertmanagerProxy({ target, timeoutMs: config.callTimeoutMs });
    http.mount('/alertmanager', alertmanagerPrefix({ ask, guard, serviceToken: host.serviceToken, logger }));
    http.mount('/', routerOf([...routes, ...openapiRoutes(routes)], guard));
    http.mount('/', consoleRoutes(consoleFiles, logger));
    // First of all: not ready, and streams end, so that browsers go to another replica.
    app.onStop('readiness and streams', () => stopping.abort());
  });
}

const nothing = (): void => undefined;
