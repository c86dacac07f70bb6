import type { ListNotificationsResponseJson, NotificationJson } from '@tmws/contracts';
import type { Context } from '../context.ts';
import { labelsText } from '../label-words.ts';
import { type Column, printList } from '../output.ts';
import { statusStyle } from '../paint.ts';
import { timeText } from '../time-text.ts';

export interface NotificationListOptions {
  readonly status?: string;
  readonly receiver?: string;
  readonly alert?: string;
  readonly limit: number;
}

/** `tmws notification list`: messages to receivers, the latest first. */
export async function notificationList(
  context: Context,
  { status, receiver, alert, limit }: NotificationListOptions,
): Promise<void> {
  const nowMs = context.terminal.nowMs();
  const asked = { status, receiver, fingerprint: alert, limit: Math.min(limit, 500) };
  const { items = [] } = await context.client().get<ListNotificationsResponseJson>('/api/v1/notifications', asked);
  const columns: Column<NotificationJson>[] = [
    { title: 'ID', text: ({ id = '' }) => id },
    { title: 'WHEN', text: ({ createdAt }) => timeText(createdAt, context.time, nowMs) },
    { title: 'STATUS', text: ({ status: is = '' }) => is, style: ({ status: is = '' }) => statusStyle(is) },
    { title: 'RECEIVER', text: ({ receiver: to = '' }) => to, shrinkTo: 12 },
    { title: 'BY', text: ({ integration = '' }) => integration },
    { title: 'WHY', text: ({ reason = '' }) => reason },
    { title: 'FIRING', text: ({ firing = [] }) => String(firing.length), align: 'right' },
    { title: 'RESOLVED', text: ({ resolved = [] }) => String(resolved.length), align: 'right' },
    { title: 'TRIES', text: ({ attempts = 0 }) => String(attempts), align: 'right' },
    { title: 'GROUP', text: ({ groupLabels }) => labelsText(groupLabels), shrinkTo: 12 },
    { title: 'ERROR', text: ({ error = '' }) => error, shrinkTo: 12 },
  ];
  await printList(context, columns, items);
}
