// What Alertmanager's file has no word for, out of a few addresses: it stands beside quick-config.ts's file as `receivers` of a policy does.
import { stringify } from 'yaml';
import type { MoreReceiver } from './config/more-receivers.ts';
import { Secret } from './config/secret.ts';

/** What is not there is told to nobody. */
export interface QuickMore {
  /** An address as `siemUrlShape` has it. */
  readonly siemUrl?: string | undefined;
  /** The token of Splunk's collector, or an API key of Elasticsearch. */
  readonly siemToken?: string | undefined;
  /** Signs the webhook that siemUrl is; absent: it is Alertmanager's, unsigned. */
  readonly webhookSecret?: string | undefined;
  readonly slackBotToken?: string | undefined;
  /** A channel's id or name. */
  readonly slackChannel?: string | undefined;
  readonly slackSigningSecret?: string | undefined;
  readonly sendgridApiKey?: string | undefined;
  readonly emailTo?: string | undefined;
  readonly emailFrom?: string | undefined;
}

export const siemUrlShape =
  'like https://siem.example.org/hook (a webhook), splunk+https://host:8088, elasticsearch+https://host:9200/index, ' +
  'syslog+tls://host:6514?format=cef (or ocsf) or syslog+tcp://host:601';

export type SiemAddress =
  | { readonly kind: 'webhook' | 'splunk'; readonly url: string }
  | { readonly kind: 'elasticsearch'; readonly url: string; readonly index: string }
  | { readonly kind: 'syslog'; readonly address: string; readonly format: 'cef' | 'ocsf' };

/** undefined: it is none. */
export function parseSiemUrl(text: string): SiemAddress | undefined {
  if (/^https?:\/\/[^\s/]+\S*$/.test(text)) return { kind: 'webhook', url: text };
  const [, splunk] = /^splunk\+(https?:\/\/[^\s/?#]+[^\s?#]*)$/.exec(text) ?? [];
  if (splunk !== undefined) return { kind: 'splunk', url: splunk };
  const [, elastic, index] = /^elasticsearch\+(https?:\/\/[^\s/?#]+(?:\/[^\s?#]+)?)\/([^\s/?#]+)$/.exec(text) ?? [];
  if (elastic !== undefined && index !== undefined) return { kind: 'elasticsearch', url: elastic, index };
  const [, scheme, place, format = 'cef'] =
    /^syslog\+(tls|tcp):\/\/([^\s/?#@:]+(?::\d{1,5})?|\[[\da-f:]+\](?::\d{1,5})?)\/?(?:\?format=(cef|ocsf))?$/i.exec(text) ?? [];
  if (scheme === undefined || place === undefined) return undefined;
  return {
    kind: 'syslog',
    address: `${scheme.toLowerCase()}://${place}`,
    format: format.toLowerCase() === 'ocsf' ? 'ocsf' : 'cef',
  };
}

type Integrations = Omit<MoreReceiver, 'name' | 'line'>;

/**
 * Integrations of quick-config.ts's receivers: `everybody`, and those of Slack, of mail and of the SIEM. Of critical security
 * events the SIEM hears no end.
 */
export function quickMore(given: QuickMore): MoreReceiver[] {
  const slack = slackOf(given);
  const mail = mailOf(given);
  const siem = siemOf(given, {});
  const everybody = { ...slack, ...mail, ...siem };
  const named = { everybody, slack, mail, siem: siemOf(given, { send_resolved: false }) };
  return Object.entries(named).flatMap(([name, configs]) =>
    Object.keys(configs).length === 0 ? [] : [{ name, line: 1, ...configs }],
  );
}

/** As a policy file would say it, secrets as <secret>; empty: there is nothing. */
export function quickMoreText(receivers: readonly MoreReceiver[]): string {
  if (receivers.length === 0) return '';
  return stringify({ receivers: receivers.map(({ line: _, ...receiver }) => receiver) }, { lineWidth: 0 });
}

/** Both, each receiver once with the integrations of the first before those of the second. */
export function withReceivers(first: readonly MoreReceiver[], second: readonly MoreReceiver[]): MoreReceiver[] {
  const all = new Map<string, MoreReceiver>();
  for (const receiver of [...first, ...second]) {
    const { name, line, ...before } = all.get(receiver.name) ?? { name: receiver.name, line: receiver.line };
    const lists = Object.entries(receiver).filter(([key]) => key !== 'name' && key !== 'line') as [string, readonly unknown[]][];
    const joined = lists.map(([key, list]) => [key, [...((before as Record<string, readonly unknown[]>)[key] ?? []), ...list]]);
    all.set(name, { name, line, ...before, ...(Object.fromEntries(joined) as Integrations) });
  }
  return [...all.values()];
}

function slackOf({ slackBotToken, slackChannel, slackSigningSecret }: QuickMore): Integrations {
  if (slackBotToken === undefined || slackChannel === undefined) return {};
  const signed = slackSigningSecret === undefined ? {} : { signing_secret: new Secret(slackSigningSecret) };
  return { slack_bot_configs: [{ bot_token: new Secret(slackBotToken), channel: slackChannel, ...signed }] };
}

function mailOf({ sendgridApiKey, emailTo, emailFrom }: QuickMore): Integrations {
  if (sendgridApiKey === undefined || emailTo === undefined || emailFrom === undefined) return {};
  return { sendgrid_configs: [{ api_key: new Secret(sendgridApiKey), to: emailTo, from: emailFrom }] };
}

function siemOf({ siemUrl = '', siemToken, webhookSecret }: QuickMore, more: { readonly send_resolved?: boolean }): Integrations {
  const siem = parseSiemUrl(siemUrl);
  if (siem?.kind === 'syslog') return { syslog_configs: [{ address: siem.address, format: siem.format, ...more }] };
  if (siem?.kind === 'splunk' && siemToken !== undefined)
    return { splunk_hec_configs: [{ url: new Secret(siem.url), token: new Secret(siemToken), ...more }] };
  if (siem?.kind === 'elasticsearch') {
    const key = siemToken === undefined ? {} : { api_key: new Secret(siemToken) };
    return { elasticsearch_configs: [{ url: new Secret(siem.url), index: siem.index, ...key, ...more }] };
  }
  if (siem?.kind === 'webhook' && webhookSecret !== undefined)
    return { signed_webhook_configs: [{ url: new Secret(siem.url), signing_secret: new Secret(webhookSecret), ...more }] };
  return {};
}
