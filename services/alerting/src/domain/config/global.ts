// global: what holds where nothing else is said. Fields keep Alertmanager's names.
import { httpConfig, tlsConfig } from './http.ts';
import { atMostOne, bool, duration, hostPort, object, secret, secretUrl, text } from './readers.ts';

/** Fields of receivers that are not delivered are read, because a file that has them may have no such receiver. */
const elsewhere = {
  jira_api_url: text,
  mattermost_webhook_url: secret,
  mattermost_webhook_url_file: text,
  opsgenie_api_key: secret,
  opsgenie_api_key_file: text,
  opsgenie_api_url: text,
  pagerduty_url: text,
  rocketchat_api_url: text,
  rocketchat_token: secret,
  rocketchat_token_file: text,
  rocketchat_token_id: secret,
  rocketchat_token_id_file: text,
  slack_app_token: secret,
  slack_app_token_file: text,
  slack_app_url: text,
  telegram_api_url: text,
  telegram_bot_token: secret,
  telegram_bot_token_file: text,
  victorops_api_key: secret,
  victorops_api_key_file: text,
  victorops_api_url: text,
  webex_api_url: text,
  wechat_api_corp_id: text,
  wechat_api_secret: secret,
  wechat_api_secret_file: text,
  wechat_api_url: text,
};

export const globalFields = atMostOne(
  object({
    resolve_timeout: duration,
    http_config: httpConfig,
    slack_api_url: secretUrl,
    slack_api_url_file: text,
    smtp_from: text,
    smtp_hello: text,
    smtp_smarthost: hostPort,
    smtp_auth_username: text,
    smtp_auth_password: secret,
    smtp_auth_password_file: text,
    smtp_auth_secret: secret,
    smtp_auth_secret_file: text,
    smtp_auth_identity: text,
    smtp_require_tls: bool,
    smtp_force_implicit_tls: bool,
    smtp_tls_config: tlsConfig,
    ...elsewhere,
  }),
  ['smtp_auth_password', 'smtp_auth_password_file'],
  ['smtp_auth_secret', 'smtp_auth_secret_file'],
  ['slack_api_url', 'slack_api_url_file'],
);

export type GlobalConfig = NonNullable<ReturnType<typeof globalFields>>;
