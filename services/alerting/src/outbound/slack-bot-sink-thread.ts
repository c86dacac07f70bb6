// What the thread below a group's message says: what changed since the message was as it was, and alerts the message had no room for.
import type { NotificationDoc, TakenNotification } from '../ports.ts';
import { packLines, section } from './slack-bot-sink-blocks.ts';
import { type Block, limits } from './slack-bot-sink-parts.ts';
import type { Told } from './slack-bot-sink-progress.ts';
import { alertLine, inLine, linkText } from './slack-bot-sink-words.ts';

export interface Reply {
  readonly text: string;
  readonly blocks: readonly Block[];
  /** In the channel too: whoever looks there is to see it again. */
  readonly broadcast: boolean;
}

const mostReplies = 5;
const mostNamed = 10;

/** Alerts that the message had no room for, in a few replies. */
export function continued(rest: readonly string[], url: string): Reply[] {
  const replies: Reply[] = [];
  let left = rest;
  while (left.length > 0 && replies.length < mostReplies) {
    const { blocks, told } = packLines(left, limits.whole - 1_500, limits.blocks - 2);
    if (told === 0) break;
    left = left.slice(told);
    const last = left.length > 0 && replies.length === mostReplies - 1;
    const more = `and ${left.length} more${url === '' ? '' : `: ${linkText(url, 'all in the console')}`}`;
    replies.push({ text: `${told} more alerts`, blocks: last ? [...blocks, section(more)] : blocks, broadcast: false });
  }
  return replies;
}

/** What changed, as one short reply; undefined: nothing worth a line. */
export function changed(notification: TakenNotification, doc: NotificationDoc, before: Told): Reply | undefined {
  const { reason, firing } = notification;
  const of = (count: number): string => `${count} ${count === 1 ? 'alert' : 'alerts'}`;
  const say = (text: string, broadcast = false): Reply => ({ text, blocks: [section(text)], broadcast });
  if (reason === 'acknowledged' || reason === 'silenced') return undefined;
  if (reason === 'escalation') {
    const why = doc.alerts[0]?.annotations.tmws_escalation ?? 'nobody acknowledged it';
    return say(`:rotating_light: Escalated: ${inLine(why, 500)}`, true);
  }
  if (doc.status === 'resolved') return say(`:large_green_circle: Resolved: ${of(doc.alerts.length)}, nothing fires any more.`);
  if (reason === 'repeat') return say(`:bell: Still firing: ${of(firing.length)}.`, true);
  const known = new Set(before.firing);
  const now = new Set(firing.map(shortName));
  const begun = doc.alerts.filter(({ status, fingerprint }) => status === 'firing' && !known.has(shortName(fingerprint)));
  const over = doc.alerts.filter(({ status, fingerprint }) => status === 'resolved' && known.has(shortName(fingerprint)));
  const gone = before.firing.filter((name) => !now.has(name)).length;
  const list = (alerts: typeof begun): string =>
    alerts
      .slice(0, mostNamed)
      .map((alert) => `\n${alertLine(alert, doc.commonLabels).split('\n')[0] ?? ''}`)
      .join('') + (alerts.length > mostNamed ? `\nand ${alerts.length - mostNamed} more` : '');
  const parts = before.whole
    ? [
        ...(begun.length > 0 ? [`*New: ${of(begun.length)}*${list(begun)}`] : []),
        ...(over.length > 0
          ? [`*Resolved: ${of(over.length)}*${list(over)}`]
          : gone > 0
            ? [`${of(gone)} not firing here any more`]
            : []),
      ]
    : [`${of(firing.length)} fire now`];
  if (reason === 'flapping') parts.push('It fires and resolves too often: the next message comes when it is calm.');
  return parts.length === 0 ? undefined : say(parts.join('\n'));
}

/** Eight digits tell the alerts of a group apart well enough to say what is new. */
export const shortName = (fingerprint: string): string => fingerprint.slice(0, 8);
