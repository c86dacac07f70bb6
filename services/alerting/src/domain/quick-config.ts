// A configuration out of a few addresses: whoever sets no file gets this one, and can look at it where the file would be shown.
import { stringify } from 'yaml';
import { type AlertmanagerConfig, parseAlertmanagerConfig } from './config/alertmanager-config.ts';
import { ConfigFaults } from './config/yaml-reading.ts';

/** What is not there is told to nobody. */
export interface QuickReceivers {
  /** Slack's incoming webhook. */
  readonly slackWebhookUrl?: string | undefined;
  /** `smtp[s]://user:password@host:port`; with smtp, TLS is asked for by STARTTLS unless the host is this machine or `?require_tls=false` says no. */
  readonly smtpUrl?: string | undefined;
  /** Addresses with commas between. */
  readonly emailTo?: string | undefined;
  /** Who mails are from; absent: the user of smtpUrl if that is an address, else tmws@ the host of mail. */
  readonly emailFrom?: string | undefined;
  /** A webhook that takes Alertmanager's JSON. */
  readonly siemUrl?: string | undefined;
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
 * such receiver, to everybody there is. With nobody there, alerts are kept and shown, and told to no one.
 *
 * @throws ConfigFaults if smtpUrl is no such address, with nothing of it in the message
 */
export function quickConfig(given: QuickReceivers): AlertmanagerConfig {
  const { slackWebhookUrl, siemUrl } = given;
  const slack =
    slackWebhookUrl === undefined
      ? undefined
      : { slack_configs: [{ api_url: slackWebhookUrl, title: slackTitle, text: slackText }] };
  const mail = mailOf(given);
  const siem = siemUrl === undefined ? undefined : { webhook_configs: [{ url: siemUrl }] };
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
    { name: 'everybody', ...slack, ...mail, ...siem },
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
  return parseAlertmanagerConfig(stringify({ route, receivers }, { lineWidth: 0 }));
}

function mailOf({ smtpUrl, emailTo, emailFrom }: QuickReceivers): { email_configs: object[] } | undefined {
  if (smtpUrl === undefined || emailTo === undefined) return undefined;
  const url = URL.parse(smtpUrl);
  if (url === null || !/^smtps?:$/.test(url.protocol) || url.hostname === '') throw wrongUrl();
  const implicit = url.protocol === 'smtps:';
  const host = url.hostname;
  const loopback = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(host);
  const user = decoded(url.username);
  return {
    email_configs: [
      {
        to: emailTo,
        from: emailFrom ?? (user.includes('@') ? user : `tmws@${host.replaceAll(/[[\]:]/g, '') || 'localhost'}`),
        smarthost: `${host}:${url.port || (implicit ? '465' : '587')}`,
        force_implicit_tls: implicit,
        require_tls: !implicit && !loopback && url.searchParams.get('require_tls') !== 'false',
        ...(user === '' ? {} : { auth_username: user, auth_password: decoded(url.password) }),
      },
    ],
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw wrongUrl();
  }
}

const wrongUrl = (): ConfigFaults =>
  new ConfigFaults([
    {
      line: 1,
      path: 'the SMTP address',
      message:
        'must be like smtp://user:password@mail.example.org:587, with other characters of user and password as %40 (it is a secret, so it is not shown)',
    },
  ]);
