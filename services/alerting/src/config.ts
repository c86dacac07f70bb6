import { Problem } from '@tmws/problems';
import { choice, duration, integer, loadSettings, secret, type SettingsOf, text } from '@tmws/settings';
import { parseMatchers } from './domain/matcher-text.ts';
import { parsePrometheusDuration } from './domain/prometheus-duration.ts';
import { addressFaults } from './domain/address-faults.ts';
import { parseSmtpUrl, smtpUrlShape } from './domain/quick-config.ts';
import { parseSiemUrl, siemUrlShape } from './domain/quick-more.ts';
import type { FailedSignInsLimit } from './domain/rules/failed-sign-ins.ts';

const webAddress = { pattern: /^https?:\/\/[^\s/]+\S*$/, expects: 'an address that begins with http:// or https://' };

const anyToken = { pattern: /^\S+$/, expects: 'a text without spaces' };

/** Settings of alerting alone; those of the process are in libs/lifecycle. */
export const alertingSettings = {
  configFile: text(
    'ALERTING_CONFIG_FILE',
    undefined,
    "Alertmanager's configuration file; without it, receivers come from the addresses below",
  ),
  policyFile: text(
    'ALERTING_POLICY_FILE',
    undefined,
    "escalations, damping and watches beyond Alertmanager's file, read with it; without it, Alertmanager's behaviour",
  ),
  slackWebhookUrl: secret(
    'ALERTING_SLACK_WEBHOOK_URL',
    "Slack's incoming webhook: violations of rate limits go there",
    webAddress,
  ),
  slackBotToken: secret(
    'ALERTING_SLACK_BOT_TOKEN',
    'Slack as a bot, in place of the webhook: one message a group, edited in place',
    anyToken,
  ),
  slackChannel: text('ALERTING_SLACK_CHANNEL', undefined, 'where the bot posts', {
    pattern: /^#?[^\s#,]+$/,
    expects: 'the id or the name of a channel, like C0123456789 or #alerts',
  }),
  slackSigningSecret: secret(
    'ALERTING_SLACK_SIGNING_SECRET',
    'by it buttons of the messages are believed; without it, they have none',
    anyToken,
  ),
  smtpUrl: {
    ...secret('ALERTING_SMTP_URL', 'the mail server: five failed sign-ins are told by mail', {
      pattern: /./,
      expects: smtpUrlShape,
    }),
    parse: (given: string) => (parseSmtpUrl(given) === undefined ? undefined : given),
  },
  emailTo: secret('ALERTING_EMAIL_TO', 'whom mails go to, with commas between', {
    pattern: /^[^@\s,]+@[^@\s,]+(?:\s*,\s*[^@\s,]+@[^@\s,]+)*$/,
    expects: 'addresses like ann@example.org, ben@example.org',
  }),
  emailFrom: text(
    'ALERTING_EMAIL_FROM',
    undefined,
    'whom mails are from; without it the user of the mail server, or tmws@ its host',
    {
      pattern: /^[^@\s,]+@[^@\s,]+$/,
      expects: 'an address like tmws@example.org',
    },
  ),
  sendgridApiKey: secret('ALERTING_SENDGRID_API_KEY', 'mails go by SendGrid, in place of a mail server', anyToken),
  siemUrl: {
    ...secret(
      'ALERTING_SIEM_URL',
      "critical security events go there: Alertmanager's JSON to `https://`; `splunk+https://`, `elasticsearch+https://`, `syslog+tls://`",
      { pattern: /./, expects: siemUrlShape },
    ),
    parse: (given: string) => (parseSiemUrl(given) === undefined ? undefined : given),
  },
  siemToken: secret('ALERTING_SIEM_TOKEN', "the token of Splunk's collector, or an API key of Elasticsearch", anyToken),
  webhookSecret: secret('ALERTING_WEBHOOK_SECRET', 'signs the webhook of ALERTING_SIEM_URL as Standard Webhooks have it', {
    pattern: /\S/,
    expects: 'whsec_ and base64, or any text; two lines while it is changed',
  }),
  externalUrl: text(
    'ALERTING_EXTERNAL_URL',
    undefined,
    'where people reach this, for links in messages; without it the Alertmanager port',
    {
      ...webAddress,
    },
  ),
  matchersMode: choice(
    'ALERTING_MATCHERS',
    ['fallback', 'classic', 'utf8'],
    'fallback',
    'how matchers are read, as Alertmanager names it',
  ),
  urgent: text(
    'ALERTING_URGENT',
    'severity="critical"',
    'alerts that match are told at once, whatever group_wait says; `{}`: none',
  ),
  giveUpAfterMs: duration('ALERTING_GIVE_UP_AFTER', '1d', 'how long a message that cannot be sent is tried', {
    min: '1s',
    max: '30d',
  }),
  dispatchEveryMs: duration(
    'ALERTING_DISPATCH_INTERVAL',
    '1s',
    'how often the ledger is asked when nothing is known to be due: another replica may have put something there',
    { min: '20ms', max: '1m' },
  ),
  historyRetentionMs: duration(
    'ALERTING_HISTORY_RETENTION',
    '90d',
    'how long history and messages that are sent, given up or replaced are kept; whole days, in UTC',
    { min: '7d', max: '3650d' },
  ),
  sendAtOnce: integer('ALERTING_SEND_AT_ONCE', 64, 'messages that are being sent at once', { min: 1, max: 1024 }),
  failedSignIns: {
    ...text(
      'ALERTING_FAILED_SIGN_INS',
      '5/5m',
      'failed sign-ins of one user or address, and the sliding time, from which there is an alert; `off`: none',
    ),
    expects: 'a number from 1 to 100, a slash and a duration from 1s to 1d, like "5/5m", or "off"',
    parse: parseFailedSignIns,
  },
  violationQuietMs: duration('ALERTING_VIOLATION_QUIET', '5m', 'a limit that is not gone beyond for so long is held again', {
    min: '10s',
    max: '1d',
  }),
  securityEventForMs: duration(
    'ALERTING_SECURITY_EVENT_FOR',
    '1h',
    'how long the alert of a critical security event, and that of a rule, fires after the last one',
    {
      min: '2m',
      max: '7d',
    },
  ),
  ruleKeys: integer(
    'ALERTING_RULE_KEYS',
    50_000,
    'users, addresses, limits, events and groups that a rule remembers; the one least lately seen is forgotten first',
    { min: 100, max: 1_000_000 },
  ),
  rulesDir: text(
    'ALERTING_RULES_DIR',
    undefined,
    'folders, with commas between, of rules over events: Sigma 2, its correlations and filters, presets; read again when a file changes',
  ),
  atrDir: text(
    'ALERTING_ATR_DIR',
    undefined,
    'a folder of Agent Threat Rules, like that of the npm package `agent-threat-rules`',
  ),
  sourcesFile: text(
    'ALERTING_SOURCES_FILE',
    undefined,
    'topics beside `tmws.security` whose records those rules see, and how; read again with the rules',
  ),
  heartbeatUrl: secret(
    'ALERTING_HEARTBEAT_URL',
    'a watchdog that gets a POST as long as alerts can be stored and told; it is to call somebody when none comes',
    webAddress,
  ),
  heartbeatEveryMs: duration('ALERTING_HEARTBEAT_INTERVAL', '1m', 'how often', { min: '1s', max: '1d' }),
} as const;

/** `5/5m`; undefined: it is no such text. */
function parseFailedSignIns(given: string): FailedSignInsLimit | 'off' | undefined {
  if (given === 'off') return 'off';
  const [, times, length] = /^(\d{1,3})\/(\S+)$/.exec(given) ?? [];
  const [raiseAt, windowMs] = [Number(times), parsePrometheusDuration(length ?? '') ?? 0];
  return raiseAt >= 1 && raiseAt <= 100 && windowMs >= 1_000 && windowMs <= 86_400_000 ? { raiseAt, windowMs } : undefined;
}

export type AlertingConfig = SettingsOf<typeof alertingSettings>;

/** @throws Problem `precondition` that lists every mistake */
export function loadConfig(env: NodeJS.ProcessEnv): AlertingConfig {
  const config = loadSettings('alerting', alertingSettings, env);
  const faults = addressFaults(config, config.configFile !== undefined);
  if (faults.length > 0) throw new Problem('precondition', faults.join('; '));
  if (config.sourcesFile !== undefined && config.rulesDir === undefined && config.atrDir === undefined) {
    throw new Problem(
      'precondition',
      'ALERTING_SOURCES_FILE says what rules see, and there are no rules: set ALERTING_RULES_DIR or ALERTING_ATR_DIR too',
    );
  }
  try {
    parseMatchers(config.urgent, config.matchersMode);
  } catch (error) {
    throw new Problem('precondition', `ALERTING_URGENT: ${(error as Error).message}`, { cause: error });
  }
  return config;
}
