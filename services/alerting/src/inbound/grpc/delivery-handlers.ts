import type { DeliveryService, Handlers } from '@tmws/contracts';
import type { listNotifications } from '../../usecases/list-notifications.ts';
import type { listReceivers } from '../../usecases/list-receivers.ts';
import type { lookAtRouting } from '../../usecases/look-at-routing.ts';
import type { takeSlackAction } from '../../usecases/take-slack-action.ts';
import type { testReceiver } from '../../usecases/test-receiver.ts';
import type { getNotification } from '../../usecases/get-notification.ts';
import type { replayNotifications } from '../../usecases/replay-notifications.ts';
import { instant, notificationMessage } from './alert-messages.ts';
import { instantOf } from './requests.ts';

interface DeliveryHandlersOptions {
  readonly receivers: ReturnType<typeof listReceivers>;
  readonly notifications: ReturnType<typeof listNotifications>;
  readonly get: ReturnType<typeof getNotification>;
  readonly replay: ReturnType<typeof replayNotifications>;
  readonly routing: ReturnType<typeof lookAtRouting>;
  readonly test: ReturnType<typeof testReceiver>;
  readonly slack: ReturnType<typeof takeSlackAction>;
}

/** DeliveryService over the use cases. */
export function deliveryHandlers({
  receivers,
  notifications,
  get,
  replay,
  routing,
  test,
  slack,
}: DeliveryHandlersOptions): Handlers<typeof DeliveryService.method> {
  return {
    async listReceivers(_request, { caller }) {
      const found = await receivers(caller.namespace);
      return {
        items: found.map(({ name, routes, integrations }) => ({
          name,
          routes: [...routes],
          integrations: integrations.map(({ lastSentMs, circuitUntilMs, ...each }) => ({
            ...each,
            ...(circuitUntilMs !== undefined && { circuitUntil: instant(circuitUntilMs) }),
            ...(lastSentMs !== undefined && { lastSentAt: instant(lastSentMs) }),
          })),
        })),
      };
    },
    async listNotifications(asked, { caller }) {
      const { items, nextCursor } = await notifications(caller.namespace, asked);
      return { items: items.map(({ entry, groupId }) => notificationMessage(entry, groupId)), nextCursor };
    },
    async getNotification({ id }, { caller }) {
      const { entry, groupId, doc } = await get(caller.namespace, id);
      return { notification: notificationMessage(entry, groupId), doc };
    },
    async replayNotifications({ ids, receiver, since, all }, { caller }) {
      const sinceMs = since === undefined ? undefined : instantOf(since, 'since');
      const { replayed, unknown, more } = await replay(caller.namespace, { ids, receiver, sinceMs, all, by: caller.principal });
      return { replayed, unknown: [...unknown], more };
    },
    async testReceiver({ receiver, integration, labels }, { caller: { namespace, principal } }) {
      return { items: await test({ receiver, integration, labels, namespace, by: principal }) };
    },
    takeSlackAction: ({ body, timestamp, signature }) => slack({ body, timestamp, signature }),
    async getRouting(_request, { caller }) {
      const { loadedAtMs, routes, ...read } = routing(caller.namespace);
      return Promise.resolve({
        ...read,
        loadedAt: instant(loadedAtMs),
        routes: routes.map(({ groupWaitMs, groupIntervalMs, repeatIntervalMs, groupBy, ...node }) => ({
          ...node,
          groupBy: [...groupBy],
          groupWaitMs: BigInt(groupWaitMs),
          groupIntervalMs: BigInt(groupIntervalMs),
          repeatIntervalMs: BigInt(repeatIntervalMs),
        })),
      });
    },
  };
}
