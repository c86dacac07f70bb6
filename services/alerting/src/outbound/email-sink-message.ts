// A mail about a group, by SMTP.
// Source: Alertmanager's documentation, email_config; compared with what 0.28.1 sends.
import type { SendMailOptions } from 'nodemailer/lib/mailer';
import type { GlobalConfig } from '../domain/config/global.ts';
import type { EmailConfig } from '../domain/config/receivers.ts';
import type { TakenNotification } from '../ports.ts';
import { defaultSubject, mailBodies, mailboxes, mailHeaders, messageIdOf, oneLine, senderOf } from './mail-parts.ts';
import { mailThread } from './mail-thread.ts';
import type { Rendering } from './sink-templates.ts';

/** The headers a mail has by itself; those of the configuration would stand beside them. */
export const ownHeaders = ['content-type', 'content-transfer-encoding', 'mime-version', 'bcc'];

export interface EmailMessage {
  readonly mail: SendMailOptions;
  /** Of the thread, if there is one. */
  readonly handle: string | undefined;
}

/**
 * The same notification is the same mail: its Message-ID is made of its id. Where the server knows DSN (RFC 3461), what comes back
 * later, as a bounce to the sender, names that id as Original-Envelope-Id.
 *
 * @param threads  whether mails of a group stand together where the integration does not say
 */
export function emailMessage(
  config: EmailConfig,
  global: GlobalConfig,
  rendering: Rendering,
  notification: Pick<TakenNotification, 'id' | 'groupKey' | 'createdAtMs' | 'handle'>,
  { nowMs, threads }: { readonly nowMs: number; readonly threads: boolean },
): EmailMessage {
  const from = oneLine(rendering.needed('from', config.from ?? global.smtp_from ?? ''));
  const to = oneLine(rendering.needed('to', config.to ?? ''));
  const { address: sender } = senderOf(from);
  const given = mailHeaders(config.headers, rendering);
  const take = (name: string): string | undefined => {
    const value = given.get(name)?.value;
    given.delete(name);
    return value;
  };
  const { id } = notification;
  const messageId = take('message-id') ?? messageIdOf(id, sender);
  const thread = mailThread(config.threading, notification, messageId, threads);
  const message: SendMailOptions = {
    envelope: { from: sender, to: mailboxes('to', to).map(({ address }) => address) },
    dsn: { id, return: 'headers', notify: ['failure', 'delay'] },
    from: take('from') ?? from,
    to: take('to') ?? to,
    cc: take('cc'),
    replyTo: take('reply-to'),
    subject: take('subject') ?? oneLine(rendering.text('headers.Subject', defaultSubject)),
    messageId,
    date: new Date(nowMs),
    inReplyTo: take('in-reply-to') ?? thread?.inReplyTo,
    references: take('references') ?? thread?.references,
  };
  const own = [...given.values()].map(({ name, value }) => ({ key: name, value }));
  // RFC 3834: so that nobody's out-of-office answers.
  const automatic = given.has('auto-submitted') ? [] : [{ key: 'Auto-Submitted', value: 'auto-generated' }];
  return { mail: { ...message, headers: [...automatic, ...own], ...mailBodies(config, rendering) }, handle: thread?.handle };
}
