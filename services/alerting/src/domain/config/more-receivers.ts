// receivers of the policy file: integrations of kinds that Alertmanager's file does not know, added to receivers of that file by name.
import { httpConfig, tlsConfig } from './http.ts';
import { atMostOne, bool, count, duration, list, object, parsed, record, secret, secretUrl, text } from './readers.ts';
import { isEmpty, type Place, type Reader } from './yaml-reading.ts';

const common = {
  send_resolved: bool,
  timeout: duration,
  /** How many messages a second may go to it in the long run, and at once; absent: what the kind's maker allows. */
  rate_limit: object({ per_second: parsed(positiveNumber, 'a number above 0'), burst: count }),
};
const ofHttp = { ...common, http_config: httpConfig };

function positiveNumber(value: string): number | undefined {
  const number = Number(value);
  return Number.isFinite(number) && number > 0 ? number : undefined;
}

/** Slack's Web API as a bot: one message a group, edited in place, with buttons. */
const slackBot = object({
  ...ofHttp,
  api_url: secretUrl,
  bot_token: secret,
  bot_token_file: text,
  signing_secret: secret,
  signing_secret_file: text,
  channel: text,
  title: text,
  text: text,
  /** What changes is said in the message's thread too. */
  thread: bool,
  actions: bool,
});

/** SendGrid's Mail Send, version 3. */
const sendgrid = object({
  ...ofHttp,
  api_url: secretUrl,
  api_key: secret,
  api_key_file: text,
  to: text,
  from: text,
  from_name: text,
  subject: text,
  html: text,
  text: text,
  headers: record(text),
  /** As of email_configs; mails of a group stand together unless it says no. */
  threading: object({ enabled: bool, thread_by_date: text }),
});

/** Splunk's HTTP Event Collector. */
const splunkHec = object({
  ...ofHttp,
  url: secretUrl,
  url_file: text,
  token: secret,
  token_file: text,
  index: text,
  host: text,
  source: text,
  sourcetype: text,
  /** ecs, ocsf or alertmanager. */
  format: parsed((value) => (/^(?:ecs|ocsf|alertmanager)$/.test(value) ? value : undefined), 'ecs, ocsf or alertmanager'),
  /** Wait until indexers say that they have it. */
  ack: bool,
  ack_timeout: duration,
});

/** Elasticsearch's and OpenSearch's _bulk, one document an alert, in ECS. */
const elasticsearch = object({
  ...ofHttp,
  url: secretUrl,
  url_file: text,
  /** An index, an alias or a data stream; %{yyyy.MM.dd} is the day of the alert. */
  index: text,
  pipeline: text,
  api_key: secret,
  api_key_file: text,
});

/** Syslog, RFC 5424, over TCP or TLS. */
const syslog = object({
  ...common,
  /** tcp://host:601 or tls://host:6514. */
  address: parsed(
    (value) =>
      /^(?:tcp|tls):\/\/[^\s/:]+(?::\d{1,5})?$|^(?:tcp|tls):\/\/\[[\da-f:]+\](?::\d{1,5})?$/i.test(value) ? value : undefined,
    'an address like "tls://siem.example.org:6514" or "tcp://10.0.0.5:601"',
  ),
  format: parsed((value) => (/^(?:cef|ocsf)$/.test(value) ? value : undefined), 'cef or ocsf'),
  facility: count,
  hostname: text,
  app_name: text,
  tls_config: tlsConfig,
});

/** Alertmanager's JSON, signed as Standard Webhooks has it. */
const signedWebhook = object({
  ...ofHttp,
  url: secretUrl,
  url_file: text,
  /** whsec_ and base64, or any text. */
  signing_secret: secret,
  signing_secret_file: text,
  max_alerts: count,
});

/** At most one of the pairs, and at least one of each of `needed`; what is needed and has no default is a fault where it is absent. */
function checked<T extends object>(
  read: Reader<T>,
  pairs: readonly (readonly string[])[],
  needed: readonly (readonly string[])[],
): Reader<T> {
  const once = atMostOne(read, ...pairs);
  return (place) => {
    const value = once(place);
    if (value === undefined) return undefined;
    for (const group of needed)
      if (!group.some((key) => Object.hasOwn(value, key))) place.reading.fault(place, `needs ${group.join(' or ')}`);
    return value;
  };
}

const kinds = {
  slack_bot_configs: list(
    checked(
      slackBot,
      [
        ['bot_token', 'bot_token_file'],
        ['signing_secret', 'signing_secret_file'],
      ],
      [['bot_token', 'bot_token_file'], ['channel']],
    ),
  ),
  sendgrid_configs: list(checked(sendgrid, [['api_key', 'api_key_file']], [['api_key', 'api_key_file'], ['to'], ['from']])),
  splunk_hec_configs: list(
    checked(
      splunkHec,
      [
        ['url', 'url_file'],
        ['token', 'token_file'],
      ],
      [
        ['url', 'url_file'],
        ['token', 'token_file'],
      ],
    ),
  ),
  elasticsearch_configs: list(
    checked(
      elasticsearch,
      [
        ['url', 'url_file'],
        ['api_key', 'api_key_file'],
      ],
      [['url', 'url_file'], ['index']],
    ),
  ),
  syslog_configs: list(checked(syslog, [], [['address']])),
  signed_webhook_configs: list(
    checked(
      signedWebhook,
      [
        ['url', 'url_file'],
        ['signing_secret', 'signing_secret_file'],
      ],
      [
        ['url', 'url_file'],
        ['signing_secret', 'signing_secret_file'],
      ],
    ),
  ),
};

type Fields = { readonly [K in keyof typeof kinds]: NonNullable<ReturnType<(typeof kinds)[K]>> };
export type SlackBotConfig = Fields['slack_bot_configs'][number];
export type SendgridConfig = Fields['sendgrid_configs'][number];
export type SplunkHecConfig = Fields['splunk_hec_configs'][number];
export type ElasticsearchConfig = Fields['elasticsearch_configs'][number];
export type SyslogConfig = Fields['syslog_configs'][number];
export type SignedWebhookConfig = Fields['signed_webhook_configs'][number];

/** What a receiver of Alertmanager's file tells besides. */
export interface MoreReceiver extends Partial<Fields> {
  readonly name: string;
  readonly line: number;
}

/** `receivers` of the policy file. A name that is none of Alertmanager's file, or stands twice, is a fault. */
export function moreReceivers(known: readonly string[]): Reader<MoreReceiver[]> {
  const fields = object({ name: text, ...kinds });
  return (place) => {
    const names = new Set<string>();
    return list((at: Place): MoreReceiver | undefined => {
      const read = fields(at);
      if (read === undefined) return undefined;
      const { name, ...configs } = read;
      if (name === undefined) {
        if (!isEmpty(at)) at.reading.fault(at, "needs name, that of a receiver of Alertmanager's file");
        return undefined;
      }
      if (!known.includes(name)) {
        const some = known.slice(0, 10).join(', ') || 'there is none';
        at.reading.fault(
          at,
          `receiver ${JSON.stringify(name)} is none of Alertmanager's file, so no route leads to it; known are ${some}`,
        );
      }
      if (names.has(name)) at.reading.fault(at, `receiver ${JSON.stringify(name)} stands twice; put its integrations together`);
      names.add(name);
      return { name, line: at.line, ...configs };
    })(place);
  };
}
