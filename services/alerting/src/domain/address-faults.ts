// Addresses of receivers in the environment that do not go together.
import { parseSiemUrl } from './quick-more.ts';

const names = {
  slackWebhookUrl: 'ALERTING_SLACK_WEBHOOK_URL',
  slackBotToken: 'ALERTING_SLACK_BOT_TOKEN',
  slackChannel: 'ALERTING_SLACK_CHANNEL',
  slackSigningSecret: 'ALERTING_SLACK_SIGNING_SECRET',
  smtpUrl: 'ALERTING_SMTP_URL',
  sendgridApiKey: 'ALERTING_SENDGRID_API_KEY',
  emailTo: 'ALERTING_EMAIL_TO',
  emailFrom: 'ALERTING_EMAIL_FROM',
  siemUrl: 'ALERTING_SIEM_URL',
  siemToken: 'ALERTING_SIEM_TOKEN',
  webhookSecret: 'ALERTING_WEBHOOK_SECRET',
} as const;

type Name = keyof typeof names;
type Addresses = { readonly [K in Name]?: string | undefined };

/** Each as a sentence with its remedy, and no value: most are secrets. */
export function addressFaults(given: Addresses, file: boolean): string[] {
  const has = (name: Name): boolean => given[name] !== undefined;
  const all = (Object.keys(names) as Name[]).filter(has);
  if (file && all.length > 0) {
    const set = all.map((name) => names[name]).join(' and ');
    return [
      `ALERTING_CONFIG_FILE says who is told, and so does ${set}: keep the file or the addresses, and put the others into it`,
    ];
  }
  const faults: string[] = [];
  const notBoth = (a: Name, b: Name, what: string): void => {
    if (has(a) && has(b)) faults.push(`${names[a]} and ${names[b]} both say how ${what}: set one of them`);
  };
  const needs = (a: Name, b: Name, why: string): void => {
    if (has(a) && !has(b)) faults.push(`${names[a]} is set and ${names[b]} is not: ${why}; set both or neither`);
  };
  notBoth('slackWebhookUrl', 'slackBotToken', 'Slack is told');
  needs('slackBotToken', 'slackChannel', 'the bot does not know where to post');
  needs('slackChannel', 'slackBotToken', 'no bot posts there');
  needs('slackSigningSecret', 'slackBotToken', 'no bot has buttons');
  notBoth('smtpUrl', 'sendgridApiKey', 'mail is sent');
  needs('smtpUrl', 'emailTo', 'no mail can be sent');
  needs('sendgridApiKey', 'emailTo', 'no mail can be sent');
  needs('sendgridApiKey', 'emailFrom', 'SendGrid sends no mail without it');
  if (!has('sendgridApiKey')) needs('emailTo', 'smtpUrl', 'no mail can be sent');
  needs('siemToken', 'siemUrl', 'nobody is told with it');
  needs('webhookSecret', 'siemUrl', 'nothing is signed with it');
  const kind = parseSiemUrl(given.siemUrl ?? '')?.kind;
  if (kind === 'splunk') needs('siemUrl', 'siemToken', 'Splunk takes nothing without its token');
  if (has('siemToken') && (kind === 'webhook' || kind === 'syslog'))
    faults.push(
      `${names.siemToken} is for splunk+https:// and elasticsearch+https://, and ${names.siemUrl} is neither: leave it out`,
    );
  if (has('webhookSecret') && kind !== undefined && kind !== 'webhook')
    faults.push(
      `${names.webhookSecret} signs a webhook, and ${names.siemUrl} is none: leave it out, or set an address with https://`,
    );
  return faults;
}
