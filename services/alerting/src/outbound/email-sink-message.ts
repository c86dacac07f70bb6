// A mail about a group: addresses, headers and bodies. Nothing that is rendered can begin a header of its own.
// Source: Alertmanager's documentation, email_config; compared with what 0.28.1 sends.
import type { SendMailOptions } from 'nodemailer/lib/mailer';
import type { GlobalConfig } from '../domain/config/global.ts';
import type { EmailConfig } from '../domain/config/receivers.ts';
import type { TakenNotification } from '../ports.ts';
import { threadId } from './email-sink-server.ts';
import { SinkFault } from './sink-answer.ts';
import { cutTo, type Rendering } from './sink-templates.ts';

const defaultSubject = '{{ template "email.default.subject" . }}';
const defaultText = '{{ template "email.default.text" . }}';
const defaultHtml = '{{ template "email.default.html" . }}';
/** Mail programs cut longer ones anyway, and servers refuse headers without end. */
const mostHeader = 2_000;
/** Of each body: servers commonly take 10 MB, readers far less. */
const mostBody = 500_000;

/** The headers a mail has by itself; those of the configuration would stand beside them. */
export const ownHeaders = ['content-type', 'content-transfer-encoding', 'mime-version', 'bcc'];

/** The same notification is the same mail: its Message-ID is made of its id. */
export function emailMessage(
  config: EmailConfig,
  global: GlobalConfig,
  rendering: Rendering,
  { id, groupKey, createdAtMs }: Pick<TakenNotification, 'id' | 'groupKey' | 'createdAtMs'>,
  nowMs: number,
): SendMailOptions {
  const from = line(rendering.needed('from', config.from ?? global.smtp_from ?? ''));
  const to = line(rendering.needed('to', config.to ?? ''));
  const [sender, ...others] = addresses('from', from);
  if (sender === undefined || others.length > 0)
    throw new SinkFault(`from must be one address (got ${JSON.stringify(cutTo(from, 200))})`, true);
  const given = headersOf(config, rendering);
  const take = (name: string): string | undefined => {
    const value = given.get(name)?.value;
    given.delete(name);
    return value;
  };
  const { enabled = false, thread_by_date: by } = config.threading ?? {};
  const thread = enabled ? threadId(groupKey, createdAtMs, by !== 'none') : undefined;
  const message: SendMailOptions = {
    envelope: { from: sender, to: addresses('to', to) },
    from: take('from') ?? from,
    to: take('to') ?? to,
    cc: take('cc'),
    replyTo: take('reply-to'),
    subject: take('subject') ?? line(rendering.text('headers.Subject', defaultSubject)),
    messageId: take('message-id') ?? `<${id}@${/@([\w.-]+)$/.exec(sender)?.[1] ?? 'tmws'}>`,
    date: new Date(nowMs),
    inReplyTo: take('in-reply-to') ?? thread,
    references: take('references') ?? thread,
  };
  const own = [...given.values()].map(({ name, value }) => ({ key: name, value }));
  // RFC 3834: so that nobody's out-of-office answers.
  const automatic = given.has('auto-submitted') ? [] : [{ key: 'Auto-Submitted', value: 'auto-generated' }];
  return { ...message, headers: [...automatic, ...own], ...bodies(config, rendering) };
}

function bodies(config: EmailConfig, rendering: Rendering): Pick<SendMailOptions, 'text' | 'html'> {
  const html = rendering.fitted('html', config.html ?? defaultHtml, defaultHtml, { most: mostBody, html: true });
  const text = rendering.fitted('text', config.text ?? defaultText, defaultText, { most: mostBody });
  // Also of the subject and the html.
  const whole = [text, ...rendering.faults].filter((part) => part !== '').join('\n');
  return { ...(whole === '' ? {} : { text: whole }), ...(html === '' ? {} : { html }) };
}

/** What `headers` says, by lower-case name. */
function headersOf(config: EmailConfig, rendering: Rendering): Map<string, { name: string; value: string }> {
  return new Map(
    Object.entries(config.headers ?? {}).map(([name, template]) => {
      const key = name.toLowerCase();
      const fallback = key === 'subject' ? defaultSubject : '';
      return [key, { name, value: line(rendering.text(`headers.${name}`, template, fallback)) }];
    }),
  );
}

/** On one line, without control characters. */
const line = (text: string): string => cutTo(text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim(), mostHeader);

const address = '[^\\s<>@,;:"]+@[^\\s<>@,;:"]+';
const mailbox = new RegExp(`^(?:(?:"[^"]*"|[^"<>@,;:]*)<(${address})>|(${address}))$`, 'u');

/** Each address on its own, for the envelope. @throws SinkFault, permanent, if one is none */
function addresses(field: string, text: string): string[] {
  const parts = text.match(/(?:"[^"]*"|[^",])+/gu) ?? [];
  const found = parts.map((part) => mailbox.exec(part.trim())).map((match) => match?.[1] ?? match?.[2]);
  const whole = found.filter((each) => each !== undefined);
  if (whole.length > 0 && whole.length === found.length) return whole;
  throw new SinkFault(
    `${field} must be addresses like "ann@example.org, ben@example.org" (got ${JSON.stringify(cutTo(text, 200))})`,
    true,
  );
}
