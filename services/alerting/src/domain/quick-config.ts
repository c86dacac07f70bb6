// Alertmanager's configuration out of a few addresses: whoever sets no file gets this one, and can look at it where the file would
// be shown.
import { stringify } from 'yaml';
import { parseSiemUrl, type QuickMore } from './quick-more.ts';

/** What is not there is told to nobody. */
export interface QuickReceivers extends QuickMore {
  /** Slack's incoming webhook. */
  readonly slackWebhookUrl?: string | undefined;
  /** `smtp[s]://user:password@host:port`; with smtp, TLS is asked for by STARTTLS unless the host is this machine or `?require_tls=false` says no. */
  readonly smtpUrl?: string | undefined;
  /** Addresses with commas between. */
  readonly emailTo?: string | undefined;
  /** Who mails are from; absent: the user of smtpUrl if that is an address, else tmws@ the host of mail. */
  readonly emailFrom?: string | undefined;
}

/** `<`, `>` and `&` begin links and mentions in Slack, and values of labels are not ours. */
const safe = '| reReplaceAll "&" "&amp;" | reReplaceAll "<" "&lt;" | reReplaceAll ">" "&gt;"';
const slackText = [
  `{{ range .Alerts }}*{{ .Labels.alertname ${safe} }}*{{ if eq .Status "resolved" }} (resolved){{ end }}`,
  `{{ range .Annotations.SortedPairs }}{{ .Value ${safe} }}`,
  `{{ end }}{{ range .Labels.SortedPairs }}{{ if ne .Name "alertname" }}{{ .Name }}: {{ .Value ${safe} }}  {{ end }}{{ end }}`,
  '{{ end }}',
].join('\n');
const slackTitle = `{{ template "slack.default.title" . }}`;

/**
 * Violations of rate limits go to Slack, failed sign-ins to mail, critical security events to the SIEM; all else, and what has no
 * such receiver, to everybody there is. With nobody there, alerts are kept and shown, and told to no one. Receivers that only
 * quick-more.ts has words for are there by name.
 *
 * @returns Alertmanager's YAML, with the secrets in it
 * @throws  RangeError if smtpUrl is no such address, with nothing of it in the message
 */
export function quickConfig(given: QuickReceivers): string {
  const { slackWebhookUrl, slackBotToken, sendgridApiKey, siemUrl, webhookSecret } = given;
  const slack = slackWebhookUrl === undefined ? elsewhere(slackBotToken) : slackOf(slackWebhookUrl);
  const mail = mailOf(given) ?? elsewhere(sendgridApiKey);
  const plain = siemUrl !== undefined && webhookSecret === undefined && parseSiemUrl(siemUrl)?.kind === 'webhook';
  const webhook: Integrations = plain ? { webhook_configs: [{ url: siemUrl }] } : undefined;
  // An event has no end worth telling.
  const siem = plain ? { webhook_configs: [{ url: siemUrl, send_resolved: false }] } : elsewhere(siemUrl);
  const routes = [
    slack && { matchers: ['tmws_source="traffic"'], receiver: 'slack' },
    mail && { matchers: ['tmws_source="auth"'], receiver: 'mail', group_wait: '1s' },
    // Each event by itself and at once.
    siem && {
      matchers: ['tmws_source="security"', 'severity="critical"'],
      receiver: 'siem',
      group_by: ['...'],
      group_wait: '0s',
    },
  ].filter((route) => route !== undefined);
  const receivers = [
    { name: 'everybody', ...slack, ...mail, ...webhook },
    ...Object.entries({ slack, mail, siem }).flatMap(([name, configs]) => (configs === undefined ? [] : [{ name, ...configs }])),
  ];
  const route = {
    receiver: 'everybody',
    group_by: ['alertname'],
    group_wait: '5s',
    group_interval: '1m',
    repeat_interval: '4h',
    routes,
  };
  return stringify({ route, receivers }, { lineWidth: 0 });
}

/** By the names of Alertmanager's file; undefined: there is no such receiver. */
type Integrations = Readonly<Record<string, readonly object[]>> | undefined;

/** A receiver whose integrations quick-more.ts has. */
const elsewhere = (address: string | undefined): Integrations => (address === undefined ? undefined : {});

const slackOf = (url: string): Integrations => ({ slack_configs: [{ api_url: url, title: slackTitle, text: slackText }] });

function mailOf({ smtpUrl, emailTo, emailFrom }: QuickReceivers): Integrations {
  if (smtpUrl === undefined || emailTo === undefined) return undefined;
  const server = parseSmtpUrl(smtpUrl);
  if (server === undefined) throw new RangeError(`the address of the mail server must be ${smtpUrlShape}`);
  const { host, port, implicitTls, user, password, requireTls } = server;
  return {
    email_configs: [
      {
        to: emailTo,
        from: emailFrom ?? (user.includes('@') ? user : `tmws@${host.replaceAll(/[[\]:]/g, '') || 'localhost'}`),
        smarthost: `${host}:${port}`,
        // Alertmanager knows 465 by itself, and its clients before 0.31 read no file with this field.
        ...(implicitTls === (port === 465) ? {} : { force_implicit_tls: implicitTls }),
        require_tls: requireTls,
        ...(user === '' ? {} : { auth_username: user, auth_password: password }),
      },
    ],
  };
}

export const smtpUrlShape =
  'like smtp://user:password@mail.example.org:587 or smtps://mail.example.org, with @, / and % of user and password as %40, %2F and %25';

interface SmtpServer {
  readonly host: string;
  readonly port: number;
  readonly implicitTls: boolean;
  readonly requireTls: boolean;
  /** '' = nobody logs in. */
  readonly user: string;
  readonly password: string;
}

/** undefined: it is none. */
export function parseSmtpUrl(text: string): SmtpServer | undefined {
  const url = URL.parse(text);
  if (url === null || !/^smtps?:$/.test(url.protocol) || url.hostname === '') return undefined;
  const implicitTls = url.protocol === 'smtps:';
  const loopback = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(url.hostname);
  try {
    return {
      host: url.hostname,
      port: Number(url.port) || (implicitTls ? 465 : 587),
      implicitTls,
      requireTls: !implicitTls && !loopback && url.searchParams.get('require_tls') !== 'false',
      user: decodeURIComponent(url.username),
      password: decodeURIComponent(url.password),
    };
  } catch {
    return undefined;
  }
}
