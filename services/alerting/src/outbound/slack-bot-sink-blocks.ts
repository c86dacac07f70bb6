// A group as a message of Block Kit, within Slack's limits.
import type { NotificationDoc } from '../ports.ts';
import { actionsBlock, careText } from './slack-bot-sink-actions.ts';
import { type Block, limits, type MessageParts } from './slack-bot-sink-parts.ts';
import { alertLine, cutMrkdwn, escaped, inLine, linkText, markOf } from './slack-bot-sink-words.ts';
import { cutTo, cutToCharacters } from './sink-templates.ts';

export interface SlackMessage {
  /** For notifications and screen readers. */
  readonly text: string;
  readonly blocks: readonly Block[];
  /** Lines of alerts that had no room. */
  readonly rest: readonly string[];
}

/** For what comes after the alerts: who looks after them, buttons, where it comes from. */
const roomAfter = 3_000;
const titleTemplate = '{{ template "slack.default.title" . }}';

export function slackBotMessage(parts: MessageParts): SlackMessage {
  const { config, doc, plain, marked } = parts;
  const worst = doc.alerts.find(({ status }) => status === doc.status) ?? doc.alerts[0];
  const mark = worst === undefined ? '' : `${markOf({ status: doc.status, labels: worst.labels })} `;
  const title =
    plain
      .text('title', config.title ?? titleTemplate, titleTemplate)
      .replaceAll(/\s+/g, ' ')
      .trim() || 'Alerts';
  const head: Block[] = [
    { type: 'header', text: { type: 'plain_text', text: cutToCharacters(`${mark}${title}`, limits.header), emoji: true } },
  ];
  const own = config.text === undefined ? '' : marked.fitted('text', config.text, '', { most: limits.section - 50 }).trim();
  if (own !== '') head.push(section(own));
  else head.push(...fieldsOf(doc));
  const note = doc.commonAnnotations.tmws_escalation ?? doc.commonAnnotations.tmws_flapping;
  if (note !== undefined && doc.status === 'firing') head.push(context(`:rotating_light: ${inLine(note, 500)}`));
  const lines = own === '' ? doc.alerts.map((alert) => alertLine(alert, doc.commonLabels)) : [];
  const packed = packLines(lines, limits.whole - roomAfter - JSON.stringify(head).length, limits.blocks - head.length - 6);
  const left = lines.length - packed.told;
  const url = consoleUrl(parts);
  const after = [
    ...(left > 0 ? [context(`and ${left} more ${left === 1 ? 'alert' : 'alerts'}${linked(url, ' in the console')}`)] : []),
    ...careText(parts.care, doc).map((text) => context(text)),
    ...(parts.buttons ? actionsBlock(parts, url) : []),
    context(footerOf(parts, url)),
  ];
  const text = cutTo(escaped(cutToCharacters(title, 500)), 3_000);
  return { text, blocks: [...head, ...packed.blocks, ...after], rest: lines.slice(packed.told) };
}

/** Lines as sections, as far as there is room. */
export function packLines(lines: readonly string[], room: number, most: number): { blocks: Block[]; told: number } {
  const blocks: Block[] = [];
  let [text, used, told] = ['', 0, 0];
  for (const given of lines) {
    const line = cutMrkdwn(given, limits.section - 100);
    const length = JSON.stringify(line).length + 1;
    const begins = text === '' || text.length + line.length + 1 > limits.section;
    const cost = length + (begins ? 70 : 0);
    if (used + cost > room || (begins && text !== '' && blocks.length + 2 > most)) break;
    if (begins && text !== '') blocks.push(section(text));
    text = begins ? line : `${text}\n${line}`;
    used += cost;
    told++;
  }
  if (text !== '') blocks.push(section(text));
  return { blocks, told };
}

/** Labels that all of them share, but for the alert's name, which the title has. */
function fieldsOf({ commonLabels }: NotificationDoc): Block[] {
  const fields = Object.entries(commonLabels)
    .filter(([name]) => name !== 'alertname')
    .slice(0, limits.fields)
    .map(([name, value]) => ({ type: 'mrkdwn', text: `*${inLine(name, 60)}*\n${inLine(value, 150) || ' '}` }));
  return fields.length === 0 ? [] : [{ type: 'section', fields }];
}

export const section = (text: string): Block => ({
  type: 'section',
  text: { type: 'mrkdwn', text: cutMrkdwn(text, limits.section) },
});
const context = (text: string): Block => ({
  type: 'context',
  elements: [{ type: 'mrkdwn', text: cutMrkdwn(text, 1_000) }],
});

/** Where the console has the group. */
export function consoleUrl({ doc, namespace, care }: Pick<MessageParts, 'doc' | 'namespace' | 'care'>): string {
  const base = doc.externalURL.replace(/\/+$/, '');
  const query = new URLSearchParams({ ...(care.groupId !== undefined && { group: care.groupId }), namespace });
  const url = URL.parse(`${base}/alerts?${query.toString()}`);
  return url !== null && /^https?:$/.test(url.protocol) && url.href.length <= 2_000 ? url.href : '';
}

const linked = (url: string, text: string): string => (url === '' ? '' : `: ${linkText(url, text.trim())}`);

function footerOf({ doc, namespace, plain, marked, buttons }: MessageParts, url: string): string {
  const faults = [...new Set([...plain.faults, ...marked.faults])].map((fault) => inLine(fault, 200));
  const where = [inLine(doc.receiver, 100), ...(namespace === 'default' ? [] : [`namespace ${inLine(namespace, 63)}`])];
  const link = buttons || url === '' ? [] : [linkText(url, 'open in the console')];
  return [...where, ...link, ...faults].filter(Boolean).join(' · ') || 'TMWS';
}
