import type { DeliveryService, Handlers } from '@tmws/contracts';
import { Problem } from '@tmws/problems';
import type { listNotifications } from '../../usecases/list-notifications.ts';
import type { listReceivers } from '../../usecases/list-receivers.ts';
import type { lookAtRouting } from '../../usecases/look-at-routing.ts';
import type { takeSlackAction } from '../../usecases/take-slack-action.ts';
import type { testReceiver } from '../../usecases/test-receiver.ts';
import { instant, notificationMessage } from './alert-messages.ts';

interface DeliveryHandlersOptions {
  readonly receivers: ReturnType<typeof listReceivers>;
  readonly notifications: ReturnType<typeof listNotifications>;
  readonly routing: ReturnType<typeof lookAtRouting>;
  readonly test: ReturnType<typeof testReceiver>;
  readonly slack: ReturnType<typeof takeSlackAction>;
}

const notServed = (): never => {
  throw new Problem('precondition', 'this is not served');
};

/** DeliveryService over the use cases. */
export function deliveryHandlers({
  receivers,
  notifications,
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
          integrations: integrations.map(({ lastSentMs, ...each }) => ({
            ...each,
            ...(lastSentMs !== undefined && { lastSentAt: instant(lastSentMs) }),
          })),
        })),
      };
    },
    async listNotifications(asked, { caller }) {
      const { items, nextCursor } = await notifications(caller.namespace, asked);
      return { items: items.map(({ entry, groupId }) => notificationMessage(entry, groupId)), nextCursor };
    },
    getNotification: notServed,
    replayNotifications: notServed,
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
