// What mails are made of, however they are sent: addresses, headers and bodies out of templates. Nothing that is rendered can begin
// a header of its own.
import { SinkFault } from './sink-answer.ts';
import { cutTo, type Rendering } from './sink-templates.ts';

export const defaultSubject = '{{ template "email.default.subject" . }}';
const defaultText = '{{ template "email.default.text" . }}';
const defaultHtml = '{{ template "email.default.html" . }}';
/** Mail programs cut longer ones anyway, and servers refuse headers without end. */
const mostHeader = 2_000;
/** Of each body: servers commonly take 10 MB, readers far less. */
const mostBody = 500_000;

export interface Mailbox {
  /** '' = none. */
  readonly name: string;
  readonly address: string;
}

/** What does not fit is counted in the text; what failed is told below it. A body that is empty is absent. */
export function mailBodies(
  config: { readonly html?: string | undefined; readonly text?: string | undefined },
  rendering: Rendering,
): { text?: string; html?: string } {
  const html = rendering.fitted('html', config.html ?? defaultHtml, defaultHtml, { most: mostBody, html: true });
  const text = rendering.fitted('text', config.text ?? defaultText, defaultText, { most: mostBody });
  // Also of the subject and the html.
  const whole = [text, ...rendering.faults].filter((part) => part !== '').join('\n');
  return { ...(whole === '' ? {} : { text: whole }), ...(html === '' ? {} : { html }) };
}

/** What `headers` says, by lower-case name. */
export function mailHeaders(
  headers: Readonly<Record<string, string>> | undefined,
  rendering: Rendering,
): Map<string, { name: string; value: string }> {
  return new Map(
    Object.entries(headers ?? {}).map(([name, template]) => {
      const key = name.toLowerCase();
      const fallback = key === 'subject' ? defaultSubject : '';
      return [key, { name, value: oneLine(rendering.text(`headers.${name}`, template, fallback)) }];
    }),
  );
}

/** The same notification is the same mail, whoever carries it. */
export const messageIdOf = (id: string, sender: string): string => `<${id}@${/@([\w.-]+)$/.exec(sender)?.[1] ?? 'tmws'}>`;

/** On one line, without control characters. */
export const oneLine = (text: string): string => cutTo(text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim(), mostHeader);

const address = '[^\\s<>@,;:"]+@[^\\s<>@,;:"]+';
const mailbox = new RegExp(`^(?:("[^"]*"|[^"<>@,;:]*)<(${address})>|(${address}))$`, 'u');

/** Each mailbox of a list. @throws SinkFault, permanent, if one is none */
export function mailboxes(field: string, text: string): Mailbox[] {
  const parts = text.match(/(?:"[^"]*"|[^",])+/gu) ?? [];
  const found = parts.flatMap((part): Mailbox[] => {
    const [, name = '', named, bare] = mailbox.exec(part.trim()) ?? [];
    const each = named ?? bare;
    return each === undefined ? [] : [{ name: name.trim().replace(/^"(.*)"$/u, '$1'), address: each }];
  });
  if (found.length > 0 && found.length === parts.length) return found;
  throw new SinkFault(
    `${field} must be addresses like "ann@example.org, ben@example.org" (got ${JSON.stringify(cutTo(text, 200))})`,
    true,
  );
}

/** The one who sends. @throws SinkFault, permanent */
export function senderOf(text: string): Mailbox {
  const [sender, ...others] = mailboxes('from', text);
  if (sender !== undefined && others.length === 0) return sender;
  throw new SinkFault(`from must be one address (got ${JSON.stringify(cutTo(text, 200))})`, true);
}
