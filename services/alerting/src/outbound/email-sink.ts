// Mail by SMTP (nodemailer).
import { createTransport } from 'nodemailer';
import type { GlobalConfig } from '../domain/config/global.ts';
import type { EmailConfig } from '../domain/config/receivers.ts';
import type { TemplateSet } from '../domain/template/template-set.ts';
import type { Clock, NotificationDoc, Sink } from '../ports.ts';
import { emailMessage } from './email-sink-message.ts';
import { mailFault, serverOptions, serverText } from './email-sink-server.ts';
import { answering, SinkFault } from './sink-answer.ts';
import { renderingOf } from './sink-templates.ts';

const longestMs = 9_500;

/**
 * One mail to all addresses. The receipt is the server's answer, which mostly names the mail in its queue; addresses that it refused
 * while it took others are named there, as a second try would write to the others again.
 *
 * @param threads  whether mails of a group stand together where the integration does not say
 */
export function emailSink(
  config: EmailConfig,
  global: GlobalConfig,
  { templates, clock, threads }: { readonly templates: TemplateSet; readonly clock: Clock; readonly threads: boolean },
): Sink {
  return (notification) =>
    answering(async () => {
      const rendering = renderingOf(templates, JSON.parse(notification.doc) as NotificationDoc, clock());
      const { mail, handle } = emailMessage(config, global, rendering, notification, { nowMs: clock(), threads });
      const options = await serverOptions(config, global);
      const secrets = [options.auth?.pass ?? '', Buffer.from(options.auth?.pass ?? '').toString('base64')];
      const over = new AbortController();
      const timer = setTimeout(() => over.abort(), longestMs);
      const transport = createTransport(options);
      try {
        const { response, rejected } = await transport.sendMail({ ...mail, signal: over.signal });
        const refused = rejected.length === 0 ? '' : `; refused: ${rejected.join(', ')}`;
        return { sent: true, receipt: serverText(response, secrets) + refused, ...(handle !== undefined && { handle }) };
      } catch (error) {
        if (over.signal.aborted) throw new SinkFault(`the mail server: not done within ${longestMs} ms`, false);
        throw mailFault(error, secrets);
      } finally {
        clearTimeout(timer);
        transport.close();
      }
    });
}
