import type { MessageInitShape } from '@bufbuild/protobuf';
import type { ExplainAlertResponseSchema } from '@tmws/contracts';
import type { Explanation } from '../../usecases/explain-alert.ts';
import { type AlertMessage, instant } from './alert-messages.ts';

export function explanationMessage(
  { labels, visits, muted, groups, summary }: Explanation,
  alert: AlertMessage | undefined,
): MessageInitShape<typeof ExplainAlertResponseSchema> {
  return {
    labels: { ...labels },
    ...(alert !== undefined && { alert }),
    routes: visits.map(({ route, depth, outcome, reason }) => ({
      route: route.id,
      depth,
      outcome,
      reason,
      receiver: route.options.receiver,
    })),
    muted: [...muted],
    groups: groups.map((group) => ({
      groupId: group.groupId,
      receiver: group.receiver,
      labels: { ...group.labels },
      nextAt: instant(group.nextMs),
      integrations: group.integrations.map(({ lastToldMs, ...each }) => ({
        ...each,
        ...(lastToldMs !== undefined && { lastToldAt: instant(lastToldMs) }),
      })),
    })),
    summary,
  };
}
