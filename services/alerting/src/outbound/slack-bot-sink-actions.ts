// Buttons below a group, and who pressed them. What they hold is read again in usecases/slack-action.ts.
import { actionIds, refText, silenceTimes } from '../domain/slack-ref.ts';
import type { NotificationDoc } from '../ports.ts';
import type { GroupCare } from '../read-ports.ts';
import type { Block, MessageParts } from './slack-bot-sink-parts.ts';
import { inLine, timeText } from './slack-bot-sink-words.ts';

const plainText = (text: string) => ({ type: 'plain_text', text, emoji: true });

export function actionsBlock({ doc, namespace, care }: MessageParts, url: string): Block[] {
  const ref = refOf(doc, namespace, care);
  const firing = doc.alerts.filter(({ status }) => status === 'firing').length;
  const kept = care.acknowledged.reduce((sum, { alerts }) => sum + alerts, 0);
  const open = {
    ...{ type: 'button', action_id: actionIds.open, text: plainText('Open'), url },
  };
  const acknowledge = {
    ...{ type: 'button', action_id: actionIds.acknowledge, text: plainText('Acknowledge'), style: 'primary' },
    value: ref ?? '',
  };
  const silence = {
    ...{ type: 'static_select', action_id: actionIds.silence, placeholder: plainText('Silence …') },
    options: Object.keys(silenceTimes).map((time) => ({
      text: plainText(`Silence ${time.replace(/(\d+)h/, '$1 h').replace(/(\d+)d/, '$1 d')}`),
      value: `${time} ${ref ?? ''}`,
    })),
  };
  const acts = doc.status === 'firing' && ref !== undefined;
  const elements = [...(acts && kept < firing ? [acknowledge] : []), ...(acts ? [silence] : []), ...(url === '' ? [] : [open])];
  return elements.length === 0 ? [] : [{ type: 'actions', block_id: 'tmws_actions', elements }];
}

/** An escalation is about one alert, and is no group of a route. */
function refOf(doc: NotificationDoc, namespace: string, { groupId }: GroupCare): string | undefined {
  if (groupId !== undefined) return refText({ kind: 'group', id: groupId, namespace });
  const [only] = doc.alerts;
  return doc.alerts.length === 1 && only !== undefined ? refText({ kind: 'alert', id: only.fingerprint, namespace }) : undefined;
}

export function careText({ acknowledged, silenced }: GroupCare, { alerts, status }: NotificationDoc): string[] {
  if (status === 'resolved') return [];
  const firing = alerts.filter((alert) => alert.status === 'firing').length;
  const of = (count: number): string => (count >= firing ? '' : ` (${count} of ${firing})`);
  const keepers = acknowledged.slice(0, 5).map(({ by, alerts: count }) => `*${inLine(by, 80)}*${of(count)}`);
  return [
    ...(keepers.length === 0 ? [] : [`:eyes: Acknowledged by ${keepers.join(', ')}`]),
    ...silenced.map(
      ({ by, untilMs, alerts: count }) =>
        `:no_bell: Silenced until ${timeText(untilMs)} by *${inLine(by, 80) || 'somebody'}*${of(count)}`,
    ),
  ];
}
