// receivers: who is told. Fields keep Alertmanager's names, so that its documentation is theirs.
import type { GlobalConfig } from './global.ts';
import { httpConfig, tlsConfig } from './http.ts';
import {
  atMostOne,
  bool,
  count,
  duration,
  hostPort,
  list,
  object,
  record,
  secret,
  secretUrl,
  text,
  webhookUrl,
} from './readers.ts';
import type { Place, Reader } from './yaml-reading.ts';

const common = { send_resolved: bool, http_config: httpConfig };

/** At least one field of each group must be there. */
const needing =
  <T extends object>(read: Reader<T>, ...groups: readonly (readonly string[])[]): Reader<T> =>
  (place) => {
    const value = read(place);
    for (const group of value === undefined ? [] : groups) {
      if (!group.some((key) => Object.hasOwn(value as object, key))) place.reading.fault(place, `needs ${group.join(' or ')}`);
    }
    return value;
  };

const webhook = object({ ...common, url: webhookUrl, url_file: text, max_alerts: count, timeout: duration });

const slack = object({
  ...common,
  api_url: secretUrl,
  api_url_file: text,
  channel: text,
  username: text,
  color: text,
  title: text,
  title_link: text,
  pretext: text,
  text: text,
  message_text: text,
  fields: list(needing(object({ title: text, value: text, short: bool }), ['title'], ['value'])),
  short_fields: bool,
  footer: text,
  fallback: text,
  callback_id: text,
  icon_emoji: text,
  icon_url: text,
  image_url: text,
  thumb_url: text,
  link_names: bool,
  mrkdwn_in: list(text),
  timeout: duration,
  actions: list(
    needing(
      object({
        type: text,
        text: text,
        url: text,
        style: text,
        name: text,
        value: text,
        confirm: needing(object({ text: text, title: text, ok_text: text, dismiss_text: text }), ['text']),
      }),
      ['type'],
      ['text'],
      ['url', 'name'],
    ),
  ),
});

const email = atMostOne(
  object({
    send_resolved: bool,
    to: text,
    from: text,
    hello: text,
    smarthost: hostPort,
    auth_username: text,
    auth_password: secret,
    auth_password_file: text,
    auth_secret: secret,
    auth_secret_file: text,
    auth_identity: text,
    headers: record(text),
    html: text,
    text: text,
    require_tls: bool,
    force_implicit_tls: bool,
    tls_config: tlsConfig,
    threading: object({ enabled: bool, thread_by_date: text }),
  }),
  ['auth_password', 'auth_password_file'],
  ['auth_secret', 'auth_secret_file'],
);

export type WebhookConfig = NonNullable<ReturnType<typeof webhook>>;
export type SlackConfig = NonNullable<ReturnType<typeof slack>>;
export type EmailConfig = NonNullable<ReturnType<typeof email>>;

/** One receiver; each of its configurations is an integration of its own, told and retried by itself. */
export interface ReceiverConfig {
  readonly name: string;
  readonly line: number;
  readonly webhooks: readonly WebhookConfig[];
  readonly slacks: readonly SlackConfig[];
  readonly emails: readonly EmailConfig[];
}

const others = [
  'discord',
  'incidentio',
  'jira',
  'mattermost',
  'msteams',
  'msteamsv2',
  'opsgenie',
  'pagerduty',
  'pushover',
  'rocketchat',
  'sns',
  'telegram',
  'victorops',
  'webex',
  'wechat',
];
const undelivered: Reader<never> = (place) => {
  place.reading.fault(
    place,
    'receivers of this kind are not delivered; webhook_configs, slack_configs and email_configs are. Alerts for it would be lost, so the file is refused',
  );
  return undefined;
};

const fields = object({
  name: text,
  webhook_configs: list(webhook),
  slack_configs: list(slack),
  email_configs: list(email),
  ...Object.fromEntries(others.map((kind) => [`${kind}_configs`, undelivered])),
});

/** All receivers; what a configuration lacks may stand in `global`. */
export const receivers =
  (global: GlobalConfig): Reader<ReceiverConfig[]> =>
  (place) =>
    list((at: Place): ReceiverConfig | undefined => {
      const read = fields(at);
      if (read === undefined) return undefined;
      const fault = (path: string, message: string): void =>
        at.reading.fault({ line: at.line, path: `${at.path}.${path}` }, message);
      if (read.name === undefined || read.name === '') fault('name', 'a receiver needs a name');
      read.webhook_configs?.forEach((each, index) => {
        if ((each.url === undefined) === (each.url_file === undefined)) {
          fault(`webhook_configs[${index}]`, 'exactly one of url and url_file must be set');
        }
      });
      read.slack_configs?.forEach((each, index) => {
        const path = `slack_configs[${index}]`;
        if (each.api_url !== undefined && each.api_url_file !== undefined)
          fault(path, 'at most one of api_url and api_url_file can be set');
        const own = each.api_url ?? each.api_url_file ?? global.slack_api_url ?? global.slack_api_url_file;
        if (own === undefined) fault(path, 'no Slack API URL: set api_url or api_url_file here, or slack_api_url in global');
      });
      read.email_configs?.forEach((each, index) => {
        const path = `email_configs[${index}]`;
        if (each.to === undefined) fault(path, 'a mail needs an address in to');
        if ((each.smarthost ?? global.smtp_smarthost) === undefined)
          fault(path, 'no SMTP server: set smarthost here, or smtp_smarthost in global');
        if ((each.from ?? global.smtp_from) === undefined) fault(path, 'no sender: set from here, or smtp_from in global');
        const headers = Object.keys(each.headers ?? {}).map((name) => name.toLowerCase());
        const twice = headers.find((name, at2) => headers.indexOf(name) !== at2);
        if (twice !== undefined) fault(`${path}.headers`, `header ${JSON.stringify(twice)} stands twice`);
      });
      return {
        name: read.name ?? '',
        line: at.line,
        webhooks: read.webhook_configs ?? [],
        slacks: read.slack_configs ?? [],
        emails: read.email_configs ?? [],
      };
    })(place);
