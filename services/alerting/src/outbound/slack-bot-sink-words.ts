// What a group is in Slack's mrkdwn. Values of labels and annotations are escaped: no mention and no link comes from them.
import { severityRank } from '../domain/severity.ts';
import type { NotificationDoc, NotificationDocAlert } from '../ports.ts';
import { cutTo } from './sink-templates.ts';

/** Source: docs.slack.dev, "Formatting message text": these three characters are all that can begin a mention or a link. */
export const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** In one line, at most so long before it is escaped. */
export const inLine = (text: string, most: number): string => escaped(cutTo(text.replaceAll(/\s+/g, ' ').trim(), most));

/** Cut text that is escaped already, without halving an entity or a link. */
export function cutMrkdwn(text: string, most: number): string {
  if (text.length <= most) return text;
  const cut = cutTo(text, most).slice(0, -1);
  const open = Math.max(cut.lastIndexOf('<') > cut.lastIndexOf('>') ? cut.lastIndexOf('<') : -1, cut.search(/&[a-z]*$/));
  return `${open < 0 ? cut : cut.slice(0, open)}…`;
}

/** Escaped labels and annotations, for templates that write mrkdwn of their own. */
export const escapedDoc = (doc: NotificationDoc): NotificationDoc => ({
  ...doc,
  alerts: doc.alerts.map((alert) => ({
    ...alert,
    labels: escapedSet(alert.labels),
    annotations: escapedSet(alert.annotations),
    generatorURL: escaped(alert.generatorURL),
  })),
  groupLabels: escapedSet(doc.groupLabels),
  commonLabels: escapedSet(doc.commonLabels),
  commonAnnotations: escapedSet(doc.commonAnnotations),
});

const escapedSet = (set: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(set).map(([name, value]) => [escaped(name), escaped(value)]));

export function markOf({ status, labels }: Pick<NotificationDocAlert, 'status' | 'labels'>): string {
  if (status === 'resolved') return ':large_green_circle:';
  const rank = severityRank(labels);
  return rank <= 1 ? ':red_circle:' : rank === 2 ? ':large_orange_circle:' : ':large_yellow_circle:';
}

/** Each reader sees their own time of day. */
export function timeText(ms: number): string {
  const text = new Date(ms).toISOString().replace('T', ' ').slice(0, 16);
  return `<!date^${Math.floor(ms / 1000)}^{date_short_pretty} {time}|${text} UTC>`;
}

export function linkText(url: string, text: string): string {
  const known = URL.parse(url);
  if (known === null || !/^https?:$/.test(known.protocol) || known.href.length > 2_000) return '';
  return `<${escaped(known.href).replaceAll('|', '%7C')}|${text}>`;
}

/** One alert: what it is, how it differs from the others, what it says, since when. */
export function alertLine(alert: NotificationDocAlert, common: Readonly<Record<string, string>>): string {
  const { labels, annotations, status, startsAt, endsAt, generatorURL } = alert;
  const own = Object.entries(labels).filter(([name]) => name !== 'alertname' && !Object.hasOwn(common, name));
  const names = own.map(([name, value]) => `${inLine(name, 60)}=${inLine(value, 120)}`).join(' ');
  const when = status === 'firing' ? `since ${timeText(Date.parse(startsAt))}` : `resolved ${timeText(Date.parse(endsAt))}`;
  const told = annotations.summary ?? annotations.description ?? annotations.message ?? '';
  const head = [`${markOf(alert)} *${inLine(labels.alertname ?? 'alert', 150)}*`, cutMrkdwn(names, 500), '·', when];
  const source = linkText(generatorURL, 'source');
  return [[...head, source].filter(Boolean).join(' '), told === '' ? '' : `      ${inLine(told, 300)}`]
    .filter(Boolean)
    .join('\n');
}
