// The mail server of a receiver: how it is reached, who logs in, and what its answers mean.
import type { SMTPConnectionCustomAuthHandler } from 'nodemailer/lib/smtp-connection';
import type { SMTPTransportOptions } from 'nodemailer/lib/smtp-transport';
import type { GlobalConfig } from '../domain/config/global.ts';
import type { EmailConfig } from '../domain/config/receivers.ts';
import { codeOf, SinkFault } from './sink-answer.ts';
import { secretText } from './sink-credentials.ts';
import { tlsOptions } from './sink-tls.ts';

export interface MailServer {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte; else, with `startTls`, before anything is said. */
  readonly implicitTls: boolean;
  readonly startTls: boolean;
}

/** Where mail goes, without a look at files. */
export function mailServerOf(config: EmailConfig, global: GlobalConfig): MailServer {
  const smarthost = config.smarthost ?? global.smtp_smarthost ?? '';
  const [, host = '', port = ''] = /^(.*):(\d+)$/.exec(smarthost) ?? [];
  const implicitTls = config.force_implicit_tls ?? global.smtp_force_implicit_tls ?? port === '465';
  return {
    host: host.replace(/^\[(.*)\]$/, '$1'),
    port: Number(port),
    implicitTls,
    startTls: !implicitTls && (config.require_tls ?? global.smtp_require_tls ?? true),
  };
}

export const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);

/** Options of the connection. Files of the configuration are read now. */
export async function serverOptions(config: EmailConfig, global: GlobalConfig): Promise<SMTPTransportOptions> {
  const { host, port, implicitTls, startTls } = mailServerOf(config, global);
  return {
    host,
    port,
    name: config.hello ?? global.smtp_hello ?? 'localhost',
    secure: implicitTls,
    requireTLS: startTls,
    ignoreTLS: !startTls,
    tls: await tlsOptions(config.tls_config ?? global.smtp_tls_config),
    dnsTimeout: 5_000,
    connectionTimeout: 5_000,
    greetingTimeout: 5_000,
    socketTimeout: 9_000,
    socketCloseTimeout: 1_000,
    maxResponseSize: 65_536,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(await login(config, global)),
  };
}

/**
 * Who logs in; nobody without a user. A password serves PLAIN, LOGIN and CRAM-MD5, as the server offers them; a secret without a
 * password serves CRAM-MD5.
 */
async function login(config: EmailConfig, global: GlobalConfig): Promise<Pick<SMTPTransportOptions, 'auth' | 'customAuth'>> {
  const user = config.auth_username ?? global.smtp_auth_username ?? '';
  if (user === '') return {};
  const identity = config.auth_identity ?? global.smtp_auth_identity ?? '';
  const password = await own('auth_password');
  const secret = password === '' ? await own('auth_secret') : '';
  if (password === '' && secret === '') return {};
  if (password === '') return { auth: { user, pass: secret, method: 'CRAM-MD5' } };
  if (identity === '') return { auth: { user, pass: password } };
  return { auth: { user, pass: password, method: 'PLAIN' }, customAuth: { PLAIN: plainFor(identity) } };

  /** The receiver's own, else the one of global, from whichever of the two places each says. */
  function own(field: 'auth_password' | 'auth_secret'): Promise<string> {
    const [value, file] = [config[field], config[`${field}_file`]];
    if (value !== undefined || file !== undefined) return secretText(`${field}_file`, value, file);
    return secretText(`smtp_${field}_file`, global[`smtp_${field}`], global[`smtp_${field}_file`]);
  }
}

/** AUTH PLAIN on behalf of another, RFC 4616. */
const plainFor =
  (identity: string): SMTPConnectionCustomAuthHandler =>
  async ({ auth, sendCommand, reject }) => {
    const { user, pass } = auth.credentials;
    const { status } = await sendCommand(`AUTH PLAIN ${Buffer.from(`${identity}\0${user}\0${pass}`).toString('base64')}`);
    if (status < 200 || status > 299) reject(new Error('refused'));
  };

const words: Readonly<Record<string, string>> = {
  ECONNECTION: 'the connection failed or was closed',
  ESOCKET: 'the connection failed or was closed',
  ETIMEDOUT: 'no answer in time',
  EDNS: 'its name cannot be looked up',
  ETLS: 'no TLS could be agreed on; a server without TLS needs require_tls: false',
  EAUTH: 'nobody could be logged in',
  EENVELOPE: 'no address was taken',
};

interface SmtpError {
  readonly responseCode?: number;
  readonly response?: string;
  readonly rejectedErrors?: readonly SmtpError[];
}

/** What a failure of nodemailer means: answers from 500 on, and what the configuration lacks, are final. Texts of the server are told if they hold nothing of `secrets`. */
export function mailFault(error: unknown, secrets: readonly string[]): SinkFault {
  const { responseCode, response, rejectedErrors = [] } = error as SmtpError;
  const codes = rejectedErrors.map((each) => each.responseCode).concat(rejectedErrors.length === 0 ? responseCode : []);
  if (responseCode !== undefined && responseCode >= 400) {
    const permanent = codes.every((code) => code !== undefined && code >= 500);
    return new SinkFault(`the mail server answered ${serverText(response ?? String(responseCode), secrets)}`, permanent);
  }
  const code = codeOf(error);
  const permanent = code === 'EAUTH' || code === 'EENVELOPE' || code === 'EMESSAGE';
  return new SinkFault(`the mail server: ${words[code] ?? 'sending failed'} (${code})`, permanent);
}

/** One line of a server's answer. */
export function serverText(response: string, secrets: readonly string[]): string {
  const line = response
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, 300);
  return secrets.some((secret) => secret !== '' && line.includes(secret)) ? line.slice(0, 3) : line;
}
