// The body of SendGrid's Mail Send about a group.
import type { SendgridConfig } from '../domain/config/more-receivers.ts';
import type { TakenNotification } from '../ports.ts';
import {
  defaultSubject,
  mailBodies,
  mailboxes,
  mailHeaders,
  type Mailbox,
  messageIdOf,
  oneLine,
  senderOf,
} from './mail-parts.ts';
import { mailThread } from './mail-thread.ts';
import { SinkFault } from './sink-answer.ts';
import { cutTo, type Rendering } from './sink-templates.ts';

/** SendGrid sets them, or other fields of the body do. */
export const reservedHeaders = [
  ...['x-sg-id', 'x-sg-eid', 'received', 'dkim-signature', 'content-type', 'content-transfer-encoding'],
  ...['to', 'from', 'subject', 'reply-to', 'cc', 'bcc'],
];

const mostRecipients = 1_000;
const mostCategory = 255;

interface Address {
  readonly email: string;
  readonly name?: string;
}

export interface SendgridMail {
  readonly personalizations: readonly { readonly to: readonly Address[] }[];
  readonly from: Address;
  readonly subject: string;
  readonly content: readonly { readonly type: 'text/plain' | 'text/html'; readonly value: string }[];
  readonly headers: Readonly<Record<string, string>>;
  readonly categories: readonly string[];
  readonly custom_args: Readonly<Record<string, string>>;
}

/** Both bodies are bounded, so that the mail is far below SendGrid's 30 MB. @throws SinkFault, permanent: SendGrid would refuse it */
export function sendgridMail(
  config: SendgridConfig,
  rendering: Rendering,
  notification: Pick<TakenNotification, 'id' | 'groupKey' | 'createdAtMs' | 'handle' | 'receiver'>,
): { mail: SendgridMail; handle: string | undefined } {
  const sender = senderOf(oneLine(rendering.needed('from', config.from ?? '')));
  const name = oneLine(rendering.text('from_name', config.from_name ?? '')) || sender.name;
  const subject = oneLine(rendering.text('subject', config.subject ?? defaultSubject, defaultSubject));
  const { id, receiver } = notification;
  const own = mailHeaders(config.headers, rendering);
  const messageId = own.get('message-id')?.value ?? messageIdOf(id, sender.address);
  const thread = mailThread(config.threading, notification, messageId, true);
  const headers = new Map([
    ['message-id', { name: 'Message-ID', value: messageId }],
    // RFC 3834: so that nobody's out-of-office answers.
    ['auto-submitted', { name: 'Auto-Submitted', value: 'auto-generated' }],
    ...(thread === undefined
      ? []
      : ([
          ['in-reply-to', { name: 'In-Reply-To', value: thread.inReplyTo }],
          ['references', { name: 'References', value: thread.references }],
        ] as const)),
    ...own,
  ]);
  const { text, html } = mailBodies(config, rendering);
  const content = [
    ...(text === undefined ? [] : [{ type: 'text/plain' as const, value: text }]),
    ...(html === undefined ? [] : [{ type: 'text/html' as const, value: html }]),
  ];
  const mail: SendgridMail = {
    personalizations: [{ to: recipients(oneLine(rendering.needed('to', config.to ?? ''))) }],
    from: addressOf({ ...sender, name }),
    // SendGrid refuses a mail without one, or without a body.
    subject: subject === '' ? 'Alerts' : subject,
    content: content.length === 0 ? [{ type: 'text/plain', value: subject === '' ? 'Alerts' : subject }] : content,
    headers: Object.fromEntries([...headers.values()].map(({ name: key, value }) => [key, asciiHeader(value)])),
    categories: [...new Set(['tmws', cutTo(receiver, mostCategory)])],
    custom_args: { tmws_notification: id },
  };
  return { mail, handle: thread?.handle };
}

/** Each once: SendGrid refuses a mail that names one twice. */
function recipients(text: string): Address[] {
  const byAddress = new Map(mailboxes('to', text).map((each) => [each.address.toLowerCase(), each]));
  if (byAddress.size > mostRecipients)
    throw new SinkFault(`to has ${byAddress.size} addresses; SendGrid takes ${mostRecipients} a mail`, true);
  return [...byAddress.values()].map(addressOf);
}

const addressOf = ({ name, address }: Mailbox): Address => (name === '' ? { email: address } : { email: address, name });

/** As RFC 2047 has it where it is not ASCII: SendGrid takes headers as they are. */
function asciiHeader(value: string): string {
  if (/^[ -~]*$/.test(value)) return value;
  const words = value.match(/.{1,14}/gsu) ?? [];
  return words.map((word) => `=?UTF-8?B?${Buffer.from(word).toString('base64')}?=`).join(' ');
}
