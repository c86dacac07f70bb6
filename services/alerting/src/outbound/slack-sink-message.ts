// A Slack message with one attachment, its fields as Alertmanager maps them.
// Source: Alertmanager's documentation, slack_config; compared with what 0.28.1 sends.
import type { SlackConfig } from '../domain/config/receivers.ts';
import { cutTo, cutToCharacters, type Rendering } from './sink-templates.ts';

/** Alertmanager's, in characters: longer titles are cut. */
const mostTitle = 1024;
/** Slack refuses messages from about 13,200 characters on with `msg_blocks_too_long`, which it does not document. */
const mostMessage = 12_000;
/** For all fields together, so that some of the text fits in any case. */
const mostFields = 6_000;
const mostFieldValue = 2_000;
const mostOther = 1_000;

const templates = {
  title: '{{ template "slack.default.title" . }}',
  title_link: '{{ template "slack.default.titlelink" . }}',
  pretext: '{{ template "slack.default.pretext" . }}',
  text: '{{ template "slack.default.text" . }}',
  fallback: '{{ template "slack.default.fallback" . }}',
  footer: '{{ template "slack.default.footer" . }}',
  callback_id: '{{ template "slack.default.callbackid" . }}',
  color: '{{ template "slack.default.color" . }}',
  username: '{{ template "slack.default.username" . }}',
  icon_emoji: '{{ template "slack.default.iconemoji" . }}',
  icon_url: '{{ template "slack.default.iconurl" . }}',
} as const;

/** Slack's JSON. Optional texts that are empty are left out. */
export function slackMessage(config: SlackConfig, rendering: Rendering): Record<string, unknown> {
  const of = (name: keyof typeof templates): string => rendering.text(name, config[name] ?? templates[name], templates[name]);
  const plain = (name: 'channel' | 'message_text' | 'image_url' | 'thumb_url'): string =>
    rendering.text(name, config[name] ?? '');

  const title = cutToCharacters(of('title'), mostTitle);
  const fallback = cutTo(of('fallback'), mostTitle) || title;
  const pretext = cutTo(of('pretext'), mostOther);
  const footer = cutTo(of('footer'), mostOther);
  const messageText = cutTo(plain('message_text'), mostOther);
  const { fields, leftOut } = fieldsOf(config, rendering);
  const actions = actionsOf(config, rendering);
  const others = [title, fallback, pretext, footer, messageText, JSON.stringify([fields, actions])].join('').length;
  const room = Math.max(mostOther, mostMessage - others - leftOut.length);
  const told = rendering.fitted('text', config.text ?? templates.text, templates.text, { most: room });
  const faults = cutTo([...rendering.faults].join('\n'), mostOther);
  const text = [told, leftOut, faults].filter((line) => line !== '').join('\n');

  return withoutEmpty({
    channel: plain('channel'),
    username: of('username'),
    icon_emoji: of('icon_emoji'),
    icon_url: of('icon_url'),
    link_names: config.link_names ?? false,
    text: messageText,
    attachments: [
      {
        ...withoutEmpty({ title, title_link: of('title_link'), pretext }),
        text,
        fallback,
        callback_id: of('callback_id'),
        ...withoutEmpty({ fields, actions, image_url: plain('image_url'), thumb_url: plain('thumb_url') }),
        footer,
        ...withoutEmpty({ color: of('color'), mrkdwn_in: config.mrkdwn_in ?? ['fallback', 'pretext', 'text'] }),
      },
    ],
  });
}

interface Field {
  readonly title: string;
  readonly value: string;
  readonly short: boolean;
}

function fieldsOf(config: SlackConfig, rendering: Rendering): { fields: Field[]; leftOut: string } {
  const all = (config.fields ?? []).map(({ title = '', value = '', short }, index) => ({
    title: cutTo(rendering.text(`fields[${index}].title`, title), mostOther),
    value: cutTo(rendering.text(`fields[${index}].value`, value), mostFieldValue),
    short: short ?? config.short_fields ?? false,
  }));
  let length = 0;
  const fields = all.filter(({ title, value }) => (length += title.length + value.length) <= mostFields);
  const missing = all.length - fields.length;
  return {
    fields,
    leftOut: missing === 0 ? '' : `${missing} of ${all.length} fields are left out here, as the message would be too long.`,
  };
}

function actionsOf(config: SlackConfig, rendering: Rendering): Record<string, unknown>[] {
  return (config.actions ?? []).map(({ type = '', text = '', url = '', style = '', name = '', value = '', confirm }, index) => {
    const of = (field: string, template: string): string => rendering.text(`actions[${index}].${field}`, template);
    return {
      type: of('type', type),
      text: of('text', text),
      ...withoutEmpty({ url: of('url', url), style: of('style', style), name: of('name', name), value: of('value', value) }),
      ...(confirm === undefined
        ? {}
        : {
            confirm: {
              text: of('confirm.text', confirm.text ?? ''),
              ...withoutEmpty({
                title: of('confirm.title', confirm.title ?? ''),
                ok_text: of('confirm.ok_text', confirm.ok_text ?? ''),
                dismiss_text: of('confirm.dismiss_text', confirm.dismiss_text ?? ''),
              }),
            },
          }),
    };
  });
}

const withoutEmpty = (values: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(values).filter(
      ([, value]) => value !== '' && value !== false && !(Array.isArray(value) && value.length === 0),
    ),
  );
