// What can be known of a receiver before anything is sent.
import type { GlobalConfig } from '../domain/config/global.ts';
import type { HttpConfig } from '../domain/config/http.ts';
import type { EmailConfig, ReceiverConfig } from '../domain/config/receivers.ts';
import type { ConfigFault } from '../domain/config/yaml-reading.ts';
import { TemplateFault } from '../domain/template/template-fault.ts';
import type { TemplateSet } from '../domain/template/template-set.ts';
import { isLoopback, mailServerOf } from './email-sink-server.ts';
import { ownHeaders } from './email-sink-message.ts';
import { threadingFault } from './mail-thread.ts';

/** Headers that a request has by itself, or that other fields of http_config set. */
const requestHeaders = [
  'authorization',
  'connection',
  'content-length',
  'content-type',
  'host',
  'idempotency-key',
  'transfer-encoding',
  'user-agent',
];

/** Templates that are none, and values no message could be sent with. */
export function receiverFaults(receiver: ReceiverConfig, global: GlobalConfig, templates: TemplateSet): ConfigFault[] {
  const faults: ConfigFault[] = [];
  const faultAt = (path: string) => (message: string) =>
    void faults.push({ line: receiver.line, path: `receiver ${JSON.stringify(receiver.name)}, ${path}`, message });
  receiver.webhooks.forEach((each, index) =>
    checkHttp(each.http_config ?? global.http_config, faultAt(`webhook_configs[${index}]`)),
  );
  receiver.slacks.forEach((each, index) => {
    const { http_config: http, ...texts } = each;
    checkHttp(http ?? global.http_config, faultAt(`slack_configs[${index}]`));
    checkTexts(texts, `slack_configs[${index}]`);
  });
  receiver.emails.forEach((each, index) => {
    const { to, from = global.smtp_from, html, text, headers } = each;
    checkTexts({ to, from, html, text, headers }, `email_configs[${index}]`);
    checkEmail(each, global, faultAt(`email_configs[${index}]`));
  });
  return faults;

  function checkTexts(value: unknown, path: string): void {
    for (const { at, message } of textFaults(value, templates)) faultAt(`${path}${at}`)(message);
  }
}

/** Templates anywhere in a value that are none, with where they stand: `.headers.Subject`. */
export function textFaults(value: unknown, templates: TemplateSet): { at: string; message: string }[] {
  if (typeof value === 'string') {
    try {
      templates.check(value);
      return [];
    } catch (error) {
      if (!(error instanceof TemplateFault)) throw error;
      return [{ at: '', message: error.message }];
    }
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    textFaults(inner, templates).map(({ at, message }) => ({
      at: `${Array.isArray(value) ? `[${key}]` : `.${key}`}${at}`,
      message,
    })),
  );
}

function checkHttp(config: HttpConfig | undefined, fault: (message: string) => void): void {
  for (const name of Object.keys(config?.http_headers ?? {})) {
    if (!isHeaderName(name)) fault(`http_headers: ${JSON.stringify(name)} is not the name of a header`);
    else if (requestHeaders.includes(name.toLowerCase())) fault(`http_headers: ${name} is set by the request itself`);
  }
}

function checkEmail(config: EmailConfig, global: GlobalConfig, fault: (message: string) => void): void {
  for (const name of Object.keys(config.headers ?? {})) {
    if (!isHeaderName(name)) fault(`headers: ${JSON.stringify(name)} is not the name of a header`);
    else if (ownHeaders.includes(name.toLowerCase())) fault(`headers: ${name} cannot be set: the mail has its own`);
  }
  const threading = threadingFault(config.threading);
  if (threading !== undefined) fault(threading);
  const { host, implicitTls, startTls } = mailServerOf(config, global);
  const user = config.auth_username ?? global.smtp_auth_username ?? '';
  const password =
    config.auth_password ?? config.auth_password_file ?? global.smtp_auth_password ?? global.smtp_auth_password_file;
  if (!implicitTls && !startTls && user !== '' && password !== undefined && !isLoopback(host)) {
    fault('the password would go over the network as it is: leave require_tls at true, or log in with auth_secret (CRAM-MD5)');
  }
}

export const isHeaderName = (name: string): boolean => /^[\w!#$%&'*+.^`|~-]{1,100}$/.test(name);
